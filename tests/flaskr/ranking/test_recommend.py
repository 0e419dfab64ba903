"""recommend and order: repeatable, exact, and sound in the small libraries where rankers go wrong."""

import sys

import numpy as np
import pytest

from flaskr.ranking import Candidates, order, recommend
from flaskr.ranking.diversity import is_spaced

DAY = 86_400.0


def test_same_seed_same_queue_other_seed_other_queue(large, now):
    one, again = (recommend(large, seed=7, now=now, count=30).ids for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert len(set(one.tolist()) & set(recommend(large, seed=8, now=now, count=30).ids.tolist())) < 15


def test_the_global_random_state_plays_no_part(large, now):
    np.random.seed(1)
    state = np.random.get_state()[1].copy()
    recommend(large, seed=7, now=now, count=5)
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("size", [400, 50_000])
def test_song_by_song_is_the_queue_at_once(large, now, size):
    c = large.take(np.arange(size))
    heard: list[int] = []
    for _ in range(25):
        heard += recommend(c, seed=3, now=now, count=1, recent=heard).ids.tolist()
    assert heard == recommend(c, seed=3, now=now, count=25).ids.tolist()


def test_a_seed_survives_reordering_and_other_artists_arrivals(library, now):
    rng = np.random.default_rng(2)
    ratings = rng.integers(1, 11, 300).astype(float)
    c = library(300, rating=ratings)
    shuffled = rng.permutation(300)
    np.testing.assert_array_equal(recommend(c, seed=5, now=now, count=20).ids,
                                  recommend(c.take(shuffled), seed=5, now=now, count=20).ids)
    grown = library(301, rating=np.append(ratings, 0.0))
    np.testing.assert_array_equal(recommend(c, seed=5, now=now, count=20, explore=0).ids,
                                  recommend(grown, seed=5, now=now, count=20, explore=0).ids)


def test_scoring_only_the_lucky_gives_the_same_picks(large, now, monkeypatch):
    queues = {}
    for few in (1_000, 10_000, 10**9):
        monkeypatch.setattr(sys.modules["flaskr.ranking.recommend"], "SCORED_FIRST", few)
        queues[few] = [recommend(large, seed=seed, now=now, count=25).ids.tolist() for seed in range(12)]
    assert queues[1_000] == queues[10_000] == queues[10**9]


def test_the_one_loved_song_is_found_however_unlucky(library, now):
    """Its noise is mostly not among the luckiest; scoring only those would miss it."""
    c = library(50_000, rating=np.where(np.arange(50_000) == 777, 10.0, 0.5))
    assert all(recommend(c, seed=seed, now=now, explore=0).ids.tolist() == [778] for seed in range(10))


def test_artists_are_sought_beyond_the_lucky(library, now):
    """All but a few songs are by one artist; the luckiest hold too few others to keep it apart."""
    group = np.where(np.arange(50_000) % 10_000 == 0, np.arange(50_000), 0)
    c = library(50_000, rating=10.0, finished=500, group=group)
    for seed in range(20):
        picks = recommend(c, seed=seed, now=now, count=4, explore=0)
        assert is_spaced(group[picks.index].tolist())


def test_a_library_heard_to_death_still_plays_by_its_keys(large, now, monkeypatch):
    """Every score is tiny, so the short cut can't be certain and all must be scored."""
    worn = Candidates(*[getattr(large, name) if name != "last_played" else np.full(len(large), now - 1.0)
                        for name in large.__dataclass_fields__])
    quick = recommend(worn, seed=1, now=now, count=10).ids
    monkeypatch.setattr(sys.modules["flaskr.ranking.recommend"], "SCORED_FIRST", 10**9)
    np.testing.assert_array_equal(quick, recommend(worn, seed=1, now=now, count=10).ids)


def test_first_picks_fall_in_proportion_to_the_score(library, now):
    c = library(3, rating=[4.0, 6.0, 8.0])
    firsts = [int(recommend(c, seed=seed, now=now, explore=0, focus=1).ids[0]) for seed in range(4000)]
    shares = np.bincount(firsts, minlength=4)[1:] / 4000
    assert shares == pytest.approx(np.array([16, 36, 64]) / 116, abs=0.03)


def test_factors_multiply_to_the_score(large, now):
    picks = recommend(large, seed=1, now=now, count=50)
    assert picks.score == pytest.approx(picks.draw**2 * picks.habit * picks.freshness, rel=1e-5)
    np.testing.assert_array_equal(large.id[picks.index], picks.ids)
    assert picks.ids.dtype == np.int64 and len(picks) == 50


def test_no_artist_twice_in_five(library, now):
    c = library(200, rating=7.0, group=np.arange(200) % 10)
    for seed in range(20):
        assert is_spaced(c.group[recommend(c, seed=seed, now=now, count=60).index].tolist())


def test_artists_are_kept_from_those_just_played(library, now):
    c = library(100, rating=7.0, group=np.arange(100) % 10)
    picks = [recommend(c, seed=seed, now=now, recent=[1, 2, 3, 4]) for seed in range(200)]
    assert not {0, 1, 2, 3} & {int(c.group[pick.index[0]]) for pick in picks}


def test_recent_ones_wait_until_the_rest_was_played(library, now):
    c = library(6, rating=[9.0, 9.0, 2.0, 2.0, 2.0, 2.0])
    queue = recommend(c, seed=1, now=now, count=6, recent=[2, 1, 99]).ids.tolist()
    assert sorted(queue[:4]) == [3, 4, 5, 6]
    assert queue[4:] == [2, 1], "heard longest ago first; an id that is gone is no trouble"
    assert recommend(c.take(np.arange(5, -1, -1)), seed=1, now=now, count=6, recent=[2, 1, 99]).ids.tolist() == queue


def test_a_zero_never_plays_while_anything_else_exists(library, now):
    c = library(50, rating=np.where(np.arange(50) == 0, 1.0, 0.0), last_played=now, skipped=30)
    assert recommend(c, seed=1, now=now, count=50).ids.tolist() == [1]
    assert recommend(c, seed=1, now=now, count=2, recent=[1]).ids.tolist() == [1]
    assert len(recommend(c.take(np.arange(1, 50)), seed=1, now=now, count=3)) == 3, "if all is refused, play something"


def test_the_empty_and_the_single_song_library(library, now):
    nothing = Candidates(*[[] for _ in range(9)])
    assert len(recommend(nothing, seed=1, now=now, count=5, recent=[1])) == 0
    assert len(order(nothing, now=now)) == len(order(nothing, now=now, seed=1)) == 0
    assert recommend(library(1), seed=1, now=now, count=5).ids.tolist() == [1]
    assert recommend(library(1), seed=1, now=now, count=5, recent=[1]).ids.tolist() == [1]
    assert len(recommend(library(3), seed=1, now=now, count=0)) == 0


def test_one_artist_all_skipped_or_clock_ahead_still_plays(library, now):
    for columns in ({"group": 3}, {"skipped": 1000}, {"last_played": now}, {"last_played": now + 9e8}):
        assert sorted(recommend(library(30, **columns), seed=1, now=now, count=30).ids) == list(range(1, 31))


@pytest.mark.parametrize(
    "setting", [{"count": -1}, {"focus": -1}, {"focus": np.inf}, {"explore": 2}, {"half_life_days": 0}])
def test_a_setting_out_of_range_is_refused(library, now, setting):
    with pytest.raises(ValueError):
        recommend(library(3), seed=1, now=now, **setting)


def test_order_is_best_belief_first_and_holds_everything(library, now):
    c = library(5, rating=[3, 9, np.nan, 0, 6], mean=[9, 1, 7.5, 9, 1])
    assert order(c, now=now).tolist() == [2, 3, 5, 1, 4]


def test_order_drops_nothing_for_having_been_heard(library, now):
    c = library(3, rating=[9.0, 7.0, 4.0], last_played=[now, np.nan, np.nan])
    assert order(c, now=now).tolist() == [2, 1, 3]


def test_order_counts_skips_and_keeps_ties_in_row_order(library, now):
    assert order(library(4, rating=7.0, skipped=[9, 0, 0, 0]), now=now).tolist() == [2, 3, 4, 1]


def test_order_agrees_with_a_plain_sort(large, now):
    ids = order(large, now=now)
    assert sorted(ids.tolist()) == large.id.tolist()
    rows = ids - 1
    unplayed = np.isnan(large.last_played[rows]) & (large.finished[rows] == 0) & (large.skipped[rows] == 0)
    rated = np.isfinite(large.rating[rows]) & unplayed
    assert (np.diff(large.rating[rows][rated]) <= 0).all() and rated.sum() > 100


def test_order_with_a_seed_is_one_draw_and_repeatable(large, now):
    one = order(large, now=now, seed=4)
    np.testing.assert_array_equal(one, order(large, now=now, seed=4))
    assert (one != order(large, now=now, seed=5)).mean() > 0.9
    assert sorted(one.tolist()) == large.id.tolist()


def test_scoring_block_by_block_changes_nothing(large, now, monkeypatch):
    whole = order(large, now=now, seed=4)
    monkeypatch.setattr(sys.modules["flaskr.ranking.recommend"], "BLOCK", 10**6)
    np.testing.assert_array_equal(whole, order(large, now=now, seed=4))
