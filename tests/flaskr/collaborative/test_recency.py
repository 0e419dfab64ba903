"""Old rows count less where tastes drift, and nothing changes where they don't, or where nobody knows the times."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import fit_ease
from flaskr.collaborative.ensemble import fit_ensemble
from flaskr.collaborative.evaluate import ranking, rating
from flaskr.collaborative.protocols import next_liked, some_ratings, without_times
from flaskr.collaborative.recency import fading
from flaskr.collaborative.sets import read_set, read_split
from flaskr.collaborative.taste import fit_taste

ITEMS, GROUPS, EACH, HIDDEN = 160, 8, 36, 6


def rows(drift, users=220, seed=0, choosy=1.0):
    """Lists (user, item, rating, day), oldest first: everybody likes two groups of items, and from day 500 on another two.
    choosy: how much oftener they watch what they like."""
    rng, found = np.random.default_rng(seed), []
    for user in range(users):
        order = rng.permutation(GROUPS)
        wish, later = np.where(order < 2, 1.5, -1.5), np.where((order >= 2) & (order < 4), 1.5, -1.5)
        days, new, seen = np.sort(rng.uniform(0, 1000, EACH)), later if drift else wish, set()
        for day in days:
            now = new if day > 500 else wish
            odds = np.exp(choosy * now[np.arange(ITEMS) % GROUPS])
            item = int(rng.choice(ITEMS, p=odds / odds.sum()))
            if item not in seen:
                found.append((user, item, int(np.clip(round(6.5 + 1.3 * now[item % GROUPS] + rng.normal()), 1, 10)), day))
            seen.add(item)
    return found


def write(folder, found, head="user_id,anime_id,rating,timestamp", form=lambda day: int(86400 * day) + 1_500_000_000):
    """train.csv and test.csv: the last rows of each user are hidden."""
    last = {}
    for place, row in enumerate(found):
        last.setdefault(row[0], []).append(place)
    hidden = {place for places in last.values() for place in places[-HIDDEN:]}
    for name in ("train", "test"):
        lines = [",".join(map(str, (*row[:3], form(row[3])))) for place, row in enumerate(found)
                 if (place in hidden) == (name == "test")]
        (folder / f"{name}.csv").write_text("\n".join([head, *lines]))
    return folder / "train.csv", folder / "test.csv"


@pytest.fixture(scope="module")
def drifted(tmp_path_factory):
    return read_split(*write(tmp_path_factory.mktemp("drift"), rows(True)), None, Counter())


def ndcg(model, split):
    return next(iter(ranking(model, split)))[1]


def rmse(model, split):
    return next(iter(rating(model, split)))[1]


def test_where_tastes_drift_a_half_life_is_learnt_and_wins(drifted, tmp_path):
    ease = fit_ease(drifted.train)
    assert 0 < ease.half_life < 1000
    assert ndcg(ease, drifted) > 2 * ndcg(replace(ease, half_life=0.0), drifted)
    titles = tmp_path / "anime.csv"
    titles.write_text("anime_id,name,genre\n" + "".join(f"{item},Tale {item},Genre {item % GROUPS}\n" for item in range(ITEMS)))
    mixed = read_split(*write(tmp_path, rows(True, choosy=0.3)), titles, Counter())
    taste = fit_taste(mixed.train)
    assert 0 < taste.half_life < 1000
    assert rmse(taste, mixed) < rmse(replace(taste, half_life=0.0), mixed) - 0.08


def test_the_ensemble_gains_too(drifted):
    timed, timeless = (ndcg(fit_ensemble(split.train), split) for split in (drifted, without_times(drifted)))
    assert timed > timeless + 0.05


def test_where_they_do_not_drift_there_is_none(tmp_path):
    still = read_split(*write(tmp_path, rows(False)), None, Counter())
    assert still.train.time is not None and fit_ease(still.train).half_life == fit_taste(still.train).half_life == 0


def test_without_the_column_nothing_changes(drifted, tmp_path):
    found = rows(True)
    plain = read_split(*write(tmp_path, found, head="user_id,anime_id,rating,note"), None, Counter())
    assert plain.data.time is None and np.array_equal(plain.held, drifted.held)
    ease = fit_ease(plain.train)
    assert ease.half_life == 0 and np.array_equal(ease.weights.toarray(), fit_ease(drifted.train).weights.toarray())
    assert read_set(tmp_path / "train.csv", None, Counter()).time is None  # the protocols hide rows of any time


def test_times_matter_only_if_the_hidden_rows_came_last(tmp_path):
    found = rows(True, users=40)
    np.random.default_rng(3).shuffle(found)
    split = read_split(*write(tmp_path, found), None, Counter())
    assert split.data.time is None and split.train.time is None


def test_dates_seconds_milliseconds_and_rubbish(tmp_path):
    (tmp_path / "train.csv").write_bytes(b"user_id,anime_id,rating,date\n1,1,8,2020-01-01\n1,2,7,2020-01-11 23:00:00\n"
                                         b"1,3,7,1580000000\n1,4,7,1580000000000\n1,5,7,\xff\xfe\n1,6,7,2020-13-45\n1,7,7,\n")
    (tmp_path / "test.csv").write_text("user_id,anime_id,rating,date\n1,8,8,2021-01-01T10:00\n")
    split = read_split(tmp_path / "train.csv", tmp_path / "test.csv", None, Counter())
    days = np.array([18262, 18272, 1580000000 / 86400, 1580000000 / 86400, np.nan, np.nan, np.nan, 18628])
    np.testing.assert_allclose(split.data.time, days)
    count = fading(split.train, 10.0)
    assert count[4:].tolist() == [1, 1, 1] and count[2] == count[3] == 1 and count[0] < count[1] < 1


def test_the_newest_are_hidden_where_times_matter(drifted):
    data = drifted.data
    for split in (next_liked(data), some_ratings(data)):
        user = split.users[0]
        hidden = split.held[data.user[split.held] == user]
        kept = np.setdiff1d(np.flatnonzero((data.user == user) & (data.rating >= 8)), hidden)
        assert len(hidden) and data.time[hidden].min() > data.time[kept].max()


def test_only_new_people_in_the_hidden_rows(tmp_path):
    (tmp_path / "train.csv").write_text("user_id,anime_id,rating,date\n1,1,8,2020-01-01\n")
    (tmp_path / "test.csv").write_text("user_id,anime_id,rating,date\n2,1,8,2021-01-01\n")
    assert read_split(tmp_path / "train.csv", tmp_path / "test.csv", None, Counter()).data.time is None


def test_nobody_and_one_row_fade_without_a_warning():
    none = Ratings(*(np.empty(0, kind) for kind in (np.int32, np.int32, np.float32)), np.arange(1), np.arange(3),
                   time=np.empty(0))
    assert len(fading(none, 5.0)) == 0
    one = replace(none, user=np.zeros(1, np.int32), item=np.ones(1, np.int32), rating=np.ones(1, np.float32),
                  time=np.array([7.0]))
    assert fading(one, 5.0).tolist() == [1] and fading(replace(one, time=None), 5.0) == 1
