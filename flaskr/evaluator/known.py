"""Whether anything alike was ever rated: "outside what I know" is said where nothing was."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

KEPT = 1000  # rated items that are compared with, at most
NEAREST = 3  # of them whose distance counts
OUTSIDE = 0.95  # from this share on an item is outside what is known
BLOCK = 4096


@dataclass(frozen=True)
class Known:
    """rows: float32 [q, dim], a sample of the rated items, unit rows of all spaces side by side. usual: float32 [q],
    ascending: how far each rated item lies from its nearest others of another group."""

    rows: np.ndarray
    usual: np.ndarray

    @classmethod
    def of(cls, spaces: Sequence[np.ndarray], units: np.ndarray, seed: int) -> Known:
        """From rated vectors, float32 [n, dim] each, and which rows belong together (int [n])."""
        chosen = np.sort(np.random.default_rng(seed).permutation(len(units))[:KEPT])
        rows = side_by_side([X[chosen] for X in spaces])
        far = _distances(rows, rows)
        far[units[chosen][:, None] == units[chosen][None]] = np.inf
        usual = np.sort(_nearest(far))
        return cls(rows, usual[np.isfinite(usual)].astype(np.float32))

    def outside(self, spaces: Sequence[np.ndarray]) -> np.ndarray:
        """Share [m], 0..1, of rated items that had something more alike among the others than these items have among
        all; from OUTSIDE on, nothing similar was rated. One in twenty items like the rated ones is called outside,
        too (a conformal p-value: Vovk, Gammerman, Shafer 2005). Zeros where nothing is known of distances."""
        rows = side_by_side(spaces)
        if len(self.usual) == 0:
            return np.zeros(len(rows), np.float32)
        found = [_nearest(_distances(rows[start:start + BLOCK], self.rows)) for start in range(0, len(rows), BLOCK)]
        places = np.searchsorted(self.usual, np.concatenate([np.zeros(0, np.float32), *found]), side="left")
        return (places / len(self.usual)).astype(np.float32)


def side_by_side(spaces: Sequence[np.ndarray]) -> np.ndarray:
    """Unit rows of every space in one array, float32 [n, sum of dims]: distances add up."""
    unit = [X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12) for X in spaces]
    return np.concatenate(unit, axis=1).astype(np.float32)


def _distances(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    far = (A**2).sum(1)[:, None] + (B**2).sum(1)[None] - 2 * (A @ B.T)
    return np.sqrt(np.maximum(far, 0))


def _nearest(far: np.ndarray) -> np.ndarray:
    """Mean of the NEAREST smallest distances of each row; infinite with fewer."""
    if far.shape[1] < NEAREST:
        return np.full(len(far), np.inf, np.float32)
    return np.partition(far, NEAREST - 1, axis=1)[:, :NEAREST].mean(1)
