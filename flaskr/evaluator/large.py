"""The same guesses for thousands of ratings, for which one inverse per way of guessing would take hours.

Coordinates (a straight line, the graph) have few numbers: their ridge answers every shrinkage at once (ridges.py).
Similarities are compared in full, all pairs of up to MOST ratings, and solved by steps (steps.py): landmarks in the place
of all items cost too much of what is to be learned (on 9,000 labels of real embeddings a rank correlation of .60 with
800 landmarks, .66 with 4,000, .68 with all). Their variances, which vary little, come from landmarks.
What chooses is what was guessed without two folds: the one that is hidden, and the row's own.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator import learned, ridges, steps
from flaskr.evaluator.assemble import Assembly
from flaskr.evaluator.choice import Choice, Split
from flaskr.evaluator.kernels import CLOSE, FLAT, LEARNED, MIDDLE, NARROW, STRAIGHT, Candidate, Geometry
from flaskr.evaluator.lens import Lens
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.rated import Rated
from flaskr.evaluator.ridges import CONSTANT, Features, Ridge, Set

if TYPE_CHECKING:
    from torch import Tensor

    from flaskr.evaluator.interest import Interest

FOLDS = 5
MOST = 12_000  # ratings of which all pairs are compared: 600 MB; of more, as many by chance
LANDMARKS = 256  # of these, for the variance
PAIRS = (NARROW, CLOSE)  # kernels of which all pairs are compared
FIRST = 1  # which shrinkage of the narrow kernel gives the first guess that directions are learned from


@dataclass(frozen=True)
class Solved:
    """What `finish` needs of all rows. rows: centred rows [m, dim] of each space that are compared, float64, landmarks alone
    where a ridge on them is all; kernels: features and ridge of coordinates and, for the variance, of landmarks; alphas: per
    candidate with all pairs what each compared row adds, float32 [m]. n and total: count and sum of ratings less MIDDLE;
    missing: [C], mean variance of a left-out row, in signal variances. lenses: of the last spaces."""

    geometries: Sequence[Geometry]
    rows: Sequence[Tensor]
    kernels: dict[tuple[int, str], tuple[Features, Ridge]]
    alphas: dict[int, Tensor]
    candidates: Sequence[Candidate]
    n: int
    total: float
    missing: np.ndarray
    lenses: tuple[Lens, ...] = ()


def splits(known: Rated, geometries: Sequence[Geometry], candidates: Sequence[Candidate], seed: int,
           tell: Callable[[float, list[Split]], bool]) -> tuple[list[Split], Split, Solved]:
    """As closed_form.splits, for many rows; which rows are compared and which are landmarks is drawn by `seed` from the
    vectors alone. Interest is not looked at."""
    import torch

    y, folds = known.y, known.folds
    t = torch.from_numpy(y - MIDDLE)
    found = [Split.empty(candidates, len(y), fold) for fold in folds]
    whole = Split.empty(candidates, len(y), slice(0, 0))
    order = np.random.default_rng(seed).permutation(len(y))[:MOST]
    rows = [torch.from_numpy(X[order].astype(np.float64) - g.centre) for X, g in zip(known.spaces, geometries, strict=True)]
    geometries, lenses, kernels, alphas, K, first, count = list(geometries), (), {}, {}, None, (), 1
    _flat(found, whole, y - MIDDLE, folds)
    wanted = list(dict.fromkeys((c.space, c.kernel) for c in candidates[1:]))
    for done, (space, kernel) in enumerate(wanted, 1):
        columns = [c for c, one in enumerate(candidates) if (one.space, one.kernel) == (space, kernel)]
        ways = [candidates[c] for c in columns]
        if kernel == LEARNED:
            lens, geometry, landmarks, *solved = learned.guess(columns, ways, *first, known, order, found, whole, seed)
            geometries, rows, lenses = [*geometries, geometry], [*rows, landmarks], (lens,)
            kernels[space, kernel] = tuple(solved)
        else:
            features = Features.of(kernel, geometries[space], rows[space][:LANDMARKS])
            of_sets = ridges.solve(features, known.spaces[space], t, folds)
            kernels[space, kernel] = features, of_sets[Set()]
            ridges.guess(columns, features, of_sets, known.spaces[space], t, folds, found, whole)
        if kernel in PAIRS:
            K = K if kernel == CLOSE else None  # else let go, before the next is made
            K = steps.matrix(geometries[space], kernel, rows[space], K)
            adds = steps.guess(columns, K, ways, known.spaces[space], order, t, geometries[space], known, found, whole)
            alphas |= zip(columns, adds[:, :, 0].T, strict=True)
            if (space, kernel) == (0, NARROW):
                first = K[:learned.POINTS].clone(), adds[:, FIRST]
        count += len(columns)  # they stand kernel by kernel
        if tell(done / len(wanted), [split.first(count) for split in found]):
            break
    found, whole = [split.first(count) for split in found], whole.first(count)
    return found, whole, Solved(geometries, rows, kernels, alphas, candidates[:count], len(y), float(t.sum()),
                                whole.variances.mean(1), lenses)


def finish(solved: Solved, choice: Choice, interest: Interest | None = None) -> list[Predictor]:
    """The chosen candidates, trained on all rows, as one predictor per space and lens (`interest` unused)."""
    assemblies = [Assembly(g, rows, choice.factor, min(LANDMARKS, len(rows)) if space < len(solved.rows) - len(solved.lenses)
                           else len(rows)) for space, (g, rows) in enumerate(zip(solved.geometries, solved.rows, strict=True))]
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
            assembly.add_average(solved.total, solved.n, candidate, bold, size)
            continue
        features, ridge = solved.kernels[candidate.space, candidate.kernel]
        Q = features.white @ features.white.T
        Q[-1, -1] = 0  # the constant is no part of k(x,x)
        Q -= (ridge.turn * (s / (ridge.values + s))) @ ridge.turn.T
        c0 = CONSTANT**0.5
        level = -size * CONSTANT * float(Q[-1, -1])
        if candidate.kernel in PAIRS:
            mean = solved.alphas[c].double()
            average_of = candidate.constant * float(mean.sum())
        else:
            mean, average_of = (ridge.turn @ ridge.weights(s)).tensor_split([-1])
            average_of = c0 * float(average_of)
        if candidate.kernel in STRAIGHT:  # their features are as they come: these are the mean products of two of them
            metric = ((ridge.turn * ridge.values) @ ridge.turn.T)[:-1, :-1] / solved.n
        else:
            metric = assembly.geometry.gram(candidate.kernel, assembly.supports[:assembly.own])
        assembly.add_level(bold * average_of, size * s, level)
        assembly.add(candidate.kernel, bold * mean, size * c0 * Q[:-1, -1], size * Q[:-1, :-1], size, metric,
                     size * (s + 1 - float(solved.missing[c])) + level)
    return [assembly.predictor() for assembly in assemblies]


def _flat(found: list[Split], whole: Split, t: np.ndarray, folds: list[slice]) -> None:
    """The average as a candidate (row 0): ratings t [n] less MIDDLE, prior as in the closed form."""
    prior = whole.candidates[0].shrinkage / whole.candidates[0].constant
    for split in [*found, whole]:
        for fold in folds:
            gone = [fold] if fold == split.fold else [fold, split.fold]
            count = len(t) - sum(len(t[rows]) for rows in gone) + prior
            split.errors[0, fold] = t[fold] - (t.sum() - sum(t[rows].sum() for rows in gone)) / count
            split.variances[0, fold] = 1 + 1 / count
