"""The map keeps neighbours together, places new items beside what they resemble, and is the same each time."""

import numpy as np
import pytest

from flaskr.evaluator import mapping
from tests.flaskr.evaluator.test_clusters import heaps


def test_neighbours_stay_neighbours():
    rows, heap = heaps()
    at = mapping.plan(rows, len(rows)).at
    far = np.linalg.norm(at[:, None] - at[None], axis=2)
    np.fill_diagonal(far, np.inf)
    assert np.mean(heap[far.argmin(1)] == heap) > 0.95
    assert np.abs(at).max() <= 1


def test_what_is_no_landmark_lies_beside_its_like(monkeypatch):
    rows, heap = heaps(each=100)
    monkeypatch.setattr(mapping, "LANDMARKS", 120)
    made = mapping.plan(rows, len(rows))
    assert made.rows.shape == (120, 16)
    at, group, far = mapping.place(made, rows.astype(np.float16))
    middle = np.array([np.median(at[heap == one], axis=0) for one in range(4)])
    nearest = np.linalg.norm(at[:, None] - middle[None], axis=2).argmin(1)
    assert np.mean(nearest == heap) > 0.95
    assert group.dtype == np.uint8 and len(far) == len(rows)


def test_the_same_library_gives_the_same_map():
    rows, _ = heaps(each=10)
    assert np.array_equal(mapping.plan(rows, 40).at, mapping.plan(rows, 40).at)


@pytest.mark.parametrize("items", [mapping.LEAST, 13, 40])
def test_small_and_equal_libraries(items):
    same = np.tile(np.eye(4, dtype=np.float32)[:1], (items, 1))
    assert np.array_equal(mapping.plan(same, items).at, np.zeros((items, 2)))
    rows, _ = heaps(count=2, each=items)
    at, _, _ = mapping.place(mapping.plan(rows[:items], items), rows[:items])
    assert np.isfinite(at).all()
