"""One person's page: unseen, in order, of several stories, with ratings and reasons."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import order
from flaskr.collaborative.data import person
from flaskr.collaborative.ensemble import fit_ensemble
from flaskr.collaborative.reasons import among
from flaskr.collaborative.recommend import keys, recommend


@pytest.fixture(scope="module")
def data():
    return people()


@pytest.fixture(scope="module")
def model(data):
    return fit_ensemble(data)


def test_a_page_is_unseen_spread_over_stories_and_explained(model, data):
    explained = 0
    for user in range(20):
        one = data.of_users(np.array([user]))
        page = recommend(model, one, 10)
        items = [pick.item for pick in page]
        assert len(set(items)) == 10 and not set(items) & set(one.item.tolist())
        assert max(np.unique(model.taste.story[items], return_counts=True)[1]) <= 2
        assert all(0 <= pick.rating <= 10 for pick in page)
        explained += sum(bool(pick.reasons) for pick in page)
    assert explained > 150


def test_a_page_of_one_story_each_can_be_asked_for(model, data):
    items = [pick.item for pick in recommend(model, data.of_users(np.array([3])), 10, most=1)]
    assert len(set(model.taste.story[items].tolist())) == 10


def test_of_two_equal_chances_the_better_liked_comes_first(model, data):
    one = data.of_users(np.flatnonzero(np.diff(data.starts) > 40)[:1])
    assert model.forest is not None
    rating = np.full((1, data.n_items), 7.0)
    first = int(keys(model, one, rating)[0].argmax())
    rating[0, first] = 0.5
    assert keys(model, one, rating)[0, first] < keys(model, one, np.full((1, data.n_items), 7.0))[0, first]


def test_somebody_unknown_gets_the_popular_ones_without_reasons(model, data):
    page = recommend(model, person([], [], data), 5, most=4)
    assert [pick.item for pick in page] == np.argsort(-model.popularity.likes, kind="stable")[:5].tolist()
    assert not any(pick.reasons for pick in page)


def test_fewer_are_left_than_asked_for(model, data):
    one = person(np.arange(data.n_items - 3), np.full(data.n_items - 3, 8.0), data)
    assert {pick.item for pick in recommend(model, one, 10)} == set(range(data.n_items - 3, data.n_items))


def test_without_trees_the_members_order(model, data):
    one = data.of_users(np.array([3]))
    bare = replace(model, forest=None, beginners=None)
    page = recommend(bare, one, 5, most=4)
    assert [pick.item for pick in page] == np.argsort(-bare.score(one)[0], kind="stable")[:5].tolist()


def test_the_quick_page_is_the_page_of_all():
    rng = np.random.default_rng(0)
    for stories in (3, 40, 2000):
        key, story = rng.normal(size=3000), rng.integers(0, stories, 3000)
        key[rng.random(3000) < 0.3] = -np.inf
        for count in (1, 10, 100):
            assert np.array_equal(order.page(key, story, count), order._paged(key, story, count, 2))


def test_a_dense_part_of_a_sparse_matrix(model):
    whole = model.ease.weights.toarray()
    rows, columns = np.array([3, 3, 0, 9]), np.array([5, 1, 7])
    assert np.array_equal(among(model.ease.weights, rows, columns), whole[np.ix_(rows, columns)])
    assert among(model.ease.weights, rows[:0], columns).shape == (0, 3)


def test_popularity_is_taken_back_as_far_as_was_learnt(model, data):
    one = data.of_users(np.flatnonzero(np.diff(data.starts) > 40)[:1])
    far = replace(model, forest=replace(model.forest, tail=5.0))
    usual, wide = (order.page(some.score(one)[0], model.taste.story, 10) for some in (model, far))
    assert model.facts.popularity[wide].mean() < model.facts.popularity[usual].mean()
