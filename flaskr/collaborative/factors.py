"""Hidden directions of ratings, with what a person only watched as a hint of where they stand (after SVD++)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array, diags_array

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.simple import Bias, fit_bias

WIDTH, ROUNDS = 16, 8
RIDGE = 8.0  # ratings' worth of belief that a direction does not matter
HINT = 300.0  # ridge of the map from what was watched to where a person stands


@dataclass(frozen=True)
class Factors:
    """rating = bias + (h + p) . v: h = what the person watched, |N|^-1/2 sum of hints over N; p solved from their ratings.
    items v: float32 [m, d]; hints: float32 [m, d]."""

    name: ClassVar[str] = "factors"
    mean: float
    item: np.ndarray
    items: np.ndarray
    hints: np.ndarray

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the expected rating as an order."""
        return self.rate(people)

    def rate(self, people: Ratings) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        bias, rated = Bias(self.mean, self.item), people.rated
        usual = self.mean + bias.habit(people)
        left = people.rating - usual[people.user] - self.item[people.item]
        place = _place(people.matrix(left, rated), self.items, _hinted(people) @ self.hints)
        return np.clip(usual[:, None] + self.item + place @ self.items.T, 0, 10).astype(np.float32)


def fit_factors(data: Ratings, *, width: int = WIDTH, rounds: int = ROUNDS, seed: int = 0) -> Factors:
    """Alternating ridge for the model of SVD++ (Koren 2008, "Factorization Meets the Neighborhood"): users around their hint,
    items around 0, hints by ridge on where the users stand (conjugate gradients)."""
    bias, rated = fit_bias(data), data.rated
    left = data.rating - bias.mean - bias.habit(data)[data.user] - bias.item[data.item]
    R, watched = data.matrix(left, rated), _hinted(data)
    turned = R.T.tocsr()
    items = np.random.default_rng(seed).normal(0, 0.1, (data.n_items, width)).astype(np.float32)
    hints = np.zeros_like(items)
    for _ in range(rounds):
        users = _place(R, items, watched @ hints)
        items = _place(turned, users, np.zeros_like(items))
        hints = _hints(watched, users, hints)
    return Factors(bias.mean, bias.item, items, hints)


def _hinted(people: Ratings) -> csr_array:
    X = people.matrix()
    return (diags_array(1 / np.sqrt(np.maximum(np.diff(X.indptr), 1)).astype(np.float32)) @ X).tocsr()


def _place(R: csr_array, other: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """float32 [rows, d]: ridge of each row's residuals on `other`, drawn to `centre` instead of 0."""
    found, eye = centre.astype(np.float32), RIDGE * np.eye(other.shape[1], dtype=np.float32)
    for row in np.flatnonzero(np.diff(R.indptr)):
        mine = slice(R.indptr[row], R.indptr[row + 1])
        near = other[R.indices[mine]]
        found[row] += np.linalg.solve(near.T @ near + eye, near.T @ (R.data[mine] - near @ found[row]))
    return found


def _hints(watched: csr_array, users: np.ndarray, start: np.ndarray, steps: int = 5) -> np.ndarray:
    """A few steps of conjugate gradients towards (X^T X + HINT I) hints = X^T users, all directions side by side."""
    turned, found = watched.T.tocsr(), start.copy()
    rest = turned @ (users - watched @ found) - HINT * found
    step, size = rest.copy(), (rest**2).sum(0)
    for _ in range(steps):
        along = turned @ (watched @ step) + HINT * step
        far = size / np.maximum((step * along).sum(0), 1e-12)
        found += far * step
        rest -= far * along
        new = (rest**2).sum(0)
        step = rest + new / np.maximum(size, 1e-12) * step
        size = new
    return found.astype(np.float32)
