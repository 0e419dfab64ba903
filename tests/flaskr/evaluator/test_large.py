"""The path for many ratings equals the closed form where all pairs are compared, and a plain refit on landmarks elsewhere."""

import numpy as np
import pytest

from flaskr.evaluator import choice, closed_form, large, ridges, steps
from flaskr.evaluator.kernels import CANDIDATES, FLAT, STRAIGHT, Geometry
from flaskr.evaluator.predictor import together
from flaskr.evaluator.rated import Rated

torch = pytest.importorskip("torch")
BOUNDS = [0, 12, 24, 36, 48, 60]


def told(part, ready):
    return None


@pytest.fixture
def exactly(monkeypatch):
    """Steps until nothing is left, on small blocks, the average as free as on the other path."""
    monkeypatch.setattr(ridges, "BLOCK", 7)
    monkeypatch.setattr(ridges, "JITTER", 1e-10)
    monkeypatch.setattr(steps, "BLOCK", 7)
    monkeypatch.setattr(steps, "NEAR", 1e-6)
    monkeypatch.setattr(type(CANDIDATES[0]), "constant", property(lambda c: 1000.0))


def test_it_is_the_closed_form(person, exactly):
    X, y = person(60)
    geometry, known = Geometry.of(X), Rated([X], y, BOUNDS, True)
    ours, all_ours, solved = large.splits(known, [geometry], CANDIDATES, 0, told)
    exact, all_exact, kept = closed_form.splits(known, [geometry], CANDIDATES, 0, told)
    for a, b in zip([*ours, all_ours], [*exact, all_exact], strict=True):
        np.testing.assert_allclose(a.errors, b.errors, atol=5e-3)
        np.testing.assert_allclose(a.variances, b.variances, rtol=2e-3)
    weights = np.full(len(CANDIDATES), 1 / len(CANDIDATES))
    chosen = choice.Choice(weights, np.ones(len(CANDIDATES)), 1.0)
    Z, _ = person(20, seed=5)
    for a, b in zip(together(large.finish(solved, chosen), [Z]), together(closed_form.finish(kept, chosen), [Z]),
                    strict=True):
        np.testing.assert_allclose(a, b, atol=2e-2)


def test_a_hidden_row_is_as_if_refitted(person, exactly):
    """Errors of similarities from all pairs, of coordinates from a plain ridge; variances from landmarks."""
    X, y = person(60)
    geometry, t = Geometry.of(X), y - 5
    found, whole, solved = large.splits(Rated([X], y, BOUNDS, False), [geometry], CANDIDATES, 0, told)
    rows = torch.from_numpy(X.astype(np.float64) - geometry.centre)
    place = np.repeat(np.arange(5), 12)
    for c, candidate in enumerate(CANDIDATES):
        if candidate.kernel == FLAT:
            continue
        K = geometry.gram(candidate.kernel, rows).numpy() + candidate.constant
        for split, row in [(whole, 7), (found[1], 3), (found[1], 15), (found[4], 59)]:
            train = np.setdiff1d(split.rest(), np.flatnonzero(place == place[row]))
            alpha = np.linalg.solve(K[np.ix_(train, train)] + candidate.shrinkage * np.eye(len(train)), t[train])
            assert split.errors[c, row] == pytest.approx(t[row] - K[row, train] @ alpha, abs=5e-3)


def test_variances_come_from_landmarks(person, monkeypatch):
    monkeypatch.setattr(large, "LANDMARKS", 15)
    X, y = person(60)
    geometry = Geometry.of(X)
    found, whole, solved = large.splits(Rated([X], y, BOUNDS, False), [geometry], CANDIDATES, 0, told)
    rows, place = torch.from_numpy(X.astype(np.float64) - geometry.centre), np.repeat(np.arange(5), 12)
    for c, candidate in enumerate(CANDIDATES):
        if candidate.kernel == FLAT:
            continue
        features, _ = solved.kernels[0, candidate.kernel]
        F = (features(rows) @ features.white).numpy()
        missing = 0 if candidate.kernel in STRAIGHT else np.maximum(1 - (F[:, :-1] ** 2).sum(1), 0)[7]
        train = place != place[7]
        lever = F[7] @ np.linalg.solve(F[train].T @ F[train] + candidate.shrinkage * np.eye(F.shape[1]), F[7])
        assert whole.variances[c, 7] == pytest.approx(candidate.shrinkage * (1 + lever) + missing, rel=1e-5)


def test_of_very_many_ratings_a_sample_is_compared(person, monkeypatch):
    X, y = person(400, noise=0.5)
    whole = large_fit(X[:300], y[:300], X[300:])
    monkeypatch.setattr(large, "MOST", 200)
    part = large_fit(X[:300], y[:300], X[300:])
    assert np.corrcoef(whole, part)[0, 1] > 0.9


def large_fit(X, y, new):
    geometry, bounds = Geometry.of(X), [0, 60, 120, 180, 240, 300]
    _, whole, solved = large.splits(Rated([X], y, bounds, False), [geometry], CANDIDATES, 0, told)
    assert np.isfinite(whole.errors).all()
    assert np.abs(whole.errors).mean() < 2
    return together(large.finish(solved, choice.choose(whole, y, True)), [new])[0]


def test_steps_solve_every_system(person):
    X, y = person(80)
    A = torch.from_numpy(X)
    K = torch.exp(-torch.cdist(A, A) ** 2)
    place = torch.arange(80) % 4
    kept = [[0, 1, 2, 3], [1, 2, 3], [0, 3]]
    mask = torch.stack([torch.isin(place, torch.tensor(folds)) for folds in kept], 1).float()
    a, s = torch.tensor([5.0, 7.0, 12.0]), torch.tensor([0.1, 0.5, 2.5])
    system = steps.System(K, mask, a, s)
    t = torch.from_numpy(y).float() - 5
    V = steps.solve(system, steps.Guide(system, place, kept), t[:, None] * mask)
    for j in range(3):
        rows = mask[:, j] > 0
        G = K[rows][:, rows] + a[j] + s[j] * torch.eye(int(rows.sum()))
        exact = torch.linalg.solve(G.double(), t[rows].double())
        assert (K[:, rows].double() @ (V[rows, j].double() - exact)).abs().max() < 0.02
        assert not V[~rows, j].any()


def test_steps_stay_finite_where_rounding_has_the_upper_hand(person):
    X, y = person(80)
    K = torch.ones(80, 80)
    system = steps.System(K, torch.ones(80, 1), torch.tensor([5e4]), torch.tensor([1e-4]))
    t = torch.from_numpy(y).float()
    V = steps.solve(system, steps.Guide(system, torch.zeros(80, dtype=int), [[0]]), t[:, None])
    assert torch.isfinite(V).all()
