"""Guesses without the row's own fold: as if that fold had never been rated."""

import numpy as np
import pytest

from flaskr.evaluator.blind import blind, learnable, places
from flaskr.evaluator.fit import fit


def test_the_ratings_of_a_fold_change_nothing_in_it(person):
    X, y = person(60)
    place = places(np.arange(60))
    before = blind(X, y, place, units=np.arange(60))
    other = y.copy()
    other[place == 3] = 10 - other[place == 3]
    after = blind(X, other, place, units=np.arange(60))
    assert after.mean[place == 3] == pytest.approx(before.mean[place == 3], abs=1e-6)
    assert after.spread[place == 3] == pytest.approx(before.spread[place == 3], abs=1e-6)
    assert not np.allclose(after.mean[place != 3], before.mean[place != 3])


def test_it_guesses_what_fit_would_from_the_other_folds(person):
    X, y = person(80, signal=2.5)
    place = places(np.arange(80))
    found = blind(X, y, place, units=np.arange(80))
    for fold in (0, 4):
        mean, _ = fit(X[place != fold], y[place != fold]).predict(X[place == fold])
        assert np.corrcoef(mean, found.mean[place == fold])[0, 1] > 0.95
        assert found.centre[place == fold] == pytest.approx(y[place != fold].mean())


def test_folds_keep_units_together_and_few_units_stand_alone():
    units = np.repeat(np.arange(30), 3)
    place = places(units)
    assert all(len(set(place[units == unit])) == 1 for unit in range(30)) and len(set(place)) == 10
    assert sorted(places(np.arange(6))) == list(range(6))


def test_what_can_not_be_learned_from():
    y = np.array([1.0, 2, 3, 4, 5])
    assert learnable(y, np.arange(5))
    assert not learnable(y[:4], np.arange(4)) and not learnable(np.full(5, 3.0), np.arange(5))
    assert not learnable(y, np.array([0, 0, 0, 1, 2]))
