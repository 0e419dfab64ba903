"""Ridge on few features, for any number of ratings: one eigendecomposition of a training set answers every shrinkage.

A kernel becomes features f(x): coordinates, or similarities k to q landmarks, whitened by their own matrix (Nystroem:
Williams & Seeger 2001), and a constant. With eigenvalues l and eigenvectors V of the Gram matrix of a training set, a row
that is not in it has, with h = f'(F'F + s I)^-1 f, the variance s (1 + h) + (k(x,x) - |f|^2). Memory: blocks of rows.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.choice import Split
from flaskr.evaluator.kernels import STRAIGHT, Geometry
from flaskr.evaluator.threads import share

if TYPE_CHECKING:
    from torch import Tensor

BLOCK = 4096
CONSTANT = 1000.0  # prior variance of the average in signal variances: free, with this many ratings
JITTER = 1e-6
Set = frozenset  # a training set is named by the folds it leaves out


@dataclass(frozen=True)
class Features:
    """Centred rows -> raw features [m, p] of one kernel, the constant last; white: [p, p] makes them orthonormal in
    the kernel's own geometry."""

    kernel: str
    geometry: Geometry
    landmarks: Tensor
    white: Tensor

    @classmethod
    def of(cls, kernel: str, geometry: Geometry, landmarks: Tensor) -> Features:
        import torch

        p = geometry.features(kernel, landmarks[:1], landmarks).shape[1]
        white = torch.eye(p + 1, dtype=torch.float64)
        if kernel not in STRAIGHT:
            K = geometry.gram(kernel, landmarks)
            K.diagonal().add_(JITTER)
            inverse = torch.linalg.solve_triangular(torch.linalg.cholesky(K), white[:p, :p].clone(), upper=False)
            white[:p, :p] = inverse.T
        return cls(kernel, geometry, landmarks, white)

    def __call__(self, rows: Tensor) -> Tensor:
        import torch

        seen = self.geometry.features(self.kernel, rows, self.landmarks)
        return torch.cat([seen, seen.new_full((len(rows), 1), CONSTANT**0.5)], dim=1)


@dataclass(frozen=True)
class Ridge:
    """One kernel on one training set for every shrinkage. turn: [p, p], raw features -> eigenvectors; values: [p];
    inner: [p], turned features times ratings."""

    turn: Tensor
    values: Tensor
    inner: Tensor

    def weights(self, shrinkage: float) -> Tensor:
        """Ridge coefficients of the turned features [p]."""
        return self.inner / (self.values + shrinkage)


def sets(folds: int) -> list[Set]:
    """Everything, all less one fold, all less two."""
    return [Set(), *(Set({f}) for f in range(folds)), *(Set({f, g}) for f in range(folds) for g in range(f))]


def solve(features: Features, X: np.ndarray, t: Tensor, folds: list[slice]) -> dict[Set, Ridge]:
    """Ridges of every training set, from rows X, float32 [n, dim], sorted by fold, and ratings t [n] less MIDDLE."""
    grams, inners = _sums(features, X, t, folds)

    def of(hidden: Set) -> Ridge:
        kept = [f for f in range(len(folds)) if f not in hidden]
        return _ridge(features, grams[kept].sum(0), inners[kept].sum(0))

    names = sets(len(folds))
    return dict(zip(names, share(of, names, len(t)), strict=True))


def ridge(features: Features, X: np.ndarray, t: Tensor, kept: list[slice]) -> Ridge:
    """The ridge of one training set, the rows `kept`."""
    grams, inners = _sums(features, X, t, kept)
    return _ridge(features, grams.sum(0), inners.sum(0))


def guess(which: list[int], features: Features, ridges: dict[Set, Ridge], X: np.ndarray, t: Tensor, folds: list[slice],
          found: list[Split], whole: Split) -> None:
    """Fill the rows `which`, this kernel's candidates, in every split."""
    shrinkages = [whole.candidates[c].shrinkage for c in which]

    def fill(f: int) -> None:
        for hidden, split in [(Set(), whole)] + [(Set({g}), split) for g, split in enumerate(found)]:
            split.errors[which, folds[f]], split.variances[which, folds[f]] = said(
                features, ridges[hidden | {f}], X[folds[f]], t[folds[f]], shrinkages)

    for _ in share(fill, range(len(folds)), len(t)):
        pass


def said(features: Features, ridge: Ridge, X: np.ndarray, t: Tensor,
         shrinkages: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """(errors, variances), [shrinkages, m] each, of rows X, float32 [m, dim], that are not in the training set, rated t."""
    import torch

    column = torch.tensor(list(shrinkages), dtype=t.dtype)
    weights = torch.stack([ridge.weights(s) for s in shrinkages], dim=1)
    errors, variances = [], []
    for _, rows, block in _blocks(X, [slice(0, len(X))], features.geometry):
        seen = features(block)
        missing = torch.zeros(len(block), 1, dtype=t.dtype)
        if features.kernel not in STRAIGHT:
            missing = (1 - (seen @ features.white)[:, :-1].square().sum(1, keepdim=True)).clamp(min=0)
        turned = seen @ ridge.turn
        errors.append(t[rows, None] - turned @ weights)
        variances.append(column * (1 + turned.square_() @ (1 / (ridge.values[:, None] + column))) + missing)
    return torch.cat(errors).T.numpy(), torch.cat(variances).T.numpy()


def _sums(features: Features, X: np.ndarray, t: Tensor, folds: list[slice]) -> tuple[Tensor, Tensor]:
    """Gram matrices [folds, p, p] of the features, and their products with the ratings [folds, p]."""
    import torch

    p = len(features.white)
    grams, inners = torch.zeros(len(folds), p, p, dtype=t.dtype), torch.zeros(len(folds), p, dtype=t.dtype)
    for f, rows, block in _blocks(X, folds, features.geometry):
        seen = features(block)
        grams[f].addmm_(seen.T, seen)
        inners[f] += seen.T @ t[rows]
    return grams, inners


def _ridge(features: Features, gram: Tensor, inner: Tensor) -> Ridge:
    import torch

    values, V = torch.linalg.eigh(features.white.T @ gram @ features.white)
    turn = features.white @ V
    return Ridge(turn, values.clamp(min=0), turn.T @ inner)


def _blocks(X: np.ndarray, folds: list[slice], geometry: Geometry) -> Iterator[tuple[int, slice, Tensor]]:
    """(fold, rows, centred rows) of at most BLOCK rows of one fold at a time."""
    import torch

    for f, fold in enumerate(folds):
        for start in range(fold.start, fold.stop, BLOCK):
            rows = slice(start, min(fold.stop, start + BLOCK))
            yield f, rows, torch.from_numpy(X[rows].astype(np.float64) - geometry.centre)
