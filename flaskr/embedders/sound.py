"""The built-in sound embedder: classical descriptors, no weights to download."""

import numpy as np

from flaskr.embedders import sound_look, sound_prior
from flaskr.embedders.classical import Classical
from flaskr.embedders.sound_features import BLOCKS, describe


class SoundEmbedder(Classical):
    """Mono windows (float32 [samples] at 22050 Hz) to timbre, dynamics, harmony and rhythm."""

    name = "sound-classical"
    version = 1
    takes = "sound"
    blocks = BLOCKS
    evenness = 0.25
    dim = 128
    same = 0.85  # reached by 95 % of re-encoded, quieter or shifted sounds; `alike` decides
    prior = sound_prior
    lacking = "There is no sound to describe."

    def described(self, samples: list[np.ndarray]) -> np.ndarray:
        """The features of all windows together, float32 [raw_dim]."""
        return np.concatenate(list(describe(samples).values()))

    def look(self, samples: list) -> list:
        return sound_look.look(samples)

    def alike(self, first: list, second: list) -> bool:
        return sound_look.alike(first, second)
