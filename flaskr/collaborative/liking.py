"""The liking head: expected ratings of several models in one, weighted by what they were worth on hidden ratings."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.optimize import nnls

from flaskr.collaborative.contract import Model
from flaskr.collaborative.protocols import Split

HALF = 20  # with so many ratings of a person the second weight of a member counts half


@dataclass(frozen=True)
class Weights:
    """bias + sum_m (always_m + much_m n / (n + 20)) (rating_m - bias), never negative. always, much: float64 [members]."""

    name: ClassVar[str] = "liking"
    always: np.ndarray
    much: np.ndarray

    def blend(self, bias: np.ndarray, others: Sequence[np.ndarray], count: np.ndarray) -> np.ndarray:
        """float32 [people, items] in 0..10; count: ratings of each person."""
        known = count / (count + HALF)
        found = bias.copy()
        for always, much, other in zip(self.always, self.much, others, strict=True):
            found += (always + much * known)[:, None].astype(np.float32) * (other - bias)
        return np.clip(found, 0, 10, out=found)


def learn(split: Split, bias: Model, others: Sequence[Model]) -> Weights:
    """Non-negative least squares on the hidden ratings of a split that the models were not fitted on (feature-weighted
    stacking: Sill, Takacs, Mackey and Lin 2009). Without hidden ratings the last model alone counts."""
    usual, *guesses = (at_hidden(model, split) for model in (bias, *others))
    if len(split.held) < HALF:
        return Weights(np.eye(len(others))[-1], np.zeros(len(others)))
    rated = np.bincount(split.train.user[split.train.rated], minlength=split.train.n_users)[split.hidden.user]
    gains = np.column_stack([guess - usual for guess in guesses])
    found, _ = nnls(np.hstack([gains, gains * (rated / (rated + HALF))[:, None]]), split.hidden.rating - usual)
    return Weights(found[:len(others)], found[len(others):])


def at_hidden(model: Model, split: Split) -> np.ndarray:
    """float64 [h]: the model's expected ratings of the hidden rows, asked with the rows of `train` alone."""
    hidden, found = split.hidden, np.zeros(len(split.held))
    starts = hidden.starts
    for block in split.train.blocks():
        rows = slice(starts[block[0]], starts[block[-1] + 1])
        if rows.stop > rows.start:
            rates = model.rate(split.train.of_users(block))
            found[rows] = rates[hidden.user[rows] - block[0], hidden.item[rows]]
    return found
