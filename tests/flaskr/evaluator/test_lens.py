"""A lens leans towards what sets a library's items apart, and is saved with the evaluator."""

import numpy as np
import pytest

from flaskr.evaluator import fit, load
from flaskr.evaluator.lens import KEPT, Lens


def test_main_directions_count_more():
    rng = np.random.default_rng(0)
    library = (rng.normal(size=(500, 20)) * np.array([3.0] + [1.0] * 19)).astype(np.float32)
    lens = Lens.of(library, 0, 0)
    seen, before = lens(library).var(0), library.var(0)
    assert seen[0] / np.median(seen) == pytest.approx((before[0] / np.median(before)) ** 1.5, rel=0.15)
    assert np.corrcoef(np.abs(lens(library)[:, 0]), np.abs(library[:, 0]))[0, 1] > 0.99


def test_many_numbers_become_few_and_few_items_none():
    library = np.random.default_rng(0).normal(size=(300, 200)).astype(np.float32)
    assert Lens.of(library, 2, 0).turn.shape == (200, KEPT)
    assert Lens.of(library, 2, 0).space == 2
    assert Lens.of(library[:20], 0, 0) is None


def test_the_same_library_the_same_lens():
    library = np.random.default_rng(0).normal(size=(3000, 16)).astype(np.float32)
    np.testing.assert_array_equal(Lens.of(library, 0, 1).turn, Lens.of(library, 0, 1).turn)


def test_it_is_used_and_saved(person, tmp_path):
    library, y = person(400, seed=1)
    evaluator = fit(library[:80], y[:80], library=library)
    assert len(evaluator.lenses) == 1
    assert "smooth" in {kernel["kernel"] for kernel in evaluator.hyperparameters["kernels"]}
    assert evaluator.dim == 32
    evaluator.save(tmp_path / "one")
    again = load(tmp_path / "one")
    for a, b in zip(again.predict(library), evaluator.predict(library), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(again.outside(library), evaluator.outside(library))
    with pytest.raises(ValueError, match="embeddings of 32 numbers"):
        again.predict(np.zeros((2, 31), np.float32))
