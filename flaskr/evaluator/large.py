"""The same guesses for thousands of ratings: landmarks stand for all items, so cost grows with n, not n^3.

A kernel becomes features f(x): scaled coordinates (linear) or similarities k to q landmarks, whitened by their own
matrix (Nystroem: Williams & Seeger 2001), and a constant. Ridge on features with eigenvalues l, eigenvectors V of the
Gram matrix of a training set answers every shrinkage s at once; a row of that set left out has, with
h = f'(F'F + s I)^-1 f, the error e / (1 - h) and the variance s / (1 - h) + (k(x,x) - |f|^2) (Cook & Weisberg 1982).
Memory: blocks of rows; only one [candidates, n] table per fold is kept.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.assemble import Assembly
from flaskr.evaluator.choice import Choice, Split, log_evidence
from flaskr.evaluator.kernels import FLAT, MIDDLE, STRAIGHT, Candidate, Geometry
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.threads import share

if TYPE_CHECKING:
    from torch import Tensor

FOLDS = 5
LANDMARKS = 800
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
    inner: [p], turned features times ratings; power: sum of squared ratings; n rows."""

    turn: Tensor
    values: Tensor
    inner: Tensor
    power: float
    n: int

    def weights(self, shrinkage: float) -> Tensor:
        """Ridge coefficients of the turned features [p]."""
        return self.inner / (self.values + shrinkage)

    def evidence(self, shrinkage: float) -> float:
        logdet = float((self.values / shrinkage + 1).log().sum()) + self.n * np.log(shrinkage)
        quadratic = (self.power - float(self.inner @ self.weights(shrinkage))) / shrinkage
        return log_evidence(logdet, quadratic, self.n, shrinkage)


@dataclass(frozen=True)
class Solved:
    """What `finish` needs of all rows: the features and the ridge of each (space, kernel), count and sum of
    ratings, and the mean variance [C] of a left-out row, in signal variances."""

    geometries: Sequence[Geometry]
    landmarks: Sequence[Tensor]
    kernels: dict[tuple[int, str], tuple[Features, Ridge]]
    candidates: Sequence[Candidate]
    n: int
    total: float
    missing: np.ndarray


def splits(spaces: Sequence[np.ndarray], y: np.ndarray, bounds: Sequence[int], grouped: bool,
           geometries: Sequence[Geometry], candidates: Sequence[Candidate], seed: int,
           tell: Callable[[float, list[Split]], bool]) -> tuple[list[Split], Split, Solved]:
    """As closed_form.splits, for many rows; landmarks are drawn by `seed` from the vectors alone."""
    import torch

    t = torch.from_numpy(y - MIDDLE)
    folds = [slice(a, b) for a, b in zip(bounds, bounds[1:], strict=False)]
    found = [Split.empty(candidates, len(y), fold) for fold in folds]
    whole = Split.empty(candidates, len(y), slice(0, 0))
    chosen = np.sort(np.random.default_rng(seed).permutation(len(y))[:LANDMARKS])
    landmarks = [torch.from_numpy(X[chosen].astype(np.float64) - g.centre)
                 for X, g in zip(spaces, geometries, strict=True)]
    kernels = {}
    wanted = list(dict.fromkeys((c.space, c.kernel) for c in candidates[1:]))
    _flat(found, whole, y - MIDDLE, folds, grouped)

    def ask(which: tuple[int, str]) -> None:
        space, kernel = which
        features = Features.of(kernel, geometries[space], landmarks[space])
        ridges = _ridges(features, spaces[space], t, folds, grouped)
        kernels[which] = features, ridges[Set()]
        columns = [c for c, candidate in enumerate(candidates) if (candidate.space, candidate.kernel) == which]
        _guess(columns, features, ridges, spaces[space], t, folds, grouped, found, whole)

    count = 1
    for i, _ in enumerate(share(ask, wanted, len(y)), 1):
        count += sum((c.space, c.kernel) == wanted[i - 1] for c in candidates)  # they stand kernel by kernel
        if tell(i / len(wanted), [split.first(count) for split in found]):
            break
    found, whole, candidates = [split.first(count) for split in found], whole.first(count), candidates[:count]
    return found, whole, Solved(geometries, landmarks, kernels, candidates, len(y), float(t.sum()),
                                whole.variances.mean(1))


def finish(solved: Solved, choice: Choice) -> list[Predictor]:
    """The chosen candidates, trained on all rows, as one predictor per space."""
    assemblies = [Assembly(g, rows, choice.factor)
                  for g, rows in zip(solved.geometries, solved.landmarks, strict=True)]
    flat = solved.candidates[0]
    average = solved.total / (solved.n + flat.shrinkage / flat.constant)
    assemblies[0].add_level(MIDDLE + (1 - choice.boldness) * average + choice.shift, 0, 0)
    for c, candidate in enumerate(solved.candidates):
        weight, s = float(choice.weights[c]), candidate.shrinkage
        size, bold = weight * float(choice.scales[c]), weight * choice.boldness
        if weight == 0:
            continue
        assembly = assemblies[candidate.space]
        if candidate.kernel == FLAT:
            count = solved.n + s / candidate.constant
            assembly.add_level(bold * solved.total / count, size * s, size * s / count)
            continue
        features, ridge = solved.kernels[candidate.space, candidate.kernel]
        w = ridge.turn @ ridge.weights(s)
        Q = features.white @ features.white.T
        Q[-1, -1] = 0  # the constant is no part of k(x,x)
        Q -= (ridge.turn * (s / (ridge.values + s))) @ ridge.turn.T
        c0 = CONSTANT**0.5
        level = -size * CONSTANT * float(Q[-1, -1])
        assembly.add_level(bold * c0 * float(w[-1]), size * s, level)
        metric = None if candidate.kernel in STRAIGHT else assembly.geometry.gram(candidate.kernel, assembly.supports)
        assembly.add(candidate.kernel, bold * w[:-1], size * c0 * Q[:-1, -1], size * Q[:-1, :-1], size, metric,
                     size * (s + 1 - float(solved.missing[c])) + level)
    return [assembly.predictor() for assembly in assemblies]


def _flat(found: list[Split], whole: Split, t: np.ndarray, folds: list[slice], grouped: bool) -> None:
    """The average as a candidate (row 0): ratings t [n] less MIDDLE, prior as in the closed form."""
    prior = whole.candidates[0].shrinkage / whole.candidates[0].constant

    def write(split: Split, rows: slice, count: int, total: float, alone: bool) -> None:
        counts = count - alone + prior
        split.errors[0, rows] = t[rows] - (total - alone * t[rows]) / counts
        split.variances[0, rows] = 1 + 1 / counts

    for split, hidden in [*zip(found, folds, strict=True), (whole, slice(0, 0))]:
        total, count = t.sum() - t[hidden].sum(), len(t) - len(t[hidden])
        for fold in folds:
            alone = not grouped and fold != hidden
            gone = grouped and fold != hidden
            write(split, fold, count - gone * len(t[fold]), total - gone * t[fold].sum(), alone)
        power = float(t @ t - t[hidden] @ t[hidden])
        logdet = float(np.log1p(count / prior))
        split.evidence[0] = log_evidence(logdet, power - total**2 / (count + prior), count, 1.0)


def _blocks(X: np.ndarray, folds: list[slice], geometry: Geometry) -> Iterator[tuple[int, slice, Tensor]]:
    """(fold, rows, centred rows) of at most BLOCK rows of one fold at a time."""
    import torch

    for f, fold in enumerate(folds):
        for start in range(fold.start, fold.stop, BLOCK):
            rows = slice(start, min(fold.stop, start + BLOCK))
            yield f, rows, torch.from_numpy(X[rows].astype(np.float64) - geometry.centre)


def _ridges(features: Features, X: np.ndarray, t: Tensor, folds: list[slice],
            grouped: bool) -> dict[Set, Ridge]:
    """Ridges of all rows, of all less one fold and, if grouped, of all less two."""
    import torch

    p = len(features.white)
    grams, inners = torch.zeros(len(folds), p, p, dtype=t.dtype), torch.zeros(len(folds), p, dtype=t.dtype)
    for f, rows, block in _blocks(X, folds, features.geometry):
        seen = features(block)
        grams[f].addmm_(seen.T, seen)
        inners[f] += seen.T @ t[rows]
    every = range(len(folds))
    sets = [Set()] + [Set({f}) for f in every]
    sets += [Set({f, g}) for f in every for g in range(f)] if grouped else []
    ridges = {}
    for hidden in sets:
        kept = [f for f in every if f not in hidden]
        values, V = torch.linalg.eigh(features.white.T @ grams[kept].sum(0) @ features.white)
        turn = features.white @ V
        power = sum(float(t[folds[f]] @ t[folds[f]]) for f in kept)
        ridges[hidden] = Ridge(turn, values.clamp(min=0), turn.T @ inners[kept].sum(0), power,
                               sum(folds[f].stop - folds[f].start for f in kept))
    return ridges


def _guess(which: list[int], features: Features, ridges: dict[Set, Ridge], X: np.ndarray, t: Tensor,
           folds: list[slice], grouped: bool, found: list[Split], whole: Split) -> None:
    """Fill the rows of this kernel's candidates (`which`) in every split, reading X once."""
    import torch

    shrinkages = [whole.candidates[c].shrinkage for c in which]
    column = torch.tensor(shrinkages, dtype=t.dtype)
    for hidden, split in [(Set(), whole)] + [(Set({f}), split) for f, split in enumerate(found)]:
        split.evidence[which] = [ridges[hidden].evidence(s) for s in shrinkages]
    for f, rows, block in _blocks(X, folds, features.geometry):
        seen = features(block)
        plain = (seen @ features.white)[:, :-1].square().sum(1)
        missing = torch.zeros_like(plain) if features.kernel in STRAIGHT else (1 - plain).clamp(min=0)
        missing = missing[:, None]
        for hidden, split in [(Set(), whole)] + [(Set({g}), split) for g, split in enumerate(found)]:
            ridge = ridges[hidden | {f} if grouped else hidden]
            turned = seen @ ridge.turn
            weights = torch.stack([ridge.weights(s) for s in shrinkages], dim=1)
            errors = t[rows, None] - turned @ weights
            lever = turned.square_() @ (1 / (ridge.values[:, None] + column))
            if grouped or f in hidden:  # these rows were not in the training set
                variances = column * (1 + lever) + missing
            else:
                left = (1 - lever).clamp(min=1e-9)
                errors, variances = errors / left, column / left + missing
            split.errors[which, rows] = errors.T.numpy()
            split.variances[which, rows] = variances.T.numpy()
