"""Single items for one person: the rating expected of them, why they are recommended, and what is like them."""

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import single
from flaskr.collaborative.saved import fit_and_save, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    data = people(80, 80, each=20)
    card = fit_and_save(data, folder, revision=7)
    return data, serving(folder), card


def rows_of(data, user):
    mine = data.user == user
    return data.item_ids[data.item[mine]].tolist(), data.rating[mine].tolist()


def test_the_card_keeps_what_is_told(served):
    assert served[2]["revision"] == 7 and served[1].card["revision"] == 7


def test_expected_ratings_are_those_of_the_recommendations(served):
    data, model, _ = served
    ids, ratings = rows_of(data, 3)
    picks = model.recommend(ids, ratings, 6)
    found = single.expected(model, ids, ratings, [*(pick.item for pick in picks), 10**9])
    assert found == {pick.item: pytest.approx(pick.rating) for pick in picks}
    assert len(single.expected(model, [], [], [picks[0].item])) == 1


def test_reasons_are_those_of_the_recommendations(served):
    data, model, _ = served
    ids, ratings = rows_of(data, 3)
    for pick in model.recommend(ids, ratings, 6):
        assert single.why(model, ids, ratings, pick.item) == pick.reasons
    assert single.why(model, ids, ratings, 10**9) == [] and single.why(model, [], [], ids[0]) == []
    assert ids[0] not in [reason.item for reason in single.why(model, ids, ratings, ids[0])]


def test_similar_items_are_others_of_several_stories(served):
    data, model, _ = served
    taste = model.model.taste
    for item in data.item_ids[:20].tolist():
        found = single.similar(model, item, 6)
        stories = taste.story[np.searchsorted(model.items.ids, found)]
        assert len(set(found)) == 6 and item not in found and np.bincount(stories).max() <= 2
    assert single.similar(model, 10**9, 6) == []


def test_similar_items_are_watched_by_the_same_people(served):
    data, model, _ = served
    seen = data.matrix().toarray()
    both = seen.T @ seen
    np.fill_diagonal(both, 0)
    like = [both[code, np.searchsorted(model.items.ids, single.similar(model, int(item), 6))].mean()
            for code, item in enumerate(data.item_ids)]
    assert np.mean(like) > 1.2 * both.mean()


def test_only_what_is_allowed_is_recommended(served):
    data, model, _ = served
    ids, ratings = rows_of(data, 3)
    allowed = [item for item in data.item_ids.tolist() if item % 3 == 0]
    found = [pick.item for pick in model.recommend(ids, ratings, 50, only=[*allowed, 10**9])]
    assert found and set(found) <= set(allowed) - set(ids)
    assert model.recommend(ids, ratings, 5, only=[]) == []
