"""Implicit ALS: a few hundred hidden directions of taste from who watched what, solved in closed form side by side."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.linalg import lapack
from scipy.sparse import csr_array

from flaskr.collaborative.blocks import each, shared
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import worth

WIDTH, ROUNDS, MORE = 128, 8, 3
UNSEEN, RIDGE = 0.3, 0.003  # weight of everything that was not watched; ridge per row of a user or item
BLOCK = 1000  # people or items that are solved in one go
PEOPLE = 15_000  # items' directions are learnt from at most so many people


@dataclass(frozen=True)
class Ials:
    """score = u V^T, u solved from a person's rows. items: float32 [m, d]; ridge as fitted."""

    name: ClassVar[str] = "ials"
    items: np.ndarray
    unseen: float = UNSEEN
    ridge: float = RIDGE

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]."""
        return self.place(people) @ self.items.T

    def rate(self, people: Ratings) -> None:
        """No opinion."""

    def place(self, people: Ratings) -> np.ndarray:
        """float32 [people, d]: where each person stands among the directions."""
        return _solve(people.matrix(worth(people.rating)), self.items, self._everything, self.unseen, self.ridge)

    @cached_property
    def _everything(self) -> np.ndarray:
        return self.items.T @ self.items


def fit_ials(data: Ratings, *, width: int = WIDTH, rounds: int = ROUNDS, unseen: float = UNSEEN, ridge: float = RIDGE,
             start: np.ndarray | None = None, seed: int = 0, executor: Executor | None = None) -> Ials:
    """Minimise sum_watched (x - u.v)^2 + unseen sum_all (u.v)^2 + ridge sum_u (n_u + unseen m) |u|^2 + the same of items
    (Hu, Koren and Volinsky 2008; frequency-scaled ridge: Rendle, Krichene, Zhang and Koren 2022, "Revisiting the
    Performance of iALS on Item Recommendation Benchmarks"). start: items of an earlier fit, float32 [m, width], to go on
    from in 3 rounds instead of 8."""
    rng = np.random.default_rng(seed)
    if data.n_users > PEOPLE:
        data = data.of_users(np.sort(rng.choice(data.n_users, PEOPLE, replace=False)))
    X = data.matrix(worth(data.rating))
    turned = X.T.tocsr()
    items = rng.normal(0, 0.1 / width**0.5, (data.n_items, width)).astype(np.float32) if start is None else start
    for _ in range(rounds if start is None else MORE):
        users = _sides(X, items, unseen, ridge, executor)
        items = _sides(turned, users, unseen, ridge, executor)
    return Ials(items, unseen, ridge)


def _sides(X: csr_array, other: np.ndarray, unseen: float, ridge: float, executor: Executor | None) -> np.ndarray:
    """float32 [rows of X, d]: half a round, block by block."""
    everything, told = other.T @ other, shared(other, executor)
    rows = (X[start:start + BLOCK] for start in range(0, X.shape[0], BLOCK))
    found = list(each(_solve, ((some, told, everything, unseen, ridge) for some in rows), executor))
    return np.concatenate(found) if found else np.zeros((0, other.shape[1]), np.float32)


def _solve(X: csr_array, other: np.ndarray, everything: np.ndarray, unseen: float, ridge: float) -> np.ndarray:
    """float32 [rows of X, d]: the least-squares side of each row, the other side given. A row without entries is 0."""
    width, found = other.shape[1], np.zeros((X.shape[0], other.shape[1]), np.float32)
    everything = (unseen * everything).astype(np.float32)
    diagonal = np.arange(width)
    for row in np.flatnonzero(np.diff(X.indptr)):
        mine = slice(X.indptr[row], X.indptr[row + 1])
        near = other[X.indices[mine]]
        matrix = everything + near.T @ near
        matrix[diagonal, diagonal] += ridge * (len(near) + unseen * X.shape[1])
        found[row] = lapack.sposv(matrix, X.data[mine] @ near, lower=1, overwrite_a=1)[1]
    return found
