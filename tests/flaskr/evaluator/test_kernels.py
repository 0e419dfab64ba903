import numpy as np
import pytest

from flaskr.evaluator.kernels import (
    CANDIDATES,
    FINE,
    FLAT,
    GRAPH,
    LINEAR,
    NARROW,
    ROUGH,
    WIDE,
    Candidate,
    Geometry,
    candidates,
)

torch = pytest.importorskip("torch")


def test_kernels_are_what_their_formulas_say(person):
    X, _ = person(30)
    geometry = Geometry.of(X)
    A = X.astype(np.float64) - X.mean(0, dtype=np.float64)
    distances = ((A[:, None] - A[None]) ** 2).sum(-1)
    assert geometry.width == pytest.approx(np.median(distances[np.triu_indices(30, 1)]))
    rows = torch.from_numpy(A)
    np.testing.assert_allclose(geometry.gram(WIDE, rows), np.exp(-distances / 2 / geometry.width), atol=1e-12)
    np.testing.assert_allclose(geometry.gram(NARROW, rows), np.exp(-2 * distances / geometry.width), atol=1e-12)
    np.testing.assert_allclose(geometry.gram(FINE, rows), np.exp(-8 * distances / geometry.width), atol=1e-12)
    np.testing.assert_allclose(geometry.gram(ROUGH, rows), np.exp(-np.sqrt(distances / geometry.width)), atol=1e-6)
    linear = geometry.gram(LINEAR, rows).numpy()
    np.testing.assert_allclose(linear, A @ A.T / (A**2).sum(1).mean(), atol=1e-12)
    assert np.trace(linear) / 30 == pytest.approx(1)
    assert not geometry.gram(FLAT, rows).any()


def test_identical_rows_have_a_usable_geometry():
    geometry = Geometry.of(np.ones((4, 3), np.float32))
    assert (geometry.spread, geometry.width) == (1.0, 1.0)


def test_candidates_are_distinct_and_one_is_the_average():
    assert len(set(CANDIDATES)) == len(CANDIDATES)
    assert [c for c in CANDIDATES if c.kernel == FLAT] == [Candidate(FLAT, 1.0)] == list(CANDIDATES[:1])
    two = candidates(2, graphs=[1])
    assert len(set(two)) == len(two) > 2 * len(CANDIDATES) - 1
    assert {c.space for c in two if c.kernel == GRAPH} == {1}
