"""freshness recovers with time alone; habit rises with each finish, falls with each skip, and forgives."""

import numpy as np
import pytest

from flaskr.ranking import freshness, habit

DAY = 86_400.0


def test_recovers_by_its_half_life(now):
    fresh = freshness(np.array([now, now - 7 * DAY, now - 14 * DAY, now - 700 * DAY, np.nan]), now)
    assert fresh == pytest.approx([0, 0.5, 0.75, 1, 1], abs=1e-4)
    assert fresh.dtype == np.float32


def test_loved_songs_come_back_sooner(now):
    heard = np.full(3, now - 3 * DAY)
    disliked, middling, loved = freshness(heard, now, np.array([0, 5, 10]))
    assert disliked < middling < loved
    assert freshness(np.array([now - 3.5 * DAY]), now, 10.0) == pytest.approx(0.5, abs=1e-3)


def test_what_is_added_does_not_age_the_rest(now):
    """The public formula's fault: a rank of last_played changes when other songs come in."""
    old = np.array([now - 5 * DAY, now - 50 * DAY])
    with_new = np.concatenate([old, np.full(1000, np.nan)])
    np.testing.assert_array_equal(freshness(old, now), freshness(with_new, now)[:2])


def test_a_clock_that_was_changed_locks_nothing_out(now):
    fresh = freshness(np.array([now + 60, now + 3650 * DAY]), now)
    assert fresh[0] < 0.01 and fresh[1] > 0.99


def test_float32_columns_are_near_enough(now):
    exact = np.array([now - 1 * DAY, now - 9 * DAY, np.nan])
    assert freshness(exact.astype(np.float32), now) == pytest.approx(freshness(exact, now), abs=1e-3)


def test_a_half_life_of_nothing_is_refused(now):
    with pytest.raises(ValueError, match="half_life_days"):
        freshness(np.array([now]), now, half_life_days=0)


def test_habit_starts_where_the_public_formula_does():
    assert habit(np.array([0]), np.array([0])) == pytest.approx([0.7311], abs=1e-4)


def test_every_finish_raises_and_every_skip_lowers():
    finished, skipped = np.meshgrid(np.arange(60), np.arange(60), indexing="ij")
    table = habit(finished, skipped)
    assert (np.diff(table, axis=0) > 0).all()
    assert (np.diff(table, axis=1) < 0).all()
    assert table.min() > 0 and table.max() < 1


def test_mixed_plays_are_no_favourite_and_skips_no_burial():
    mixed, clean, skipped = habit(np.array([60, 20, 0]), np.array([40, 0, 60]))
    assert mixed < clean
    assert skipped > 0.05
