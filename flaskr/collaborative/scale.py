"""Which scale the ratings of a file are on, and how they come to 0..10."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from flaskr.collaborative.data import TOP

SCALES = (5.0, 10.0, 100.0)
ENOUGH = 100  # ratings, none above 5, from which on a file is one of five stars: a few low ratings may be chance


@dataclass(frozen=True)
class Scale:
    """A scale that ends at `top`; below 0 stays as it is (-1: watched)."""

    top: float = TOP

    def fit(self, rating: np.ndarray) -> np.ndarray:
        """float64 [n] on 0..10, rounded to hundredths as ratings are; what lies outside of the scale stays outside."""
        return rating if self.top == TOP else np.where(rating < 0, rating, np.round(rating * (TOP / self.top), 2))

    @property
    def words(self) -> str:
        """What was done to the ratings, for the person; "" when nothing was."""
        if self.top == TOP:
            return ""
        how = "doubled" if self.top < TOP else "divided by ten"
        return f"The ratings of the file end at {self.top:.0f}, so each was {how}: here all are from 0 to 10."


def found(ratings: Iterable[np.ndarray]) -> Scale:
    """The scale of all ratings of a file, block by block. A few impossible ones don't turn ten points into a hundred: that
    takes more than half of them above 10."""
    count = above_low = above_top = 0
    for block in ratings:
        given = block[block >= 0]
        count += len(given)
        above_low += int((given > SCALES[0]).sum())
        above_top += int((given > TOP).sum())
    if above_top > count / 2:
        return Scale(SCALES[2])
    return Scale(SCALES[0]) if count >= ENOUGH and not above_low else Scale()
