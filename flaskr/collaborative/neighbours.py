"""Item neighbours: the mean of what a person thought of the items most like this one, above what was to be expected."""
from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from flaskr.collaborative.blocks import Strip, product, strips, strongest
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.simple import Bias, fit_bias

KEPT, SHRINK = 60, 100.0
SEEN = 2  # ratings that an item must have to be anybody's neighbour
FLOOR = 1e-4  # neighbours of less weight than this say nothing


@dataclass(frozen=True)
class Neighbours:
    """rating_j = bias + sum_i w_ij residual_i / (sum_i w_ij + floor) over the person's ratings i. weights: csr [m, m]."""

    name: ClassVar[str] = "neighbours"
    mean: float
    item: np.ndarray
    weights: csr_array

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the weight of what they watched around each item."""
        return (people.matrix() @ self.weights).toarray()

    def rate(self, people: Ratings) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        bias = Bias(self.mean, self.item)
        usual, rated = self.mean + bias.habit(people), people.rated
        left = people.rating - usual[people.user] - self.item[people.item]
        told = (people.matrix(left, rated) @ self.weights).toarray()
        told /= (people.matrix(None, rated) @ self.weights).toarray() + FLOOR
        return np.clip(told + usual[:, None] + self.item, 0, 10).astype(np.float32)


def fit_neighbours(data: Ratings, *, kept: int = KEPT, executor: Executor | None = None) -> Neighbours:
    """w_ij = c_ij s_ij^2: c the cosine of who watched both, s the positive part of the correlation of residuals of those
    who rated both, shrunk by n_ij / (n_ij + 100) (Koren 2010, "Factor in the neighbors", with c added: sequels are told by
    who watches them before many have rated both)."""
    bias = fit_bias(data)
    rated = data.rated
    left = data.rating - bias.mean - bias.habit(data)[data.user] - bias.item[data.item]
    seen = np.flatnonzero(np.bincount(data.item[rated], minlength=data.n_items) >= SEEN)
    R, N = data.matrix(left, rated)[:, seen], data.matrix(None, rated)[:, seen]
    watched = data.matrix()[:, seen]
    squares = product(data.matrix(left**2, rated)[:, seen], N, executor)
    size = np.sqrt(np.bincount(watched.indices, minlength=len(seen))).astype(np.float32) + 3

    def columns() -> Iterator[Strip]:
        sums = (strips(X, X, executor) for X in (R, N, watched))
        for (which, weight), (_, both), (_, seen_both) in zip(*sums, strict=True):
            weight /= np.sqrt(squares[which] * squares[:, which].T) + 1e-6
            weight *= both / (both + np.float32(SHRINK))
            np.maximum(weight, 0, out=weight)
            weight *= weight
            weight *= seen_both / size[which, None] / size
            weight[np.arange(len(weight)), np.arange(which.start, which.stop)] = 0
            yield which, weight

    weights = strongest(columns(), seen, data.n_items, kept)
    weights.eliminate_zeros()
    return Neighbours(bias.mean, bias.item, weights)
