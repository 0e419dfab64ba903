"""EASE: from everything a person watched to everything else by one closed-form matrix, of which the strongest are kept."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from scipy.linalg import lapack
from scipy.sparse import csr_array

from flaskr.collaborative.blocks import lying, product, strongest
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.recency import fading, for_order

RIDGE = 200.0
KEPT = 50  # weights kept of each column: 3 MB instead of 218, and no worse
SEEN = 3  # rows that an item must have to take part: below, its column is noise and the inverse costs its cube
STEPS = ((8.0, 1.0), (7.0, 0.8), (5.0, 0.5), (0.0, 0.3))  # from this rating on, the row counts this much


@dataclass(frozen=True)
class Ease:
    """score = x B. x: a person's rows by how much each counts; B: csr float32 [m, m], its diagonal 0. half_life: of a row in x,
    in days, where times are known; 0 is none."""

    name: ClassVar[str] = "ease"
    weights: csr_array
    half_life: float = 0.0

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]."""
        return (people.matrix(worth(people.rating) * fading(people, self.half_life)) @ self.weights).toarray()

    def rate(self, people: Ratings) -> None:
        """No opinion: how soon something is watched is not how much it is liked."""

    def parts(self, people: Ratings, item: int) -> np.ndarray:
        """float32 [rows]: what each row of one person adds to their score of `item`: why it is recommended."""
        column = self.weights[people.item][:, [item]].toarray()[:, 0]
        return worth(people.rating) * fading(people, self.half_life) * column


def worth(rating: np.ndarray) -> np.ndarray:
    """float32: 1 for a rating >= 8, 0.8 for 7 and for "watched", 0.5 for 5 and 6, 0.3 below."""
    found = np.full(len(rating), 0.8, np.float32)
    for low, value in reversed(STEPS):
        found[rating >= low] = value
    return found


def fit_ease(data: Ratings, *, ridge: float = RIDGE, kept: int = KEPT, executor: Executor | None = None) -> Ease:
    """B = I - P diag(1 / P_jj), P = (X^T X + ridge I)^-1 (Steck 2019, "Embarrassingly Shallow Autoencoders").
    float32; 2 n^2 numbers of 4 bytes for n items with at least 3 rows. The inverse is computed here, X^T X by `executor`.
    Where times matter, the half-life of a person's rows is learnt from what they liked next."""
    half_life = for_order(data, partial(fit_ease, ridge=ridge, kept=kept, executor=executor))
    X = data.matrix(worth(data.rating))
    seen = np.flatnonzero(np.bincount(data.item, minlength=data.n_items) >= SEEN)
    X = X[:, seen]
    inverse = _inverse(product(X, X, executor), ridge)
    inverse /= -np.diag(inverse)[None, :].copy()
    np.fill_diagonal(inverse, 0)
    return Ease(strongest(lying(inverse), seen, data.n_items, kept), half_life)


def _inverse(matrix: np.ndarray, ridge: float) -> np.ndarray:
    """(matrix + ridge I)^-1 of a symmetric positive matrix, by Cholesky, in place."""
    if len(matrix) == 0:
        return matrix
    matrix[np.diag_indices_from(matrix)] += ridge
    factor, wrong = lapack.spotrf(matrix.T, lower=0, overwrite_a=1)
    if wrong:
        raise ValueError("The ratings make no invertible matrix: the ridge is too small.")
    inverse, _ = lapack.spotri(factor, lower=0, overwrite_c=1)
    upper = np.triu(inverse)
    return upper + np.triu(upper, 1).T
