import numpy as np
import pytest

from flaskr.evaluator import fit, kernels
from flaskr.evaluator.kernels import CANDIDATES, FLAT, LINEAR, NARROW, WIDE, Candidate, Geometry, one_thread, share

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
    linear = geometry.gram(LINEAR, rows).numpy()
    np.testing.assert_allclose(linear, A @ A.T / (A**2).sum(1).mean(), atol=1e-12)
    assert np.trace(linear) / 30 == pytest.approx(1)
    assert not geometry.gram(FLAT, rows).any()


def test_identical_rows_have_a_usable_geometry():
    geometry = Geometry.of(np.ones((4, 3), np.float32))
    assert (geometry.spread, geometry.width) == (1.0, 1.0)


def test_candidates_are_distinct_and_one_is_the_average():
    assert len(set(CANDIDATES)) == len(CANDIDATES)
    assert [c for c in CANDIDATES if c.kernel == FLAT] == [Candidate(FLAT, 1.0)]


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with pytest.raises(KeyError), one_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("rows", [1, 10_000])
def test_shared_work_comes_back_in_order(rows):
    with one_thread():
        assert list(share(lambda i: i * i, range(50), rows)) == [i * i for i in range(50)]
        with pytest.raises(ZeroDivisionError):
            list(share(lambda i: 1 // (3 - i), range(50), rows))


def test_how_many_threads_changes_no_digit(person, monkeypatch):
    X, y = person(420)
    shared = fit(X, y)
    monkeypatch.setattr(kernels, "WORKERS", 1)
    alone = fit(X, y)
    assert alone.report == shared.report
    np.testing.assert_array_equal(alone.predict(X), shared.predict(X))
