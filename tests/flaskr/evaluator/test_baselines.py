"""The rivals are played at full strength: each equals a plain refit on the same folds."""

import numpy as np
import pytest

from flaskr.evaluator import baselines, closed_form
from flaskr.evaluator.baselines import NEIGHBOURS
from flaskr.evaluator.kernels import CANDIDATES, Geometry
from flaskr.evaluator.rated import Rated

BOUNDS = [0, 10, 20, 30, 40]


def hidden(X, y):
    known = Rated([X], y, BOUNDS, False)
    return closed_form.splits(known, [Geometry.of(X)], CANDIDATES, 0, lambda part, ready: None)[0]


@pytest.fixture
def played(person):
    X, y = person(40, seed=2)
    found = hidden(X, y)
    return X, y, found


def test_the_average_is_that_of_the_training_rows(played):
    _, y, found = played
    guess = baselines.average(y, found)
    assert guess.mean[3] == pytest.approx(y[10:].mean())
    assert not guess.ordering().any()
    assert np.mean((y >= guess.low) & (y <= guess.high)) > 0.65


def test_neighbours_are_those_of_a_plain_search(played):
    X, y, found = played
    guess = baselines.nearest(X, y, found, grouped=False, seed=0)
    near = (X @ X.T).astype(float)
    np.fill_diagonal(near, -np.inf)
    for split in found:
        rest = split.rest()
        best = rest[np.argsort(-near[:, rest], axis=1)]
        means = np.stack([y[best[:, :k]].mean(1) for k in NEIGHBOURS])
        k = np.mean((means[:, rest] - y[rest]) ** 2, axis=1).argmin()
        np.testing.assert_allclose(guess.mean[split.fold], means[k, split.fold], atol=1e-12)


def test_the_median_is_that_of_the_training_rows(played):
    _, y, found = played
    assert baselines.median(y, found).mean[3] == np.median(y[10:])


def test_a_group_is_guessed_by_its_others():
    y = np.array([9.0, 9, 9, 1, 1, 1, 5])
    guess = baselines.of_group(y, np.array([0, 0, 0, 1, 1, 1, 2]))
    assert guess.mean[0] == pytest.approx((18 + 2 * 26 / 6) / 4)
    assert guess.mean[6] == pytest.approx(5)  # nothing else of its group: the others' average


def test_ridge_learns_a_line(person):
    X, _ = person(40)
    line = 5 + 3 * X[:, 0] - 2 * X[:, 1]
    found = hidden(X, line)
    error = np.abs(baselines.ridge(line, found).mean - line).mean()
    assert error < 0.6 * np.abs(line - line.mean()).mean()


def test_no_baseline_looks_at_the_hidden_fold(played):
    X, y, found = played
    other = y.copy()
    other[:10] = 10 - other[:10]
    again = hidden(X, other)
    for play in (baselines.average, baselines.ridge,
                 lambda y, splits: baselines.nearest(X, y, splits, grouped=False, seed=0)):
        np.testing.assert_allclose(play(y, found).mean[:10], play(other, again).mean[:10], atol=1e-8)
