"""All items as one person would have them, and what is watched by the same people: for those who choose among them further."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flaskr.collaborative.recommend import keys
from flaskr.collaborative.saved import Serving


@dataclass(frozen=True)
class Look:
    """ids: int64 [m] ascending, all items of the model. key: float32 [m], the person's order, larger = sooner; expected:
    float32 [m], on the data's own scale; story: int [m], equal for items of one story."""

    ids: np.ndarray
    key: np.ndarray
    expected: np.ndarray
    story: np.ndarray


def look(serving: Serving, ids: Sequence[int], ratings: Sequence[float]) -> Look:
    """The items for a person who gave `ratings` (own scale, -1 = watched) to item `ids`."""
    who = serving.person(ids, ratings)
    rating = serving.model.rate(who)[0]
    return Look(serving.items.ids, keys(serving.model, who, rating[None])[0], rating * serving.items.unit,
                serving.model.taste.story)


def alike(serving: Serving, ids: Sequence[int]) -> np.ndarray:
    """float32 [m]: how much each item is watched by those who watch the items `ids`; 0 where nothing is known."""
    _, codes = serving.codes(ids)
    rows = serving.model.ease.weights[codes]
    return np.maximum(np.asarray(rows.sum(axis=0), np.float32).ravel(), 0)
