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
from flaskr.evaluator.rated import Rated
from flaskr.evaluator.threads import share

if TYPE_CHECKING:
    from torch import Tensor

    from flaskr.evaluator.interest import Interest

LEAST = 1 + len(SHRINKAGES)  # candidates without which nothing is finished: the average and the straight line
SINGLE = 500  # rows from which single precision is exact enough (errors differ by 0.001 points) and twice as fast


@dataclass(frozen=True)
class Solved:
    """Centred rows [n, dim] of each space and ratings less MIDDLE [n, 1], or [n, 2] with the interest of each beside it,
    in double precision, kept for `finish`. missing: [C], mean variance of a left-out row, in signal variances."""

    rows: Sequence[Tensor]
    ratings: Tensor
    geometries: Sequence[Geometry]
    candidates: Sequence[Candidate]
    missing: np.ndarray
    lenses: tuple = ()


def inverse(K: Tensor, candidate: Candidate) -> tuple[Tensor, float]:
    """(P, log determinant of G) for a kernel matrix K [n, n]."""
    import torch

    if candidate.kernel == FLAT:  # 1 + a n is too ill-conditioned for a solver
        n, a = len(K), candidate.constant / candidate.shrinkage
        P = (torch.eye(n, dtype=K.dtype) - a / (1 + a * n)) / candidate.shrinkage
        return P, n * float(np.log(candidate.shrinkage)) + float(np.log1p(a * n))
    G = K + candidate.constant
    G.diagonal().add_(candidate.shrinkage)
    L = torch.linalg.cholesky(G)
    return torch.cholesky_inverse(L), 2 * float(L.diagonal().log().sum())


def held_out(P_FF: Tensor, alpha_F: Tensor) -> tuple[Tensor, Tensor, Tensor, float]:
    """(errors [m, k], variances [m], L^-1 with LL' = P_FF, log determinant of P_FF) of m rows left out together, of k
    targets."""
    import torch

    L = torch.linalg.cholesky(P_FF)
    half = torch.linalg.solve_triangular(L, torch.eye(len(L), dtype=L.dtype), upper=False)
    return half.T @ (half @ alpha_F), half.square().sum(0), half, 2 * float(L.diagonal().log().sum())


def splits(known: Rated, geometries: Sequence[Geometry], candidates: Sequence[Candidate], seed: int,
           tell: Callable[[float, list[Split]], bool]) -> tuple[list[Split], Split, Solved]:
    """What every candidate says of every outer fold, and of all rows, from one inverse per candidate (`seed` unused).
    tell(part, what each fold's ready candidates say) after each; once it returns True, those are all (from LEAST on)."""
    import torch

    n, two = len(known.y), known.interest is not None
    number = torch.float64 if n < SINGLE else torch.float32
    rows = [torch.from_numpy(X.astype(np.float64) - g.centre) for X, g in zip(known.spaces, geometries, strict=True)]
    targets = [known.y - MIDDLE] + ([known.interest] if two else [])
    ratings = torch.from_numpy(np.stack(targets, axis=1).astype(np.float64))
    t, folds = ratings.to(number), known.folds
    found = [Split.empty(candidates, n, fold, two) for fold in folds]
    whole = Split.empty(candidates, n, slice(0, 0), two)
    grams = {(c.space, c.kernel): None for c in candidates}
    for space, kernel in grams:
        grams[space, kernel] = geometries[space].gram(kernel, rows[space].to(number))

    def ask(c: int) -> None:
        candidate = candidates[c]
        P, logdet = inverse(grams[candidate.space, candidate.kernel], candidate)
        alpha = P @ t
        for split in found:
            _fill(split, c, P, alpha, t, logdet, [f for f in folds if known.grouped and f != split.fold])
        _put(whole, c, slice(None), alpha / P.diagonal()[:, None], 1 / P.diagonal())
        whole.evidence[c] = log_evidence(logdet, float(t[:, 0] @ alpha[:, 0]), n, candidate.shrinkage)

    count = len(candidates)
    for ready, _ in enumerate(share(ask, range(len(candidates)), n), 1):
        if tell(ready / count, [split.first(ready) for split in found]) and ready >= LEAST:
            count = ready
            break
    found, whole = [split.first(count) for split in found], whole.first(count)
    if known.grouped:
        for split in found:
            whole.copy(split, split.fold)
    return found, whole, Solved(rows, ratings, geometries, candidates[:count], whole.variances.mean(1))


def _fill(split: Split, c: int, P: Tensor, alpha: Tensor, t: Tensor, logdet: float, others: list[slice]) -> None:
    """Write what candidate c says without the rows of the split's fold: of them, and inside the rest."""
    fold = split.fold
    errors, variances, half, more = held_out(P[fold, fold], alpha[fold])
    W = half @ P[fold]
    alpha = alpha - W.T @ (half @ alpha[fold])
    if others:
        for other in others:
            inner = held_out(P[other, other] - W[:, other].T @ W[:, other], alpha[other])
            _put(split, c, other, inner[0], inner[1])
    else:
        left = (P.diagonal() - W.square().sum(0)).clamp(min=1e-12)  # rows of the fold itself become 0: set below
        _put(split, c, slice(None), alpha / left[:, None], 1 / left)
    _put(split, c, fold, errors, variances)
    quadratic = float(t[:, 0] @ alpha[:, 0]) - float(t[fold, 0] @ alpha[fold, 0])
    split.evidence[c] = log_evidence(logdet + more, quadratic, len(t) - len(errors), split.candidates[c].shrinkage)


def _put(split: Split, c: int, rows: slice, errors: Tensor, variances: Tensor) -> None:
    split.errors[c, rows] = errors[:, 0].numpy()
    split.variances[c, rows] = variances.numpy()
    if split.interest is not None:
        split.interest[c, rows] = errors[:, 1].numpy()


def finish(solved: Solved, choice: Choice, interest: Interest | None = None) -> list[Predictor]:
    """The chosen candidates, trained on all rows, as one predictor per space; they add up (predictor.together).

    Posterior variance of a candidate, in signal variances: s + k(x,x) + a - (k + a1)'P(k + a1).
    """
    import torch

    assemblies = [Assembly(g, rows, choice.factor, len(rows)) for g, rows in zip(solved.geometries, solved.rows, strict=True)]
    seen_kernel, number = None, torch.float64 if len(solved.ratings) < SINGLE else torch.float32
    t = solved.ratings[:, 0].to(number)
    flat = solved.candidates[0]
    average = float(t.sum()) / (len(t) + flat.shrinkage / flat.constant)
    assemblies[0].add_level(MIDDLE + (1 - choice.boldness) * average + choice.shift, 0, 0)
    if interest is not None:
        t = t - choice.slope * solved.ratings[:, 1].to(number)
        assemblies[0].add_interest(interest, choice.boldness * choice.slope)
    for c, candidate in enumerate(solved.candidates):
        weight = float(choice.weights[c])
        if weight == 0:
            continue
        assembly, rows = assemblies[candidate.space], solved.rows[candidate.space]
        size, bold = weight * float(choice.scales[c]), weight * choice.boldness
        if candidate.kernel == FLAT:
            assembly.add_average(float(t.sum()), len(t), candidate, bold, size)
            continue
        if (candidate.space, candidate.kernel) != seen_kernel:
            seen_kernel = candidate.space, candidate.kernel
            K = assembly.geometry.gram(candidate.kernel, rows).to(number)
        P, _ = inverse(K, candidate)
        alpha, sums, a = P @ t, P.sum(1), candidate.constant
        level = size * (a - a * a * float(sums.sum()))
        assembly.add_level(bold * a * float(alpha.sum()), size * candidate.shrinkage, level)
        explained = size * (candidate.shrinkage + 1 - float(solved.missing[c])) + level
        if candidate.kernel in STRAIGHT:
            seen = assembly.geometry.features(candidate.kernel, rows, rows).to(number)
            assembly.add(candidate.kernel, bold * seen.T @ alpha, size * a * seen.T @ sums, size * seen.T @ P @ seen, size,
                         seen.T @ seen / len(seen), explained)
        else:
            assembly.add(candidate.kernel, bold * alpha, size * a * sums, size * P, size, K, explained)
    return [assembly.predictor() for assembly in assemblies]
