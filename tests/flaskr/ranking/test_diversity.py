"""spaced: the best keys, artists apart as far as the library allows, and no further."""

import numpy as np
import pytest

from flaskr.ranking import spaced
from flaskr.ranking.diversity import is_spaced


def brute_force(keys, group, count, before=(), gap=4):
    """The definition, word by word."""
    taken, played = [], list(before)
    while len(taken) < count:
        left = [i for i in np.argsort(-keys) if i not in taken and keys[i] > -np.inf]
        if not left:
            return taken
        for distance in range(gap, -1, -1):
            near = played[-distance:] if distance else []
            free = [i for i in left if group[i] < 0 or group[i] not in near]
            if free:
                break
        taken.append(int(free[0]))
        played.append(int(group[free[0]]))
    return taken


@pytest.mark.parametrize("artists", [1, 2, 4, 6, 20])
@pytest.mark.parametrize("seed", range(5))
def test_is_the_greedy_choice_at_every_pick(artists, seed):
    rng = np.random.default_rng(seed)
    keys, group = rng.normal(size=60), rng.integers(-1, artists, 60)
    keys[rng.random(60) < 0.1] = -np.inf
    before = rng.integers(-1, artists, 6).tolist()
    assert spaced(keys, group, 70, before=before) == brute_force(keys, group, 70, before)


def test_five_artists_of_equal_size_take_turns():
    group = np.repeat(np.arange(5), 8)
    picks = spaced(np.random.default_rng(1).normal(size=40), group, 40)
    assert sorted(picks) == list(range(40)) and is_spaced(group[picks].tolist())


def test_the_keys_are_left_as_they_were():
    keys = np.array([1.0, 3.0, 2.0])
    assert spaced(keys, np.array([0, 0, 1]), 3) == [1, 2, 0]
    assert keys.tolist() == [1, 3, 2]


def test_unknown_artists_are_free():
    assert spaced(np.array([3.0, 2.0, 1.0]), np.full(3, -1), 3) == [0, 1, 2]


def test_is_spaced_looks_back_from_its_start():
    assert is_spaced([1, 1, 2, 3, 4, 5], start=2)
    assert not is_spaced([1, 2, 3, 4, 1])
    assert is_spaced([1, 2, 3, 4, 5, 1, -1, -1])


def test_nothing_to_pick():
    assert spaced(np.empty(0), np.empty(0, int), 3) == []
    assert spaced(np.full(2, -np.inf), np.array([0, 1]), 3, before=[0, 1]) == []
