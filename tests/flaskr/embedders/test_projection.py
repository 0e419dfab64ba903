"""Fitting, storing and applying a projection, apart from what made the features."""

import time

import numpy as np
import pytest

from flaskr.embedders.projection import CLIP, LARGEST_FIT, Projection, fit


@pytest.fixture
def raw() -> np.ndarray:
    """400 items of 60 features that vary in 5 directions, and noise."""
    rng = np.random.default_rng(3)
    return (rng.normal(size=(400, 5)) @ rng.normal(size=(5, 60)) * 10 + rng.normal(size=(400, 60))).astype(np.float32)


def fitted(raw: np.ndarray, **options) -> Projection:
    return fit(raw, dim=16, weights=np.ones(raw.shape[1], np.float32), **options)


def test_what_is_near_stays_near(raw):
    vectors = fitted(raw).apply(raw)
    scaled = (raw - raw.mean(0)) / raw.std(0)
    near = ((scaled[:1] - scaled[1:]) ** 2).sum(1)
    assert vectors[0] @ vectors[1 + near.argmin()] > vectors[0] @ vectors[1 + near.argmax()] + 0.5


def test_the_first_directions_hold_most(raw):
    projection = fitted(raw)
    spread = ((raw - projection.mean) / projection.spread @ projection.basis).var(0)
    assert spread[:5].sum() > 0.9 * spread.sum() and (np.diff(spread) < 1e-3 * spread[0]).all()


def test_a_feature_without_weight_changes_nothing(raw):
    weights = np.ones(60, np.float32)
    weights[7] = 0
    projection = fit(raw, dim=16, weights=weights)
    other = raw.copy()
    other[:, 7] = 1e4
    assert np.allclose(projection.apply(raw), projection.apply(other), atol=1e-5)


def test_one_odd_value_moves_a_vector_only_so_far(raw):
    projection = fitted(raw)
    wild, wilder = raw[:1].copy(), raw[:1].copy()
    wild[0, 3], wilder[0, 3] = (projection.mean + (CLIP + 1) * projection.spread)[3], 6e4
    assert np.allclose(projection.apply(wild), projection.apply(wilder), atol=1e-5)


def test_one_odd_file_does_not_change_the_scale(raw):
    spoilt = raw.copy()
    spoilt[0] = 6e4
    assert np.allclose(fitted(spoilt).spread, fitted(raw).spread, rtol=0.1)


def test_a_feature_constant_in_the_library_is_not_blown_up(raw):
    prior = fitted(raw)
    constant = raw.copy()
    constant[:, 5] = 1 + 1e-6 * raw[:, 5]
    assert fitted(constant, prior=prior).spread[5] == pytest.approx(0.05 * prior.spread[5])


def test_a_small_library_gives_few_directions(raw):
    projection = fit(raw[:50], dim=50, weights=np.ones(60, np.float32))
    assert (projection.basis[:, 32:] == 0).all() and (projection.basis[:, :32] != 0).any(0).all()


def test_the_sample_of_a_large_library_depends_on_the_seed_alone():
    rng = np.random.default_rng(0)
    large = rng.normal(size=(LARGEST_FIT + 500, 40)).astype(np.float16)
    assert fitted(large).id == fitted(large).id != fitted(large, seed=1).id
    assert fitted(large).fitted_on == LARGEST_FIT + 500


@pytest.mark.slow
def test_a_hundred_thousand_items_are_fitted_in_seconds():
    large = np.random.default_rng(0).standard_normal((100_000, 300), np.float32).astype(np.float16)
    start = time.perf_counter()
    projection = fit(large, dim=128, weights=np.ones(300, np.float32))
    assert time.perf_counter() - start < 20
    assert projection.apply(large).shape == (100_000, 128)


def test_another_file_is_refused_by_name(tmp_path):
    path = tmp_path / "p.safetensors"
    path.write_bytes(b"not a projection")
    with pytest.raises(ValueError, match="p.safetensors"):
        Projection.load(path)
    with pytest.raises(FileNotFoundError):
        Projection.load(tmp_path / "none")


def test_a_file_of_other_arrays_is_refused(tmp_path):
    from safetensors.numpy import save_file

    save_file({"mean": np.zeros(3, np.float32)}, tmp_path / "p", metadata={"fitted_on": "3"})
    with pytest.raises(ValueError):
        Projection.load(tmp_path / "p")
