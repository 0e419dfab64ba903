"""The built-in video embedder: the look of its frames, how much they change, and its sound, where it has one."""

from dataclasses import replace
from functools import cache

import numpy as np

from flaskr.embedders.base import Embedder
from flaskr.embedders.picture import PictureEmbedder
from flaskr.embedders.projection import UNKNOWN, Projection, fit
from flaskr.embedders.sound import SoundEmbedder

ENOUGH = 50  # items before a library's own statistics are better than the constants
LARGEST = 60_000.0  # below UNKNOWN
PICTURE, SOUND = PictureEmbedder(), SoundEmbedder()
# name: (features, directions of the constants, share of the whole)
PARTS = {"look": (PICTURE.raw_dim, 96, 1.0), "change": (PICTURE.raw_dim, 32, 0.4), "sound": (SOUND.raw_dim, 64, 0.8)}
CHANGE = 0.4  # of what pictures differ by: how far frames of one video do, as long as no library says more


class VideoEmbedder(Embedder):
    """Frames (uint8 RGB [height, width, 3]) and windows of sound (float32 [samples] at 22050 Hz), in any order.

    Raw features are those of the pictures, their mean and their standard deviation over the frames, and those of the
    sound. Without sound these are `UNKNOWN`, and say nothing: it is the rest that decides what a silent video resembles.
    """

    name = "video-classical"
    version = 1
    takes = "video"
    raw_dim = sum(length for length, _, _ in PARTS.values())
    dim = sum(directions for _, directions, _ in PARTS.values())

    @property
    def weights(self) -> np.ndarray:
        """What each feature counts, float32 [raw_dim]: each part as much as its share, however long it is."""
        parts = zip((PICTURE.weights, PICTURE.weights, SOUND.weights), PARTS.values(), strict=True)
        return np.concatenate([share * own / np.linalg.norm(own) for own, (_, _, share) in parts]).astype(np.float32)

    def features(self, samples: list) -> np.ndarray:
        """Describe one video, float32 [raw_dim]."""
        frames = [sample for sample in samples if sample.ndim == 3 and sample.size]
        windows = [sample for sample in samples if sample.ndim == 1 and sample.size]
        if not frames:
            raise ValueError("There is no frame to describe.")
        looks = np.array([PICTURE.features([frame]) for frame in frames])
        heard = SOUND.features(windows) if windows else np.full(SOUND.raw_dim, UNKNOWN, np.float32)
        seen = np.clip(np.concatenate([looks.mean(0), looks.std(0)]), -LARGEST, LARGEST)
        return np.concatenate([seen, np.clip(heard, -LARGEST, LARGEST) if windows else heard]).astype(np.float32)

    def fit_projection(self, raw: np.ndarray, *, seed: int = 0) -> Projection:
        """Fit on the library, or give the constants (fitted on none of it) while it has fewer than `ENOUGH` items."""
        prior = _prior()
        if len(raw) < ENOUGH:
            return prior
        return fit(_filled(np.asarray(raw, np.float32), prior), dim=self.dim, weights=self.weights, prior=prior, seed=seed)


def _filled(raw: np.ndarray, prior: Projection) -> np.ndarray:
    """The raw features with a sound for every video: silent ones borrow, in turn, those of others.

    So the spread of the sounds is that of the videos that have one, however few they are.
    """
    sound = slice(raw.shape[1] - SOUND.raw_dim, None)
    silent = raw[:, sound].max(1) >= UNKNOWN
    filled = raw.copy()
    if silent.all():
        filled[:, sound] = prior.mean[sound]
    elif silent.any():
        filled[silent, sound] = np.resize(raw[~silent, sound], (silent.sum(), SOUND.raw_dim))
    return filled


@cache
def _prior() -> Projection:
    """What videos are like in general, put together from what pictures and sounds are: nothing more is stored."""
    nothing = (PICTURE.fit_projection(np.zeros((0, PICTURE.raw_dim), np.float32)),
               SOUND.fit_projection(np.zeros((0, SOUND.raw_dim), np.float32)))
    look, sound = nothing
    change = replace(look, mean=CHANGE * look.spread, spread=CHANGE * look.spread, offset=np.zeros_like(look.offset))
    basis, offset, row, column = np.zeros((VideoEmbedder.raw_dim, VideoEmbedder.dim), np.float32), [], 0, 0
    for part, (length, directions, share) in zip((look, change, sound), PARTS.values(), strict=True):
        scale = share / np.linalg.norm(part.basis[:, :directions])
        basis[row:row + length, column:column + directions] = scale * part.basis[:, :directions]
        offset.append(scale * part.offset[:directions])
        row, column = row + length, column + directions
    return Projection(np.concatenate([look.mean, change.mean, sound.mean]),
                      np.concatenate([look.spread, change.spread, sound.spread]), basis,
                      np.concatenate(offset).astype(np.float32), 0)
