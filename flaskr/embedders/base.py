"""The contract of an embedder: samples become raw features once, and vectors as often as the library changes."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from flaskr.embedders.projection import AsItIs, Projection


class Embedder(ABC):
    """Describes one item by one row of numbers.

    Raw features depend on the item alone and are kept for ever. A projection, fitted on the library's own raw features,
    turns them into unit vectors; vectors of one `space` and one projection `id` may be compared.
    """

    name: ClassVar[str]  # "sound-classical"
    version: ClassVar[int]  # raised whenever `features` gives other numbers
    takes: ClassVar[str]  # "sound": what a module calls its samples
    raw_dim: ClassVar[int]
    dim: ClassVar[int]
    fits: ClassVar[bool] = True  # whether a projection is fitted; where not, features are vectors but for their length
    same: ClassVar[float] = 0.95  # cosine from which two items may be one in two forms; measured for each embedder

    @property
    def space(self) -> str:
        """Name and version: raw features of two spaces never mix."""
        return f"{self.name}-{self.version}"

    @abstractmethod
    def features(self, samples: list) -> np.ndarray:
        """Describe one item, float32 [raw_dim], finite and within float16. Raises ValueError if there is no sample."""

    def parts(self, samples: list) -> np.ndarray | None:
        """A unit vector for each sample, float32 [k, dim], where a sample means something alone (a passage of a text)."""
        return None

    def joined(self, parts: np.ndarray) -> np.ndarray:
        """The features of an item whose parts are known, float32 [raw_dim], without another look at its samples."""
        return parts.mean(0, dtype=np.float32)

    @abstractmethod
    def fit_projection(self, raw: np.ndarray, *, seed: int = 0) -> Projection | AsItIs:
        """Fit on raw features [n, raw_dim] (float16 or float32); with few or no rows, give the built-in constants."""

    def look(self, samples: list) -> list:
        """What a second look at one item keeps (small), for those whose vectors are as near as `same`. MAY be given."""
        return []

    def alike(self, first: list, second: list) -> bool:
        """Whether two items are one in two forms, by what `look` kept of each. MAY be given."""
        return True
