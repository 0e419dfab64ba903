"""Item neighbours: the mean of what a person thought of the items most like this one, above what was to be expected."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import gram, strongest
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


def fit_neighbours(data: Ratings, *, kept: int = KEPT) -> Neighbours:
    """w_ij = c_ij s_ij^2: c the cosine of who watched both, s the positive part of the correlation of residuals of those
    who rated both, shrunk by n_ij / (n_ij + 100) (Koren 2010, "Factor in the neighbors", with c added: sequels are told by
    who watches them before many have rated both)."""
    bias = fit_bias(data)
    rated = data.rated
    left = data.rating - bias.mean - bias.habit(data)[data.user] - bias.item[data.item]
    seen = np.flatnonzero(np.bincount(data.item[rated], minlength=data.n_items) >= SEEN)
    R, N = data.matrix(left, rated)[:, seen], data.matrix(None, rated)[:, seen]
    weight = gram(R)
    squares = np.asarray((data.matrix(left**2, rated)[:, seen].T.tocsr() @ N).toarray(), np.float32)
    squares *= squares.T.copy()
    weight /= np.sqrt(squares, out=squares) + 1e-6
    del squares
    count = gram(N)
    weight *= count / (count + np.float32(SHRINK))
    np.maximum(weight, 0, out=weight)
    weight *= weight
    count = gram(data.matrix()[:, seen])
    size = np.sqrt(np.diag(count)) + 3
    weight *= count / size[:, None] / size
    np.fill_diagonal(weight, 0)
    weights = strongest(weight, seen, data.n_items, kept)
    weights.eliminate_zeros()
    return Neighbours(bias.mean, bias.item, weights)
