"""One person's page: what to watch next, how much they will like it, and why."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flaskr.collaborative import order
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ensemble import UNKNOWN, Ensemble
from flaskr.collaborative.reasons import Reason, reasons_of
from flaskr.collaborative.watching import FEW


@dataclass(frozen=True)
class Pick:
    """item: its code. key: what the page is ordered by. rating: expected, in 0..10. reasons: strongest first, may be none."""

    item: int
    key: float
    rating: float
    reasons: list[Reason]


def recommend(model: Ensemble, person: Ratings, count: int, *, most: int = 2,
              only: np.ndarray | None = None) -> list[Pick]:
    """The `count` best unseen items for one person, at most `most` of one story; fewer if fewer are left.
    only: bool [items]."""
    tasted = model.taste.rate(person)  # both heads ask it
    rating = model.rate(person, tasted)[0]
    key = keys(model, person, rating[None], tasted)[0]
    if only is not None:
        key = np.where(only, key, -np.inf)
    items = order.page(key, model.taste.story, count, most=most)
    because = reasons_of(person, items, model.ease, model.taste)
    return [Pick(int(item), float(key[item]), float(rating[item]), why) for item, why in zip(items, because, strict=True)]


def keys(model: Ensemble, people: Ratings, rating: np.ndarray, tasted: np.ndarray | None = None) -> np.ndarray:
    """float32 [people, items]: chance of watching x expected liking; the bare score where it is no chance (popularity, or
    no trees were better than the members)."""
    score = model.score(people, tasted)
    rows = np.diff(people.starts)
    chance = (rows > UNKNOWN) & np.where(rows <= FEW, model.beginners is not None, model.forest is not None)
    return np.where(chance[:, None], order.promise(score, rating), score)
