"""Nearest: exact, masked, ties by id, and calm about empty things."""

import numpy as np
import pytest

from flaskr.embeddings import store
from flaskr.embeddings.nearest import cosines, nearest
from flaskr.embeddings.store import Matrix


@pytest.fixture(params=[64 << 20, 0], ids=["small", "large"])
def held(request, monkeypatch):
    """A matrix that is small enough for a float32 copy, and one that is not."""
    monkeypatch.setattr(store, "WIDEST_BYTES", request.param)
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((40_000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Matrix(np.arange(0, 80_000, 2), vectors.astype(np.float16), "test")


def test_it_is_exact(held):
    query = held.vectors[17].astype(np.float32)
    ids, cosines = nearest(held, 3 * query, count=10)
    expected = np.argsort(-(held.vectors.astype(np.float32) @ query), kind="stable")[:10]
    assert ids.tolist() == held.ids[expected].tolist() and ids[0] == 34
    assert cosines[0] == pytest.approx(1, abs=2e-3) and (np.diff(cosines) <= 0).all()


def test_a_mask_is_kept(held):
    mask = np.zeros(len(held.ids), bool)
    mask[5:8] = True
    ids, _ = nearest(held, held.vectors[17].astype(np.float32), count=10, mask=mask)
    assert sorted(ids) == [10, 12, 14]


def test_a_small_mask_gives_few(held):
    mask = np.zeros(len(held.ids), bool)
    mask[3] = True
    assert nearest(held, np.ones(16), mask=mask)[0].tolist() == [6]


def test_cosines_are_of_every_row_and_nobody_elses(held):
    query = np.ones(16)
    first = cosines(held, query)
    assert np.allclose(first, held.vectors.astype(np.float64) @ query / 4, atol=1e-6)
    first[:] = 7
    assert np.abs(cosines(held, query)).max() < 1.01


def test_a_large_matrix_has_no_second_copy(held):
    nearest(held, np.ones(16))
    assert (held.wide is None) == (store.WIDEST_BYTES == 0)


def test_nothing_is_near_nothing(held):
    empty = Matrix(np.zeros(0, np.int64), np.zeros((0, 16), np.float16), "test")
    assert len(nearest(empty, np.ones(16))[0]) == 0
    assert len(nearest(held, np.zeros(16))[0]) == 0
    assert len(nearest(held, np.ones(16), mask=np.zeros(len(held.ids), bool))[0]) == 0


def test_rows_of_known_and_unknown_ids(held):
    found, rows = held.rows_of([4, 5, 10**9, 0])
    assert (found.tolist(), rows.tolist()) == ([0, 3], [2, 0])
