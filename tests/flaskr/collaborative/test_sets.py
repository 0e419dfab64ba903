"""Ratings sets of somebody else: any scale and ids, told in their own points; what is broken is counted, nothing crashes."""

import json
from collections import Counter

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import leaderboard, metrics, protocols, sets

TITLES = ("anime_id,name,genre,type,episodes,rating,members\n"
          "100,Tale One,\"Action, Drama\",TV,Unknown,7.5,\n101,,A|B,,12,,9\nx,y\n")


@pytest.fixture(scope="module")
def some():
    """Rows (user, item, rating) of 40 generated people."""
    data = people(40, 60, each=24)
    return list(zip(data.user_ids[data.user].tolist(), data.item_ids[data.item].tolist(), data.rating.tolist(), strict=True))


@pytest.fixture
def measure(tmp_path):
    """measure(rows, titles, test): the leaderboard on files of these rows."""
    def write(name, rows):
        path = tmp_path / name
        path.write_text("user_id,anime_id,rating\n" + "".join(f"{user},{item},{rating:g}\n" for user, item, rating in rows))
        return path

    def go(rows, titles=None, test=None):
        known = tmp_path / "anime.csv" if titles else None
        if known:
            known.write_text(titles)
        bad = Counter()
        train = write("train.csv", rows)
        data = sets.read_split(train, write("test.csv", test), known, bad) if test else sets.read_set(train, known, bad)
        told = leaderboard.measured(data)
        json.dumps(told, allow_nan=False)
        assert len(list(leaderboard.lines(told))) > 3
        return told, bad
    return go


CASES = {
    "half stars": lambda user, item, rating: (user, item, rating / 2 if rating > 0 else 2.5),
    "a hundred": lambda user, item, rating: (user, item, 10 * rating if rating > 0 else -1),
    "few items": lambda user, item, rating: (user, item % 4, rating),
    "large ids": lambda user, item, rating: (10**14 + user, 9 * 10**14 - item, rating),
    "all the same": lambda user, item, rating: (user, item, 5),
    "nothing rated": lambda user, item, rating: (user, item, -1),
    "one person": lambda user, item, rating: (1, item, rating)}


@pytest.mark.parametrize("name", CASES)
def test_a_given_split_of_any_kind_is_measured(measure, some, name):
    rows = [CASES[name](*row) for row in some]
    rng = np.random.default_rng(3)
    rows = [rows[place] for place in rng.permutation(len(rows))]
    cut = len(rows) * 4 // 5
    strangers = [(999_999, rows[0][1], 5), (rows[0][0], 888_888, 4), (777_777, 888_889, 3)]
    told, _ = measure(rows[:cut] + rows[:20], TITLES if name in ("half stars", "few items") else None, rows[cut:] + strangers)
    ours = told["models"]["ensemble"]
    assert {"random", "popularity", "site score", "nmf", "ease"} <= set(told["models"]) and "ndcg10" in ours
    if name not in ("nothing rated", "all the same"):
        assert told["models"]["bias"]["rmse"] > 0 and ours["rmse"] < 1.25 * told["models"]["bias"]["rmse"]


def test_errors_are_told_in_points_of_the_set(measure, some):
    cut = len(some) * 4 // 5
    rmse = {}
    for unit in (0.5, 1, 10):
        rows = [(user, item, unit * rating if rating > 0 else -1) for user, item, rating in some]
        told, _ = measure(rows[:cut], None, rows[cut:])
        rmse[unit] = told["models"]["ensemble"]["rmse"]
        assert told["data"]["scale"][1] == 10 * unit
    assert rmse[0.5] == pytest.approx(rmse[1] / 2, rel=0.01) and rmse[10] == pytest.approx(10 * rmse[1], rel=0.01)


def test_without_a_test_file_the_protocols_hide_rows(measure, some):
    told, _ = measure(some)
    assert told["protocols"] == ["P1", "P2", "P3"] and told["seeds"]["P2"] == 1002
    gap, low, high, p = told["models"]["random"]["ensemble_gap"]["ndcg10"]
    assert low <= gap <= high and gap > 0 and 0 < p <= 1


def test_a_small_set_is_measured_on_people_with_less(some):
    few = people(30, 60, each=8)
    assert protocols.enough(people(300, 120)) == 20 and protocols.enough(few) < 20
    assert len(protocols.next_liked(few, many=protocols.enough(few)).held)


def test_what_can_t_be_used_is_counted_or_named(tmp_path):
    path, bad = tmp_path / "r.csv", Counter()
    path.write_text("user_id,anime_id,rating\n1,2,7\n1,3,-5\n1,x,4\n1,4,nan\n1,2,9\n")
    data = sets.read_set(path, None, bad)
    assert data.rating.tolist() == [9] and bad[sets.LEFT_OUT] == 1 and bad["without three numbers"] == 2
    path.write_text("user_id,anime_id,rating\n1,3,-5\n")
    with pytest.raises(sets.NotATable, match="no ratings"):
        sets.read_set(path, None, Counter())
    path.write_text("user,item,rating\n1,3,5\n")
    with pytest.raises(sets.NotATable, match="user_id"):
        sets.read_set(path, None, Counter())


def test_among_equals_a_hit_stands_in_the_middle():
    found = metrics.ranking(np.zeros((1, 101), np.float32), [np.array([5])], np.ones(101))
    assert found["mrr"][0] == pytest.approx(1 / 51)
    low = metrics.ranking(np.array([[3.0, 2, -np.inf]]), [np.array([2])], np.ones(3))
    assert low["mrr"][0] == 0 and low["ndcg10"][0] == 0


def test_pairs_of_different_ratings_in_the_right_order():
    score, rating, user = np.array([1.0, 2, 2, 5, 5]), np.array([3.0, 7, 9, 4, 4]), np.array([0, 0, 0, 1, 1])
    users, values = metrics.pairwise(score, rating, user)
    assert users.tolist() == [0] and values[0] == pytest.approx(2.5 / 3)
