"""What was rated, sorted by fold: what every way of guessing learns from and is measured on."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rated:
    """spaces: float32 [n, dim] each, the same rows in several embedding spaces, those seen through a lens last. y: float64 [n].
    bounds: fold f is rows bounds[f]:bounds[f + 1]. grouped: choices, too, are made by leaving out whole folds, not single
    rows (then near duplicates in one fold can't flatter a narrow kernel). interest: float64 [n] or None, of each row
    (interest.py)."""

    spaces: Sequence[np.ndarray]
    y: np.ndarray
    bounds: Sequence[int]
    grouped: bool
    interest: np.ndarray | None = None

    @property
    def folds(self) -> list[slice]:
        return [slice(a, b) for a, b in zip(self.bounds, self.bounds[1:], strict=False)]

    def fold_of(self) -> np.ndarray:
        """Fold [n] of each row."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))
