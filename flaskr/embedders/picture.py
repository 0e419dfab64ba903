"""The built-in picture embedder: classical descriptors, no weights to download."""

import numpy as np

from flaskr.embedders import picture_look, picture_prior
from flaskr.embedders.classical import Classical
from flaskr.embedders.picture_features import BLOCKS, describe


class PictureEmbedder(Classical):
    """Pictures (uint8 RGB [height, width, 3], best within 256 pixels) to colours, shapes, textures and layout.

    It knows how a picture looks, not what it shows. Of several pictures (frames) it gives the mean.
    """

    name = "picture-classical"
    version = 1
    takes = "picture"
    blocks = BLOCKS
    evenness = 0.5
    dim = 96
    same = 0.75  # below it, the candidates for a second look would soon be the whole library
    prior = picture_prior
    lacking = "There is no picture to describe."

    def described(self, samples: list[np.ndarray]) -> np.ndarray:
        """The mean of the pictures' features, float32 [raw_dim]."""
        return np.mean([np.concatenate(list(describe(picture).values())) for picture in samples], axis=0)

    def look(self, samples: list) -> list:
        return picture_look.look(samples)

    def alike(self, first: list, second: list) -> bool:
        return picture_look.alike(first, second)
