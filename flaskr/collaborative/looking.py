"""All items as one person would have them, and what is watched by the same people: for those who choose among them further."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from flaskr.collaborative.data import Ratings, person
from flaskr.collaborative.reasons import Reason, reasons
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
    who = _person(serving, ids, ratings)
    rating = serving.model.rate(who)[0]
    return Look(serving.items.ids, keys(serving.model, who, rating[None])[0], rating * serving.items.unit,
                serving.model.taste.story)


def why(serving: Serving, ids: Sequence[int], ratings: Sequence[float], item: int) -> list[Reason]:
    """The person's rows that speak for an item; items in them are ids, ratings on the own scale. None for an unknown item."""
    codes, there = _codes(serving, [item])
    if not there[0]:
        return []
    found = reasons(_person(serving, ids, ratings), int(codes[0]), serving.model.ease, serving.model.taste)
    return [replace(reason, item=int(serving.items.ids[reason.item]),
                    rating=reason.rating * (serving.items.unit if reason.rating > 0 else 1)) for reason in found]


def alike(serving: Serving, ids: Sequence[int]) -> np.ndarray:
    """float32 [m]: how much each item is watched by those who watch the items `ids`; 0 where nothing is known."""
    codes, there = _codes(serving, ids)
    rows = serving.model.ease.weights[codes[there]]
    return np.maximum(np.asarray(rows.sum(axis=0), np.float32).ravel(), 0)


def _person(serving: Serving, ids: Sequence[int], ratings: Sequence[float]) -> Ratings:
    codes, there = _codes(serving, ids)
    values = np.asarray(ratings, np.float32)
    values = np.where(values < 0, -1, values / serving.items.unit)
    like = Ratings(*(np.empty(0, kind) for kind in (np.int32, np.int32, np.float32)), np.empty(0, np.int64), serving.items.ids)
    return person(codes[there], values[there], like)


def _codes(serving: Serving, ids: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Codes of item ids, and which of these the model knows."""
    known, ids = serving.items.ids, np.asarray(ids, np.int64)
    codes = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return codes, known[codes] == ids
