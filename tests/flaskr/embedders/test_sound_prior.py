"""The constants for small libraries: made of synthetic sounds, and in step with the features."""

import numpy as np
import pytest

from flaskr.embedders.sound import SoundEmbedder
from flaskr.embedders.sound_prior import COUNT, made_up


@pytest.mark.parametrize("seed", range(5))
def test_made_up_sounds_are_sounds(seed):
    sound = made_up(seed)
    assert sound.dtype == np.float32 and np.isfinite(sound).all() and 0.01 < np.abs(sound).max() < 1.1
    assert np.array_equal(sound, made_up(seed))


def test_the_stored_constants_fit_the_features_of_today():
    stored, embedder = SoundEmbedder().constants, SoundEmbedder()
    assert stored.mean.shape == (embedder.raw_dim,) and stored.basis.shape == (embedder.raw_dim, embedder.dim)
    assert stored.fitted_on == COUNT
    raw = np.array([embedder.features([made_up(seed)]) for seed in range(12)])
    scores = (raw - stored.mean) / stored.spread
    # features that changed after the constants were stored would lie far outside
    assert np.abs(np.median(scores, axis=0)).max() < 1.5
    assert np.abs(scores.mean(0)).mean() < 0.4 and 0.6 < np.median(scores.std(0)) < 1.4
