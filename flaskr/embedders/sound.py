"""The built-in sound embedder: classical descriptors, no weights to download."""

from dataclasses import replace

import numpy as np

from flaskr.embedders import sound_prior
from flaskr.embedders.base import Embedder
from flaskr.embedders.projection import Projection, fit
from flaskr.embedders.sound_features import BLOCKS, describe

ENOUGH = 50  # items before a library's own statistics are better than the constants
LARGEST = 60_000.0  # float16 holds 65,504


class SoundEmbedder(Embedder):
    """Mono windows (float32 [samples] at 22050 Hz) to timbre, dynamics, harmony and rhythm."""

    name = "sound-classical"
    version = 1
    takes = "sound"
    raw_dim = sum(length for length, _ in BLOCKS.values())
    dim = 128

    @property
    def weights(self) -> np.ndarray:
        """What each feature counts, float32 [raw_dim]: large blocks must not drown the small ones."""
        weights = [np.full(length, weight / length**0.25, np.float32) for length, weight in BLOCKS.values()]
        return np.concatenate(weights)

    def features(self, samples: list) -> np.ndarray:
        """Describe windows of one item, float32 [raw_dim]."""
        windows = [window for window in samples if len(window)]
        if not windows:
            raise ValueError("There is no sound to describe.")
        raw = np.concatenate(list(describe(windows).values()))
        return np.clip(np.nan_to_num(raw), -LARGEST, LARGEST).astype(np.float32)

    def fit_projection(self, raw: np.ndarray, *, seed: int = 0) -> Projection:
        """Fit on the library, or give the constants (fitted on none of it) while it has fewer than `ENOUGH` items."""
        prior = sound_prior.prior()
        if len(raw) < ENOUGH:
            return replace(prior, fitted_on=0)
        return fit(raw, dim=self.dim, weights=self.weights, prior=prior, seed=seed)
