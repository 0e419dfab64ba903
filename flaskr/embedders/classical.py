"""What embedders by classical descriptors share: weighted blocks of features, and constants for small libraries."""

from abc import abstractmethod
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import numpy as np

from flaskr.embedders.base import Embedder
from flaskr.embedders.projection import Projection, fit

ENOUGH = 50  # items before a library's own statistics are better than the constants
LARGEST = 60_000.0  # float16 holds 65,504


class Classical(Embedder):
    """Needs no weights to download. A subclass gives its blocks and how one item's samples fill them.

    `write_constants` makes the constants anew (a minute or two) when a feature changes; nobody's files are in them.
    """

    blocks: ClassVar[dict[str, tuple[int, float]]]  # name -> (length, weight)
    evenness: ClassVar[float]  # power of a block's length that its weight is divided by: large ones must not drown the small
    prior: ClassVar[ModuleType]  # makes up samples by made_up(seed), COUNT of them; the constants lie beside it
    lacking: ClassVar[str]  # what is said when there is no sample

    def __init_subclass__(cls) -> None:
        cls.raw_dim = sum(length for length, _ in cls.blocks.values())

    @property
    def weights(self) -> np.ndarray:
        """What each feature counts, float32 [raw_dim]."""
        weights = [np.full(length, weight / length**self.evenness, np.float32) for length, weight in self.blocks.values()]
        return np.concatenate(weights)

    @abstractmethod
    def described(self, samples: list[np.ndarray]) -> np.ndarray:
        """The blocks of at least one sample, none of them empty, float [raw_dim]."""

    def features(self, samples: list) -> np.ndarray:
        """Describe the samples of one item, float32 [raw_dim]; empty ones are left out."""
        some = [sample for sample in samples if sample.size]
        if not some:
            raise ValueError(self.lacking)
        return np.clip(np.nan_to_num(self.described(some)), -LARGEST, LARGEST).astype(np.float32)

    def fit_projection(self, raw: np.ndarray, *, seed: int = 0) -> Projection:
        """Fit on the library, or give the constants (fitted on none of it) while it has fewer than `ENOUGH` items."""
        if len(raw) < ENOUGH:
            return replace(self.constants, fitted_on=0)
        return fit(raw, dim=self.dim, weights=self.weights, prior=self.constants, seed=seed)

    @property
    def constants(self) -> Projection:
        """What was fitted on the made-up samples."""
        return _stored(self._constants_file)

    @property
    def _constants_file(self) -> Path:
        return Path(self.prior.__file__).with_suffix(".safetensors")

    def write_constants(self, path: Path | None = None) -> None:
        """Describe the made-up samples and store the projection fitted on them."""
        raw = np.array([self.features([self.prior.made_up(seed)]) for seed in range(self.prior.COUNT)])
        fitted = fit(raw, dim=self.dim, weights=self.weights)
        replace(fitted, basis=fitted.basis.astype(np.float16)).save(path or self._constants_file)  # half the file


@cache
def _stored(path: Path) -> Projection:
    """Read once per process."""
    return Projection.load(path)
