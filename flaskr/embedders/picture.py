"""The built-in picture embedder: classical descriptors, no weights to download."""

from dataclasses import replace

import numpy as np

from flaskr.embedders import picture_prior
from flaskr.embedders.base import Embedder
from flaskr.embedders.picture_features import BLOCKS, describe
from flaskr.embedders.projection import Projection, fit

ENOUGH = 50  # items before a library's own statistics are better than the constants
LARGEST = 60_000.0  # float16 holds 65,504


class PictureEmbedder(Embedder):
    """Pictures (uint8 RGB [height, width, 3], best within 256 pixels) to colours, shapes, textures and layout.

    It knows how a picture looks, not what it shows. Of several pictures (frames) it gives the mean.
    """

    name = "picture-classical"
    version = 1
    takes = "picture"
    raw_dim = sum(length for length, _ in BLOCKS.values())
    dim = 96

    @property
    def weights(self) -> np.ndarray:
        """What each feature counts, float32 [raw_dim]: large blocks must not drown the small ones."""
        weights = [np.full(length, weight / length**0.5, np.float32) for length, weight in BLOCKS.values()]
        return np.concatenate(weights)

    def features(self, samples: list) -> np.ndarray:
        """Describe the pictures of one item, float32 [raw_dim]."""
        pictures = [picture for picture in samples if picture.size]
        if not pictures:
            raise ValueError("There is no picture to describe.")
        raw = np.mean([np.concatenate(list(describe(picture).values())) for picture in pictures], axis=0)
        return np.clip(np.nan_to_num(raw), -LARGEST, LARGEST).astype(np.float32)

    def fit_projection(self, raw: np.ndarray, *, seed: int = 0) -> Projection:
        """Fit on the library, or give the constants (fitted on none of it) while it has fewer than `ENOUGH` items."""
        prior = picture_prior.prior()
        if len(raw) < ENOUGH:
            return replace(prior, fitted_on=0)
        return fit(raw, dim=self.dim, weights=self.weights, prior=prior, seed=seed)
