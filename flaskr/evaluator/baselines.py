"""What an evaluator has to beat, on the same folds: the average, a line, the nearest neighbours, the group."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flaskr.evaluator.choice import Split, conformal
from flaskr.evaluator.kernels import LINEAR

NEIGHBOURS = (1, 3, 5, 10, 20)
GROUP_PRIOR = 2.0
POOL = 10_000  # neighbours are sought among at most this many ratings


@dataclass(frozen=True)
class Guesses:
    """Out-of-fold guesses: mean, low, high [n] (the middle 80 %), and centre [n], the average of what that fold's
    guesser was trained on."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    centre: np.ndarray

    @classmethod
    def around(cls, mean: np.ndarray, half: np.ndarray, centre: np.ndarray) -> Guesses:
        return cls(np.clip(mean, 0, 10), np.clip(mean - half, 0, 10), np.clip(mean + half, 0, 10), centre)

    def ordering(self) -> np.ndarray:
        """What may be ranked across folds: the guess relative to its fold's own average. Without this a fold whose
        hidden ratings are high has a low training average, and guessing averages would show a rank correlation of
        -1 that says nothing about taste."""
        return self.mean - self.centre


def centres(y: np.ndarray, splits: Sequence[Split]) -> np.ndarray:
    """Training average [n] of the fold that each row is hidden in."""
    found = np.empty(len(y))
    for split in splits:
        found[split.fold] = y[split.rest()].mean()
    return found


def average(y: np.ndarray, splits: Sequence[Split]) -> Guesses:
    """Always guess the average rating of the training rows."""
    mean, half = centres(y, splits), np.empty(len(y))
    for split in splits:
        rest = y[split.rest()]
        half[split.fold] = conformal(np.abs(rest - rest.mean()) * len(rest) / max(1, len(rest) - 1))
    return Guesses.around(mean, half, mean)


def median(y: np.ndarray, splits: Sequence[Split]) -> Guesses:
    """Always guess the median of the training rows: of all guesses that never change, it is off by least."""
    mean = np.empty(len(y))
    for split in splits:
        mean[split.fold] = np.median(y[split.rest()])
    return Guesses.around(mean, np.zeros(len(y)), mean)


def of_group(y: np.ndarray, units: np.ndarray) -> Guesses:
    """Guess the average of the other ratings of the same group (artist, folder; units: int [n]), drawn to the overall
    average by the weight of GROUP_PRIOR ratings. It is told more than the others, who see nothing of the group."""
    n, sizes, sums = len(y), np.bincount(units), np.bincount(units, weights=y)
    others = (y.sum() - y) / (n - 1)
    mean = (sums[units] - y + GROUP_PRIOR * others) / (sizes[units] - 1 + GROUP_PRIOR)
    return Guesses.around(mean, np.full(n, conformal(np.abs(y - mean))), others)


def ridge(y: np.ndarray, splits: Sequence[Split]) -> Guesses:
    """Linear regression, its shrinkage chosen by the leave-one-out error of the training rows."""
    mean, half = np.empty(len(y)), np.empty(len(y))
    for split in splits:
        lines = [c for c, candidate in enumerate(split.candidates) if candidate.kernel == LINEAR]
        inner = split.errors[np.ix_(lines, split.rest())]
        best = int((inner**2).mean(1).argmin())
        mean[split.fold] = y[split.fold] - split.errors[lines[best], split.fold]
        half[split.fold] = conformal(np.abs(inner[best]))
    return Guesses.around(mean, half, centres(y, splits))


def nearest(X: np.ndarray, y: np.ndarray, splits: Sequence[Split], *, grouped: bool, seed: int) -> Guesses:
    """Average rating of the k most similar rated items (cosine), k chosen by the leave-one-out error inside."""
    similar, rows, fold_of = _neighbours(X, splits, seed)
    mean, half = np.empty(len(y)), np.empty(len(y))
    for f, split in enumerate(splits):
        hidden = similar.copy()
        hidden[:, f] = -np.inf
        if grouped:
            hidden[np.arange(len(y)), fold_of] = -np.inf
        guesses = _averages(hidden.reshape(len(y), -1), rows.reshape(len(y), -1), y)
        rest = split.rest()
        errors = np.abs(y[rest, None] - guesses[rest])
        best = int((errors**2).mean(0).argmin())
        mean[split.fold] = guesses[split.fold, best]
        half[split.fold] = conformal(errors[:, best])
    return Guesses.around(mean, half, centres(y, splits))


def _neighbours(X: np.ndarray, splits: Sequence[Split], seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The most similar rows of each row within each fold (similarities and rows [n, folds, k]), and folds [n]. From
    these the nearest outside any fold follow without a second search."""
    import torch

    k, n = NEIGHBOURS[-1], len(X)
    rows_of = torch.from_numpy(X)
    rows_of = rows_of / rows_of.norm(dim=1, keepdim=True).clamp(min=1e-12)
    pool = np.sort(np.random.default_rng(seed).permutation(n)[:POOL])
    similar = np.full((n, len(splits), k), -np.inf, np.float32)
    rows, fold_of = np.zeros((n, len(splits), k), np.int64), np.empty(n, int)
    for f, split in enumerate(splits):
        fold_of[split.fold] = f
        members = pool[(pool >= split.fold.start) & (pool < split.fold.stop)]
        if len(members) == 0:
            continue
        for start in range(0, n, 4096):
            block = slice(start, min(n, start + 4096))
            near = rows_of[block] @ rows_of[members].T
            own = (members >= block.start) & (members < block.stop)
            near[members[own] - start, np.flatnonzero(own)] = -np.inf  # nobody is their own neighbour
            best = near.topk(min(k, len(members)), dim=1)
            similar[block, f, :best.values.shape[1]] = best.values.numpy()
            rows[block, f, :best.values.shape[1]] = members[best.indices.numpy()]
    return similar, rows, fold_of


def _averages(similar: np.ndarray, rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Average rating of the k best columns for each k of NEIGHBOURS: [n, len(NEIGHBOURS)]."""
    import torch

    best = torch.from_numpy(similar).topk(min(NEIGHBOURS[-1], similar.shape[1]), dim=1)
    there = np.isfinite(best.values.numpy())
    ratings = np.where(there, y[np.take_along_axis(rows, best.indices.numpy(), axis=1)], 0)
    sums, counts = ratings.cumsum(1), np.maximum(there.cumsum(1), 1)
    columns = [min(k, there.shape[1]) - 1 for k in NEIGHBOURS]
    return (sums / counts)[:, columns]
