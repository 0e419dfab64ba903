"""The landmark path equals the closed form where landmarks are all rows, and a plain refit elsewhere."""

import numpy as np
import pytest

from flaskr.evaluator import choice, closed_form, large
from flaskr.evaluator.kernels import CANDIDATES, FLAT, LINEAR, Geometry
from flaskr.evaluator.predictor import together

torch = pytest.importorskip("torch")
BOUNDS = [0, 12, 24, 36, 48, 60]


@pytest.mark.parametrize("grouped", [False, True])
def test_with_every_row_a_landmark_it_is_the_closed_form(person, monkeypatch, grouped):
    monkeypatch.setattr(large, "BLOCK", 7)  # several blocks per fold
    monkeypatch.setattr(large, "JITTER", 1e-10)
    X, y = person(60)
    geometry = Geometry.of(X)
    monkeypatch.setattr(type(CANDIDATES[0]), "constant", property(lambda c: 10.0 if c.kernel == FLAT else 1000.0))
    ours, all_ours, solved = large.splits([X], y, BOUNDS, grouped, [geometry], CANDIDATES, 0, lambda part, ready: None)
    exact, all_exact, kept = closed_form.splits([X], y, BOUNDS, grouped, [geometry], CANDIDATES, 0, lambda part, ready: None)
    for a, b in zip([*ours, all_ours], [*exact, all_exact], strict=True):
        np.testing.assert_allclose(a.errors, b.errors, atol=1e-5)
        np.testing.assert_allclose(a.variances, b.variances, rtol=1e-5)
        np.testing.assert_allclose(a.evidence, b.evidence, atol=1e-3)
    chosen = choice.Choice(np.full(len(CANDIDATES), 1 / len(CANDIDATES)), np.ones(len(CANDIDATES)), 1.0)
    Z, _ = person(20, seed=5)
    for a, b in zip(together(large.finish(solved, chosen), [Z]), together(closed_form.finish(kept, chosen), [Z]),
                    strict=True):
        np.testing.assert_allclose(a, b, atol=5e-3)


def test_a_hidden_row_is_as_if_refitted_on_features(person, monkeypatch):
    monkeypatch.setattr(large, "LANDMARKS", 15)
    X, y = person(60)
    geometry = Geometry.of(X)
    found, whole, solved = large.splits([X], y, BOUNDS, False, [geometry], CANDIDATES, 0, lambda part, ready: None)
    rows = torch.from_numpy(X.astype(np.float64) - geometry.centre)
    t = y - 5
    for c, candidate in enumerate(CANDIDATES):
        if candidate.kernel == FLAT:
            continue
        features, _ = solved.kernels[0, candidate.kernel]
        F = (features(rows) @ features.white).numpy()
        own = 1.0 if candidate.kernel != LINEAR else (F[:, :-1] ** 2).sum(1)
        missing = np.maximum(own - (F[:, :-1] ** 2).sum(1), 0)
        for split, row in [(whole, 7), (found[1], 3), (found[1], 15), (found[4], 59)]:
            train = np.setdiff1d(split.rest(), [row]) if row in split.rest() else split.rest()
            A = F[train].T @ F[train] + candidate.shrinkage * np.eye(F.shape[1])
            error = t[row] - F[row] @ np.linalg.solve(A, F[train].T @ t[train])
            lever = F[row] @ np.linalg.solve(A, F[row])
            assert split.errors[c, row] == pytest.approx(error, abs=1e-6)
            assert split.variances[c, row] == pytest.approx(candidate.shrinkage * (1 + lever) + missing[row], rel=1e-5)
