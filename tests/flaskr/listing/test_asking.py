"""The rating queue on rows: nothing rated, missing or skipped is asked, and chance is even."""

from collections import Counter

import numpy as np
import pytest

from flaskr.embeddings.store import Matrix
from flaskr.feedback import ratings
from flaskr.listing import asking


def ask(module, number=0, seed=3, skipped=()):
    return asking.question(module, seed=seed, number=number, skipped=skipped)


@pytest.fixture
def vectors(monkeypatch):
    """vectors(ids, rows): the embeddings that the module has."""
    def give(ids, rows):
        monkeypatch.setattr(asking, "matrix", lambda module: Matrix(np.array(ids), np.array(rows, np.float16), "space"))
    give([], np.zeros((0, 4)))
    return give


def test_without_vectors_and_predictions_it_asks_by_chance(fill, music, vectors):
    known = fill([{} for _ in range(30)])
    asked = Counter()
    for seed in range(300):
        found = ask(music, seed=seed)
        assert (found.kind, found.rated, found.open) == ("random", 0, 30)
        asked[found.item.id] += 1
    assert set(asked) == set(known) and max(asked.values()) < 30
    assert ask(music).item.id == ask(music).item.id


def test_what_is_rated_missing_or_skipped_is_not_asked(fill, music, vectors):
    known = fill([{"missing": at == 2} for at in range(5)])
    ratings.rate(music, known[1], 5)
    seen = {ask(music, number, skipped=[known[0]]).item.id for number in range(60)}
    assert seen == {known[3], known[4]}
    last = ask(music, skipped=[known[0], known[3], known[4]])
    assert last.item is None and last.rated == 1


def test_kinds_as_they_can_be_asked(fill, music, vectors):
    known = fill([{"prediction": 9.0 if at < 30 else 3.0, "spread": 1.0} for at in range(400)])
    rows = np.eye(4)[np.array([0] * 300 + [1] * 100)]
    assert {ask(music, number).kind for number in range(20)} == {"promising", "random"}
    vectors(known, rows)
    ratings.rate(music, known[0], 7)
    kinds = Counter()
    for number in range(20):
        found = ask(music, number)
        kinds[found.kind] += 1
        if found.kind == "promising":
            assert found.item.prediction == 9.0
        if found.kind == "typical":
            assert known.index(found.item.id) >= 300
    assert kinds == {"promising": 12, "typical": 5, "random": 3}


def test_a_large_library_is_asked_from_a_sample(fill, music, vectors, monkeypatch):
    known = fill([{} for _ in range(asking.SAMPLED + 200)])
    vectors(known, np.random.default_rng(0).standard_normal((len(known), 4)))
    sizes = []
    monkeypatch.setattr(asking.asking, "typical", lambda open_, covered: sizes.append((len(open_), len(covered))) or 0)
    assert ask(music, next(n for n in range(20) if asking.asking.kind_of(n, 3) != "random")).kind == "typical"
    assert sizes == [(asking.SAMPLED, 0)]


def test_two_are_close_or_by_chance_and_never_rated(fill, music):
    known = fill([{"prediction": at / 40, "spread": 1.0} for at in range(400)])
    ratings.rate(music, known[7], 5)
    firsts, apart = Counter(), {"close": [], "random": []}
    for number in range(80):
        found = asking.two(music, seed=1, number=number, skipped=known[:3])
        assert {found.item.id, found.other.id}.isdisjoint({*known[:3], known[7]}) and found.item.id != found.other.id
        apart[found.kind].append(abs(found.item.prediction - found.other.prediction))
        firsts[found.item.prediction > found.other.prediction] += 1
    assert len(apart["random"]) == 20 and max(apart["close"]) <= 0.55 and np.mean(apart["random"]) > 2
    assert 20 < firsts[True] < 60  # the side says nothing
    assert asking.two(music, seed=1, number=5).item.id == asking.two(music, seed=1, number=5).item.id


def test_no_two_without_predictions(fill, music):
    fill([{}, {}, {"prediction": 5.0, "spread": 1.0}])
    assert asking.two(music, seed=1, number=0).item is None


def test_again_asks_the_oldest_and_the_oddest_and_nothing_fresh(fill, music):
    week, now = asking.FORGOTTEN, 1e9
    known = fill([{"rating": 5.0, "rated_at": now - week - at, "prediction": 5.0 - at, "spread": 1.0} for at in range(4)]
                 + [{"rating": 5.0, "rated_at": now - week + 60}, {}])

    def ask_again(number, skipped=()):
        return asking.again(music, seed=0, number=number, skipped=skipped, now=now)
    assert (ask_again(0).item.id, ask_again(0).kind) == (known[3], "oldest")
    assert (ask_again(1, [known[3]]).item.id, ask_again(1).kind) == (known[2], "odd")
    assert ask_again(0).open == 4
    assert ask_again(0, known[:4]).item is None


def test_again_without_predictions_asks_the_oldest(fill, music):
    known = fill([{"rating": 5.0, "rated_at": 10.0 - at} for at in range(3)])
    assert (asking.again(music, seed=0, number=1).item.id, asking.again(music, seed=0, number=1).kind) == (known[2], "oldest")


def test_a_sample_stands_for_all_predictions(fill, music, monkeypatch):
    known = fill([{"prediction": 5.0, "spread": 1.0} if at % 2 else {} for at in range(20)])
    assert sorted(asking.sample(music)) == known[1::2]
    monkeypatch.setattr(asking, "LOOKED", 3)
    assert asking.sample(music) == asking.sample(music) and len(asking.sample(music)) == 3
