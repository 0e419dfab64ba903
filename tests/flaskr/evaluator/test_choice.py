import numpy as np
import pytest

from flaskr.evaluator.choice import NORMAL, Split, choose, conformal
from flaskr.evaluator.kernels import CANDIDATES

C = len(CANDIDATES)


def split_of(errors: np.ndarray) -> Split:
    return Split(errors, np.ones_like(errors), np.zeros(C), slice(0, 0))


def test_the_candidate_that_errs_least_is_believed():
    rng = np.random.default_rng(0)
    errors = rng.normal(size=(C, 80)) * 2
    errors[5] /= 4
    chosen = choose(split_of(errors), np.full(80, 5.0), False)
    assert chosen.weights[5] > 0.99
    assert chosen.weights.sum() == pytest.approx(1)


def test_what_errs_alike_is_believed_alike_but_the_average_more():
    errors = np.tile(np.random.default_rng(0).normal(size=20), (C, 1))
    chosen = choose(split_of(errors), np.full(20, 5.0), True)
    assert chosen.weights[0] > 3 * chosen.weights[1:].max() > 0


def test_rows_of_the_fold_are_not_looked_at():
    errors = np.random.default_rng(0).normal(size=(C, 40))
    y = np.full(40, 5.0)
    worse = errors.copy()
    worse[:, 10:20] *= 100
    a, b = (choose(Split(e, np.ones_like(e), np.zeros(C), slice(10, 20)), y, False) for e in (errors, worse))
    np.testing.assert_array_equal(a.weights, b.weights)
    assert a.factor == b.factor


def test_intervals_widen_to_what_was_seen():
    errors = np.random.default_rng(0).normal(size=(C, 500))
    heavy = np.sign(errors[0]) * np.where(np.arange(500) % 10 < 7, 0.05, 3.0)
    chosen = choose(split_of(np.tile(heavy, (C, 1))), np.full(500, 5.0), False)
    _, spread = chosen.guess(np.full(500, 5.0), np.tile(heavy, (C, 1)), np.ones((C, 500)))
    assert np.mean(np.abs(heavy) <= NORMAL * spread + 1e-9) >= 0.8


def test_conformal_is_the_rank_that_covers():
    assert conformal(np.arange(1.0, 10.0)) == 8
    assert conformal(np.arange(1.0, 4.0)) == 3  # too few for 80 %: the largest
    fresh = np.random.default_rng(0).exponential(size=(2000, 21))
    assert np.mean([row[-1] <= conformal(row[:-1]) for row in fresh]) == pytest.approx(17 / 21, abs=0.03)
