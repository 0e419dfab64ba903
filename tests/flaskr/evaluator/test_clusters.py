"""Groups of alike items: the true heaps are found, typical ones stand first, odd libraries don't break them."""

import numpy as np

from flaskr.evaluator import clusters


def heaps(count=4, each=50, dim=16, seed=0):
    """(unit rows float32, heap of each) around `count` directions."""
    rng = np.random.default_rng(seed)
    heap = np.repeat(np.arange(count), each)
    rows = np.eye(dim)[heap] + 0.1 * rng.standard_normal((len(heap), dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), heap


def test_true_heaps_are_found():
    rows, heap = heaps()
    middles = clusters.centres(rows, count=4)
    group, far = clusters.nearest_centre(rows.astype(np.float16), middles)
    for one in range(4):
        assert len(set(group[heap == one])) == 1
    assert len(set(group)) == 4 and far.max() < 0.6


def test_the_same_seed_gives_the_same_groups():
    rows, _ = heaps()
    assert np.array_equal(clusters.centres(rows, count=3, seed=5), clusters.centres(rows, count=3, seed=5))


def test_central_ones_are_the_nearest_and_missing_ones_are_minus_one():
    group, far = np.array([0, 0, 1, 0]), np.array([0.3, 0.1, 0.2, 0.2], np.float32)
    assert clusters.central(group, far, groups=2, count=3).tolist() == [[1, 3, 0], [2, -1, -1]]


def test_equal_items_make_one_group():
    rows = np.tile(np.eye(4, dtype=np.float32)[:1], (20, 1))
    assert len(clusters.centres(rows, count=5)) == 1


def test_the_amount_grows_with_the_library_and_stays_readable():
    assert [clusters.amount(items) for items in (2, 12, 72, 200, 10**6)] == [2, 3, 6, 10, 20]
