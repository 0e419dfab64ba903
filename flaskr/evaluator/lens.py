"""Looks at an embedding space so that what a library varies in most counts more: a further space for one more kernel.

Coordinates along the library's principal directions are stretched by the fourth root of their variance, so that distances
lean towards what sets whole groups of items apart, and away from what is particular to single ones (a cluster kernel
without clusters: Chapelle, Weston, Schoelkopf 2003, with a gentle transfer function). It needs no rating.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAMPLED = 2000  # items of the library that are looked at
FEWEST = 50  # below, there is no lens
KEPT = 128  # directions
FLOOR = 1e-3  # of the largest variance: directions in which a sample happens not to vary count as much


@dataclass(frozen=True)
class Lens:
    """space: which embedding space it looks at; turn: float32 [dim, r]."""

    space: int
    turn: np.ndarray

    @classmethod
    def of(cls, library: np.ndarray, space: int, seed: int) -> Lens | None:
        """From a library, float32 [m, dim]; None if it is too small."""
        chosen = np.sort(np.random.default_rng(seed).permutation(len(library))[:SAMPLED])
        if len(chosen) < FEWEST:
            return None
        rows = library[chosen].astype(np.float64)
        rows -= rows.mean(0)
        values, V = np.linalg.eigh(rows.T @ rows / len(rows))
        values, V = np.maximum(values[::-1][:KEPT], 0), V[:, ::-1][:, :KEPT]
        top = max(float(values[0]), 1e-12)
        return cls(space, (V * (values / top + FLOOR) ** 0.25).astype(np.float32))

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """Rows X, float32 [m, dim], as the kernel sees them: float32 [m, r]."""
        return np.asarray(X, np.float32) @ self.turn
