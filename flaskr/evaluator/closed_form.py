"""Errors on ratings that were held out, without refitting: one inverse per candidate answers every split.

With G = K + a 11' + s I over all n rows (K the kernel, a the variance of the average, s the shrinkage), P = G^-1 and
alpha = P t, for any set F of rows held out (block inverse; Rasmussen & Williams 2006, eq. 5.12, for one row):
    error of the held-out rows           t_F - prediction = (P_FF)^-1 alpha_F
    their predictive variance            diag (P_FF)^-1                      (in signal variances, noise included)
    the same P without the rows F        P_rest - P_rest,F (P_FF)^-1 P_F,rest    and alpha likewise
The last line gives, inside the training set of an outer fold, the exact leave-one-out errors that choose there.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.assemble import Assembly
from flaskr.evaluator.choice import Choice, Split, log_evidence
from flaskr.evaluator.kernels import FLAT, MIDDLE, SHRINKAGES, STRAIGHT, Candidate, Geometry
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.threads import share

if TYPE_CHECKING:
    from torch import Tensor

LEAST = 1 + len(SHRINKAGES)  # candidates without which nothing is finished: the average and the straight line
SINGLE = 500  # rows from which single precision is exact enough (errors differ by 0.001 points) and twice as fast


@dataclass(frozen=True)
class Solved:
    """Centred rows [n, dim] of each space and ratings less MIDDLE [n] in double precision, kept for `finish`.
    missing: [C], mean variance of a left-out row, in signal variances."""

    rows: Sequence[Tensor]
    ratings: Tensor
    geometries: Sequence[Geometry]
    candidates: Sequence[Candidate]
    missing: np.ndarray


def inverse(K: Tensor, candidate: Candidate) -> tuple[Tensor, float]:
    """(P, log determinant of G) for a kernel matrix K [n, n]."""
    import torch

    G = K + candidate.constant
    G.diagonal().add_(candidate.shrinkage)
    L = torch.linalg.cholesky(G)
    return torch.cholesky_inverse(L), 2 * float(L.diagonal().log().sum())


def held_out(P_FF: Tensor, alpha_F: Tensor) -> tuple[Tensor, Tensor, Tensor, float]:
    """(errors [m], variances [m], L^-1 with LL' = P_FF, log determinant of P_FF) of m rows left out together."""
    import torch

    L = torch.linalg.cholesky(P_FF)
    half = torch.linalg.solve_triangular(L, torch.eye(len(L), dtype=L.dtype), upper=False)
    return half.T @ (half @ alpha_F), half.square().sum(0), half, 2 * float(L.diagonal().log().sum())


def splits(spaces: Sequence[np.ndarray], y: np.ndarray, bounds: Sequence[int], grouped: bool,
           geometries: Sequence[Geometry], candidates: Sequence[Candidate], seed: int,
           tell: Callable[[float, list[Split]], bool]) -> tuple[list[Split], Split, Solved]:
    """What every candidate says of every outer fold, and of all rows, from one inverse per candidate (`seed` unused).
    tell(part, what each fold's ready candidates say) after each; once it returns True, those are all (from LEAST on).

    spaces: float32 [n, dim] each, y: float [n], rows sorted by fold; fold f is bounds[f]:bounds[f + 1]. `grouped`:
    choose by leaving out whole folds, not single rows (then near duplicates in one fold cannot flatter a narrow kernel).
    """
    import torch

    number = torch.float64 if len(y) < SINGLE else torch.float32
    rows = [torch.from_numpy(X.astype(np.float64) - g.centre) for X, g in zip(spaces, geometries, strict=True)]
    ratings = torch.from_numpy(y.astype(np.float64) - MIDDLE)
    t = ratings.to(number)
    folds = [slice(a, b) for a, b in zip(bounds, bounds[1:], strict=False)]
    found = [Split.empty(candidates, len(y), fold) for fold in folds]
    whole = Split.empty(candidates, len(y), slice(0, 0))
    grams = {(c.space, c.kernel): None for c in candidates}
    for space, kernel in grams:
        grams[space, kernel] = geometries[space].gram(kernel, rows[space].to(number))

    def ask(c: int) -> None:
        candidate = candidates[c]
        P, logdet = inverse(grams[candidate.space, candidate.kernel], candidate)
        alpha = P @ t
        for fold, split in zip(folds, found, strict=True):
            _fill(split, c, P, alpha, t, logdet, fold, [f for f in folds if grouped and f != fold])
        _put(whole, c, slice(None), alpha / P.diagonal(), 1 / P.diagonal())
        whole.evidence[c] = log_evidence(logdet, float(t @ alpha), len(y), candidate.shrinkage)

    count = len(candidates)
    for ready, _ in enumerate(share(ask, range(len(candidates)), len(y)), 1):
        if tell(ready / count, [split.first(ready) for split in found]) and ready >= LEAST:
            count = ready
            break
    found, whole = [split.first(count) for split in found], whole.first(count)
    if grouped:
        for fold, split in zip(folds, found, strict=True):
            whole.errors[:, fold], whole.variances[:, fold] = split.errors[:, fold], split.variances[:, fold]
    return found, whole, Solved(rows, ratings, geometries, candidates[:count],
                                whole.variances.mean(1))


def _fill(split: Split, c: int, P: Tensor, alpha: Tensor, t: Tensor, logdet: float, fold: slice,
          others: list[slice]) -> None:
    """Write what candidate c says without the rows of `fold`: of them, and inside the rest."""
    errors, variances, half, more = held_out(P[fold, fold], alpha[fold])
    W = half @ P[fold]
    alpha = alpha - W.T @ (half @ alpha[fold])
    if others:
        for other in others:
            inner = held_out(P[other, other] - W[:, other].T @ W[:, other], alpha[other])
            _put(split, c, other, inner[0], inner[1])
    else:
        left = (P.diagonal() - W.square().sum(0)).clamp(min=1e-12)  # rows of the fold itself become 0: set below
        _put(split, c, slice(None), alpha / left, 1 / left)
    _put(split, c, fold, errors, variances)
    quadratic = float(t @ alpha) - float(t[fold] @ alpha[fold])
    split.evidence[c] = log_evidence(logdet + more, quadratic, len(t) - len(errors), split.candidates[c].shrinkage)


def _put(split: Split, c: int, rows: slice, errors: Tensor, variances: Tensor) -> None:
    split.errors[c, rows] = errors.numpy()
    split.variances[c, rows] = variances.numpy()


def finish(solved: Solved, choice: Choice) -> list[Predictor]:
    """The chosen candidates, trained on all rows, as one predictor per space; they add up (predictor.together).

    Posterior variance of a candidate, in signal variances: s + k(x,x) + a - (k + a1)'P(k + a1).
    """
    import torch

    assemblies = [Assembly(g, rows, choice.factor) for g, rows in zip(solved.geometries, solved.rows, strict=True)]
    seen_kernel, number = None, torch.float64 if len(solved.ratings) < SINGLE else torch.float32
    t = solved.ratings.to(number)
    flat = solved.candidates[0]
    average = float(t.sum()) / (len(t) + flat.shrinkage / flat.constant)
    assemblies[0].add_level(MIDDLE + (1 - choice.boldness) * average + choice.shift, 0, 0)
    for c, candidate in enumerate(solved.candidates):
        weight = float(choice.weights[c])
        if weight == 0:
            continue
        assembly, rows = assemblies[candidate.space], solved.rows[candidate.space]
        if (candidate.space, candidate.kernel) != seen_kernel:
            seen_kernel = candidate.space, candidate.kernel
            K = assembly.geometry.gram(candidate.kernel, rows).to(number)
        P, _ = inverse(K, candidate)
        alpha, sums, a = P @ t, P.sum(1), candidate.constant
        size, bold = weight * float(choice.scales[c]), weight * choice.boldness
        level = size * (a - a * a * float(sums.sum()))
        assembly.add_level(bold * a * float(alpha.sum()), size * candidate.shrinkage, level)
        if candidate.kernel in STRAIGHT:
            seen = assembly.geometry.features(candidate.kernel, rows, rows).to(number)
            assembly.add(candidate.kernel, bold * seen.T @ alpha, size * a * seen.T @ sums, size * seen.T @ P @ seen, size)
        elif candidate.kernel != FLAT:
            explained = size * (candidate.shrinkage + 1 - float(solved.missing[c])) + level
            assembly.add(candidate.kernel, bold * alpha, size * a * sums, size * P, size, K, explained)
    return [assembly.predictor() for assembly in assemblies]
