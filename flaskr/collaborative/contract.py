"""What every model of this package is: fitted once on many people, then asked about any person by that person's rows."""
from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from flaskr.collaborative.data import Ratings


@runtime_checkable
class Model(Protocol):
    """A fitted model: a frozen dataclass of arrays that knows items, not people.

    A person is their rows, so that somebody new is answered by the same call as somebody who was there at the fit
    (fold-in), and nothing is stored per person. Its module has `fit(data: Ratings, ...) -> Model`: the same data and
    seed give the same model. A model without an opinion of one kind has None there.
    """

    name: ClassVar[str]

    def score(self, people: Ratings) -> np.ndarray | None:
        """float32 [people, items]: the higher, the sooner this person will watch and like the item. Order only."""

    def rate(self, people: Ratings) -> np.ndarray | None:
        """float32 [people, items]: the rating in 0..10 that this person would give."""

