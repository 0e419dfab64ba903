"""Which tastes can be expressed: the kernels, how strongly each is smoothed, and the scale of a person's vectors."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.distances import squared_distances
from flaskr.evaluator.graph import Graph

if TYPE_CHECKING:
    from torch import Tensor

MIDDLE = 5.0  # the rating that is assumed where nobody rated anything
LINEAR, NARROW, CLOSE, SMOOTH, LEARNED = "linear", "narrow", "close", "smooth", "learned"
GRAPH, FLAT = "graph", "flat"
WIDE, FINE, ROUGH = "wide", "fine", "rough"  # no candidates any more: evaluators that were saved with them still guess
SHRINKAGES = (0.1, 0.5, 2.5, 12.0, 60.0)  # noise variance / signal variance; FLAT is the limit (the mean)
KERNELS = {LINEAR: SHRINKAGES, NARROW: SHRINKAGES[:4], CLOSE: SHRINKAGES[:4]}
STRAIGHT = (LINEAR, GRAPH)  # their features are coordinates; those of the others are similarities to the supports
POWERS = {WIDE: 1, NARROW: 4, SMOOTH: 4, LEARNED: 4, CLOSE: 8, FINE: 16}  # of the wide kernel; SMOOTH and LEARNED have lenses
FREE = 1000.0  # prior variance of the average where it alone is guessed: not drawn anywhere
SAMPLE = 1000  # rows that are enough for a median distance


@dataclass(frozen=True)
class Candidate:
    """One way to guess: a kernel, its shrinkage (noise variance as a multiple of signal variance) and the embedding
    space in which it compares."""

    kernel: str
    shrinkage: float
    space: int = 0

    @property
    def constant(self) -> float:
        """Prior variance of the person's average in signal variances: five times that of one rating, hence the
        average is drawn towards MIDDLE by the weight of a fifth of one rating; FLAT is the average itself."""
        return FREE if self.kernel == FLAT else 5.0 * (1.0 + self.shrinkage)


def candidates(spaces: int = 1, graphs: Sequence[int] = (), lenses: int = 0, learned: bool = False) -> tuple[Candidate, ...]:
    """Every way to guess from that many embedding spaces; `graphs` are those of them with a graph, and after the spaces come
    so many that are seen through a lens, or one that is learned. The first one is FLAT: always the average."""
    found = [Candidate(FLAT, 1.0)]
    for space in range(spaces):
        kernels = KERNELS | ({GRAPH: SHRINKAGES[:4]} if space in graphs else {})
        found += [Candidate(kernel, s, space) for kernel, shrinkages in kernels.items() for s in shrinkages]
    more = [(SMOOTH, spaces + lens) for lens in range(lenses)] + [(LEARNED, spaces)] * learned
    return tuple(found + [Candidate(kernel, s, space) for kernel, space in more for s in SHRINKAGES[:4]])


CANDIDATES = candidates()


@dataclass(frozen=True)
class Geometry:
    """Where the rated vectors lie. Made from X alone, never from ratings, so it may be shared by all folds.

    centre: float64 [dim], their mean. spread: their mean squared distance from it. width: median squared distance of
    two of them, the usual scale of an RBF kernel (the median heuristic: Garreau, Jitkrittum, Kanagawa 2017). graph:
    how the library hangs together, if it is known.
    """

    centre: np.ndarray
    spread: float
    width: float
    graph: Graph | None = None

    @classmethod
    def of(cls, X: np.ndarray, seed: int = 0, library: np.ndarray | None = None) -> Geometry:
        """Measure X, float [n, dim]; the median comes from at most SAMPLE rows drawn by `seed`. library: float
        [m, dim], items that nobody rated, for the graph."""
        import torch

        centre = X.mean(axis=0, dtype=np.float64)
        rows = np.random.default_rng(seed).permutation(len(X))[:SAMPLE]
        some = torch.from_numpy(X[rows].astype(np.float64) - centre)
        distances = squared_distances(some, some).numpy()[np.triu_indices(len(some), 1)]
        width = float(np.median(distances)) if len(distances) else 0.0
        spread = float(some.square().sum(1).mean())
        graph = None if library is None else Graph.of(library - centre, X - centre, seed)
        return cls(centre, spread if spread > 1e-12 else 1.0, width if width > 1e-12 else 1.0, graph)

    def features(self, kernel: str, A: Tensor, supports: Tensor) -> Tensor:
        """What a kernel sees of centred rows A [m, dim]: coordinates for LINEAR [m, dim] and GRAPH, otherwise the
        similarities [m, q] to the centred supports [q, dim].

        WIDE is exp(-d^2 / 2 width); NARROW is its fourth power, half as wide, CLOSE the square of that, FINE of that one.
        ROUGH is exp(-d / sqrt(width)) (Laplacian).
        """
        if kernel == LINEAR:
            return A * (self.spread**-0.5)
        if kernel == GRAPH:
            return self.graph.features(A)
        distances = squared_distances(A, supports)
        if kernel == ROUGH:
            return (distances * (1 / self.width)).sqrt_().neg_().exp_()
        return (distances * (-0.5 * POWERS[kernel] / self.width)).exp_()

    def gram(self, kernel: str, A: Tensor) -> Tensor:
        """Kernel matrix [n, n] of centred rows A [n, dim]; its mean diagonal is about 1 for every kernel but FLAT (0)."""
        if kernel == FLAT:
            return A.new_zeros(len(A), len(A))
        seen = self.features(kernel, A, A)
        return seen @ seen.T if kernel in STRAIGHT else seen


def bent(kernel: str, exponent: Tensor) -> Tensor:
    """A curved kernel's value, from -d^2 / 2 width (kernels.Geometry.features)."""
    if kernel == ROUGH:
        return (exponent * -2).clamp_(min=0).sqrt_().neg_().exp_()
    return exponent.exp() if kernel == WIDE else (exponent * POWERS[kernel]).exp_()
