"""Which item to ask about next: the shares of the kinds, and what each kind picks."""

from collections import Counter

import numpy as np
import pytest

from flaskr.ranking import asking
from flaskr.ranking.explore import noise


@pytest.mark.parametrize("seed", [0, 7])
def test_of_twenty_questions_each_kind_has_its_share(seed):
    for block in range(3):
        kinds = Counter(asking.kind_of(number, seed) for number in range(20 * block, 20 * block + 20))
        assert kinds == {"promising": 12, "typical": 5, "random": 3}
    assert [asking.kind_of(n, seed) for n in range(20)] != [asking.kind_of(n, seed) for n in range(20, 40)]


def test_promising_is_high_or_unsure_and_predicted():
    mean, spread = np.full(1000, 5, np.float32), np.full(1000, 1, np.float32)
    mean[:25], spread[25:50] = 9, 5
    mean[900:] = np.nan
    picked = {asking.promising(mean, spread, noise(np.arange(1000), seed)) for seed in range(200)}
    assert max(picked) < 50 and len(picked) > 30
    assert asking.promising(np.full(3, np.nan), np.full(3, np.nan), noise(np.arange(3), 0)) is None


def test_typical_stands_in_the_largest_heap_that_nothing_rated_covers():
    rng = np.random.default_rng(0)
    centres = np.eye(8, dtype=np.float32)[:3]
    heap = np.repeat([0, 1, 2], [60, 30, 5])
    rows = centres[heap] + 0.1 * rng.standard_normal((95, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    nothing = np.zeros((0, 8), np.float32)
    assert heap[asking.typical(rows, nothing)] == 0
    assert heap[asking.typical(rows, centres[:1])] == 1
    assert heap[asking.typical(rows, centres[:2])] == 2
    assert heap[asking.typical(rows, nothing, heap == 2)] == heap[asking.typical(rows, centres[:1], heap == 2)] == 2
