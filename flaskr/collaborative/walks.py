"""RP3beta: three random steps person-item-person-item, with the pull of popular items taken back."""
from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array, diags_array

from flaskr.collaborative.blocks import Strip, strips, strongest
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import worth

KEPT = 50
BETA = 0.6  # as evidence beside models that know what is popular; alone, 0.2 orders better


@dataclass(frozen=True)
class Walks:
    """score = x W. weights: csr float32 [m, m], the strongest of each column."""

    name: ClassVar[str] = "walks"
    weights: csr_array

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]."""
        return (people.matrix(worth(people.rating)) @ self.weights).toarray()

    def rate(self, people: Ratings) -> None:
        """No opinion."""


def fit_walks(data: Ratings, *, beta: float = BETA, kept: int = KEPT, executor: Executor | None = None) -> Walks:
    """W_ij = sum_u (1 / n_i) (1 / n_u) / n_j^beta over users u of both (Paudel, Christoffel, Newell and Bernstein 2017)."""
    X = data.matrix()
    per_user = diags_array(1 / np.sqrt(np.maximum(np.diff(X.indptr), 1)).astype(np.float32))
    X = (per_user @ X).tocsr()
    size = np.maximum(np.bincount(data.item, minlength=data.n_items), 1).astype(np.float32)

    def columns() -> Iterator[Strip]:
        for which, weight in strips(X, X, executor):
            weight /= size
            weight /= size[which, None] ** np.float32(beta)
            weight[np.arange(len(weight)), np.arange(which.start, which.stop)] = 0
            yield which, weight

    weights = strongest(columns(), np.arange(data.n_items), data.n_items, kept)
    weights.eliminate_zeros()
    return Walks(weights)
