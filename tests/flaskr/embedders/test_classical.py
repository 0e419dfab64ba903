"""What classical embedders share: weights per block, clipping, and constants that are written and read."""

from types import SimpleNamespace

import numpy as np
import pytest

from flaskr.embedders import PictureEmbedder, SoundEmbedder
from flaskr.embedders.classical import LARGEST, Classical
from flaskr.embedders.projection import Projection


class Levels(Classical):
    """Two blocks: the level, three times, and the spread."""

    name, version, takes, dim = "levels", 1, "levels", 3
    blocks = {"level": (3, 2.0), "spread": (1, 1.0)}
    evenness = 0.5
    prior = SimpleNamespace(COUNT=60, made_up=lambda seed: np.random.default_rng(seed).normal(seed, 1 + seed % 3, 50))
    lacking = "There is no level."

    def described(self, samples):
        return np.array([np.mean(samples)] * 3 + [np.std(samples)])


def test_blocks_give_the_length_and_the_weights():
    assert Levels.raw_dim == 4
    assert Levels().weights == pytest.approx([2 / 3**0.5] * 3 + [1])


def test_empty_samples_are_left_out_and_none_at_all_is_refused_in_its_words():
    assert Levels().features([np.zeros(0), np.ones(4)]) == pytest.approx([1, 1, 1, 0])
    with pytest.raises(ValueError, match="There is no level."):
        Levels().features([np.zeros(0)])


def test_features_fit_float16_whatever_was_measured():
    raw = Levels().features([np.array([1e9, 1e9])])
    assert raw.dtype == np.float32 and raw.max() == LARGEST
    assert np.isfinite(Levels().features([np.array([np.nan, 1.0])])).all()


def test_constants_are_made_of_made_up_samples(tmp_path):
    Levels().write_constants(tmp_path / "levels.safetensors")
    stored = Projection.load(tmp_path / "levels.safetensors")
    assert stored.fitted_on == 60 and stored.basis.shape == (4, 3) and 20 < stored.mean[0] < 40


@pytest.mark.parametrize("embedder", [SoundEmbedder(), PictureEmbedder()], ids=lambda one: one.name)
def test_stored_constants_are_read_once(embedder):
    assert embedder.constants is type(embedder)().constants and embedder.fit_projection(np.zeros((0, 1))).fitted_on == 0
