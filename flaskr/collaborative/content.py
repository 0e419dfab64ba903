"""What a person likes by what the catalogue says: genres, type, length, score and members, one ridge for each person."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.simple import Bias, features, fit_bias

RIDGE = 0.8  # ratings' worth of belief that a feature does not matter


@dataclass(frozen=True)
class Content:
    """rating_j = bias + a_j . w, w by ridge on the person's own residuals. described: float32 [m, f]."""

    name: ClassVar[str] = "content"
    mean: float
    item: np.ndarray
    described: np.ndarray

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the expected rating as an order."""
        return self.rate(people)

    def rate(self, people: Ratings) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        mine = people.keep(people.rated)
        usual = self.mean + Bias(self.mean, self.item).habit(people)
        left = mine.rating - usual[mine.user] - self.item[mine.item]
        starts, width = mine.starts, self.described.shape[1]
        wish = np.zeros((people.n_users, width), np.float32)
        for user in np.flatnonzero(np.diff(starts)):
            rows = slice(starts[user], starts[user + 1])
            a = self.described[mine.item[rows]]
            wish[user] = np.linalg.solve(a.T @ a + RIDGE * np.eye(width), a.T @ left[rows])
        return np.clip(usual[:, None] + self.item + wish @ self.described.T, 0, 10).astype(np.float32)


def fit_content(data: Ratings) -> Content:
    """Item means and features; each person's ridge is solved when they are asked about."""
    bias = fit_bias(data)
    return Content(bias.mean, bias.item, features(data))
