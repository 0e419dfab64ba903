"""Every shortcut gives what refitting without the hidden rows gives."""

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.kernel_ridge import KernelRidge

from flaskr.evaluator import choice, closed_form, folds
from flaskr.evaluator.kernels import CANDIDATES, MIDDLE, NARROW, Geometry
from flaskr.evaluator.predictor import together
from flaskr.evaluator.rated import Rated

torch = pytest.importorskip("torch")


def split_all(X, y, bounds, grouped, geometry, interest=None):
    known = Rated([X], y, bounds, grouped, interest)
    return closed_form.splits(known, [geometry], CANDIDATES, 0, lambda part, ready: None)


def kernel_matrices(X, geometry):
    A = torch.from_numpy(X.astype(np.float64) - geometry.centre)
    return [geometry.gram(c.kernel, A).numpy() for c in CANDIDATES]


def refitted(K, candidate, t, train, test):
    """(mean, variance, log determinant, quadratic form) of rows `test` by a plain solve on rows `train`."""
    G = K + candidate.constant
    inner = G[np.ix_(train, train)] + candidate.shrinkage * np.eye(len(train))
    across = G[np.ix_(test, train)]
    alpha = np.linalg.solve(inner, t[train])
    variance = np.diag(G)[test] + candidate.shrinkage - (across * np.linalg.solve(inner, across.T).T).sum(1)
    return across @ alpha, variance, np.linalg.slogdet(inner)[1], t[train] @ alpha


@pytest.fixture
def small(person):
    X, y = person(24)
    y = y + np.random.default_rng(1).normal(size=24) * 0.01
    return X, y, [0, 6, 12, 18, 24], Geometry.of(X)


def test_hidden_folds_are_as_if_refitted(small):
    X, y, bounds, geometry = small
    found, _, _ = split_all(X, y, bounds, False, geometry)
    for c, (candidate, K) in enumerate(zip(CANDIDATES, kernel_matrices(X, geometry), strict=True)):
        for split in found:
            test, train = np.arange(24)[split.fold], split.rest()
            mean, variance, logdet, quadratic = refitted(K, candidate, y - MIDDLE, train, test)
            np.testing.assert_allclose(split.errors[c, test], (y - MIDDLE)[test] - mean, atol=1e-8)
            np.testing.assert_allclose(split.variances[c, test], variance, rtol=1e-8)
            assert split.evidence[c] == pytest.approx(
                choice.log_evidence(logdet, quadratic, len(train), candidate.shrinkage), abs=1e-7)


def test_single_rows_inside_a_training_set_are_as_if_refitted(small):
    X, y, bounds, geometry = small
    found, whole, _ = split_all(X, y, bounds, False, geometry)
    for c, (candidate, K) in enumerate(zip(CANDIDATES, kernel_matrices(X, geometry), strict=True)):
        for split in [*found, whole]:
            for row in split.rest()[::5]:
                train = np.setdiff1d(split.rest(), [row])
                mean, variance, *_ = refitted(K, candidate, y - MIDDLE, train, [row])
                assert split.errors[c, row] == pytest.approx(y[row] - MIDDLE - mean[0], abs=1e-8)
                assert split.variances[c, row] == pytest.approx(variance[0], rel=1e-8)


def test_with_groups_whole_folds_are_left_out_inside_too(small):
    X, y, bounds, geometry = small
    found, whole, _ = split_all(X, y, bounds, True, geometry)
    rows = [np.arange(a, b) for a, b in zip(bounds, bounds[1:], strict=False)]
    for c, (candidate, K) in enumerate(zip(CANDIDATES, kernel_matrices(X, geometry), strict=True)):
        for split, other in [(found[0], rows[2]), (found[3], rows[1]), (whole, rows[2])]:
            train = np.setdiff1d(split.rest(), other)
            mean, variance, *_ = refitted(K, candidate, y - MIDDLE, train, other)
            np.testing.assert_allclose(split.errors[c, other], (y - MIDDLE)[other] - mean, atol=1e-8)
            np.testing.assert_allclose(split.variances[c, other], variance, rtol=1e-8)


def test_a_candidate_is_the_gaussian_process_and_kernel_ridge_of_scikit_learn(small):
    X, y, _, geometry = small
    K = dict(zip(CANDIDATES, kernel_matrices(X, geometry), strict=True))
    candidate = next(c for c in CANDIDATES if c.kernel == NARROW and c.shrinkage == 0.5)
    train, test = np.arange(18), np.arange(18, 24)
    mean, variance, *_ = refitted(K[candidate], candidate, y - MIDDLE, train, test)
    kernel = RBF((geometry.width / 4) ** 0.5, "fixed") + ConstantKernel(candidate.constant, "fixed")
    process = GaussianProcessRegressor(kernel, alpha=candidate.shrinkage, optimizer=None)
    expected, sd = process.fit(X[train].astype(float), y[train] - MIDDLE).predict(X[test].astype(float), True)
    np.testing.assert_allclose(mean, expected, atol=1e-6)
    np.testing.assert_allclose(variance - candidate.shrinkage, sd**2, atol=1e-6)
    ridge = KernelRidge(alpha=candidate.shrinkage, kernel="precomputed")
    G = K[candidate] + candidate.constant
    ridge.fit(G[:18, :18], y[train] - MIDDLE)
    np.testing.assert_allclose(mean, ridge.predict(G[18:, :18]), atol=1e-8)


def test_interest_is_hidden_like_ratings(small):
    X, y, bounds, geometry = small
    interest = np.random.default_rng(2).normal(size=24)
    for grouped in (False, True):
        found, whole, _ = split_all(X, y, bounds, grouped, geometry, interest)
        alone, all_alone, _ = split_all(X, MIDDLE + interest, bounds, grouped, geometry)
        plain, *_ = split_all(X, y, bounds, grouped, geometry)
        for a, b, c in zip(found, alone, plain, strict=True):
            np.testing.assert_allclose(a.interest, b.errors, atol=1e-9)
            np.testing.assert_allclose(a.errors, c.errors, atol=1e-9)
            np.testing.assert_allclose(a.evidence, c.evidence)
        np.testing.assert_allclose(whole.interest, all_alone.errors, atol=1e-9)


@pytest.mark.parametrize("grouped", [False, True])
def test_no_hidden_rating_touches_what_is_chosen_or_guessed(person, grouped):
    X, y = person(60, seed=3)
    place = folds.assign(np.arange(60), 6, 0)
    order = np.argsort(place, kind="stable")
    X, y = X[order], y[order]
    bounds = np.searchsorted(place[order], np.arange(7)).tolist()
    geometry = Geometry.of(X)

    def hidden_fold(y):
        split = split_all(X, y, bounds, grouped, geometry, np.cos(np.arange(60.0)))[0][2]
        chosen = choice.choose(split, y, grouped)
        rows = split.fold
        return chosen, chosen.guess(y[rows], split, rows)

    other = y.copy()
    other[bounds[2]:bounds[3]] = 10 - other[bounds[2]:bounds[3]]
    (chosen, guess), (again, same) = hidden_fold(y), hidden_fold(other)
    np.testing.assert_allclose(chosen.weights, again.weights, atol=1e-9)
    np.testing.assert_allclose(chosen.scales, again.scales, rtol=1e-9)
    assert chosen.factor == pytest.approx(again.factor, rel=1e-9)
    assert (chosen.boldness, chosen.shift, chosen.slope) == pytest.approx((again.boldness, again.shift, again.slope), abs=1e-9)
    np.testing.assert_allclose(guess, same, atol=1e-8)
    other[0] = 10 - other[0]  # a rating of the training set does matter: the test can fail
    assert np.abs(hidden_fold(other)[1][0] - guess[0]).max() > 1e-4


def test_finish_is_the_weighted_sum_of_the_candidates(person):
    X, y = person(150, dim=16)
    Z, _ = person(40, seed=9, dim=16)
    geometry = Geometry.of(X)
    _, whole, solved = split_all(X, y, [0, 75, 150], False, geometry)
    weights = np.linspace(1, 3, len(CANDIDATES))
    chosen = choice.Choice(weights / weights.sum(), np.full(len(CANDIDATES), 0.7), 1.1, boldness=0.6, shift=0.3)
    both = np.concatenate([X, Z])
    mean, variance = np.full(40, MIDDLE), np.zeros(40)
    for c, (candidate, K) in enumerate(zip(CANDIDATES, kernel_matrices(both, geometry), strict=True)):
        m, v, *_ = refitted(K, candidate, y - MIDDLE, np.arange(150), np.arange(150, 190))
        mean += chosen.weights[c] * m
        variance += chosen.weights[c] * chosen.scales[c] * v
    got, spread = together(closed_form.finish(solved, chosen), [Z])
    average = MIDDLE + (y - MIDDLE).sum() / (150 + CANDIDATES[0].shrinkage / CANDIDATES[0].constant)
    np.testing.assert_allclose(got, np.clip(average + 0.6 * (mean - average) + 0.3, 0, 10), atol=2e-3)
    np.testing.assert_allclose(spread, 1.1 * np.sqrt(variance), rtol=0.03)
