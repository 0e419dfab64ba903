"""Which ratings are hidden together: seeded folds that never tear a group apart and never look at a rating."""
from __future__ import annotations

import numpy as np

FOLDS = 10
ALIKE = 0.1  # distance, as a share of the usual one, below which two items are near duplicates
MOST = 5000
ALONE = 20  # up to this many units, each is its own fold


def units_of(n: int, groups: np.ndarray | None) -> np.ndarray:
    """Which independent thing each row belongs to, int [n] from 0: its group or, without one (-1), itself."""
    if groups is None:
        return np.arange(n)
    return np.unique(np.where(groups < 0, groups.max(initial=-1) + 1 + np.arange(n), groups), return_inverse=True)[1]


def join_alike(units: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Units [n] in which near duplicates (rows of X, float [n, dim]: bursts, other encodings of one recording), share
    one, too: closer than ALIKE of the usual distance. Above MOST rows only given groups count: all pairs cost n^2."""
    n = len(X)
    if n > MOST or n < 2:
        return units
    A = (X - X.mean(axis=0)).astype(np.float32)
    lengths = (A * A).sum(1)
    far = np.maximum(lengths[:, None] + lengths[None] - 2 * (A @ A.T), 0)
    a, b = np.nonzero(np.triu(far < ALIKE**2 * max(2 * float(lengths.mean()), 1e-9), 1))
    merged, before = units.copy(), None
    while before is None or (merged != before).any():  # the smallest name spreads through each chain
        before = merged.copy()
        np.minimum.at(merged, a, merged[b])
        np.minimum.at(merged, b, merged[a])
        smallest = np.full(int(units.max()) + 1, len(X))
        np.minimum.at(smallest, units, merged)
        merged = smallest[units]
    return np.unique(merged, return_inverse=True)[1]


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
