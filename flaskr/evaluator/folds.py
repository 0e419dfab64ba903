"""Which ratings are hidden together: seeded folds that never tear a group apart and never look at a rating."""
from __future__ import annotations

import numpy as np

FOLDS = 10
ALONE = 20  # up to this many units, each is its own fold


def units_of(n: int, groups: np.ndarray | None) -> np.ndarray:
    """Which independent thing each row belongs to, int [n] from 0: its group or, without one (-1), itself."""
    if groups is None:
        return np.arange(n)
    return np.unique(np.where(groups < 0, groups.max(initial=-1) + 1 + np.arange(n), groups), return_inverse=True)[1]


def assign(units: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Fold of each row, int [n], balanced in rows; rows of one unit (int [n], from 0) share a fold."""
    sizes = np.bincount(units)
    order = np.random.default_rng(seed).permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    place = np.empty(len(sizes), int)
    if len(sizes) == len(units):  # what the loop below gives, without its cost
        place[order] = np.arange(len(units)) % folds
        return place[units]
    load = np.zeros(folds, int)
    for unit in order:  # the largest first, each to the emptiest fold
        place[unit] = load.argmin()
        load[place[unit]] += sizes[unit]
    return place[units]
