"""Why an item is recommended: the rows of the person that speak for it."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import Ease
from flaskr.collaborative.taste import STORY, Taste

MOST = 3


@dataclass(frozen=True)
class Reason:
    """item: code of something the person watched. rating: what they gave, -1 = watched only. part: its share, 0..1, of all
    that speaks for the recommended item. kind: "watched" (people who watch one watch the other), "story" (same story)."""

    item: int
    rating: float
    part: float
    kind: str


def reasons(person: Ratings, item: int, ease: Ease, taste: Taste, *, most: int = MOST) -> list[Reason]:
    """The strongest reasons first, at most `most`; none for a person without rows. Only what they did not dislike (a rating
    at least their own mean, or watched) can be a reason: "because you hated X" helps nobody."""
    if len(person) == 0:
        return []
    rated = person.rating[person.rated]
    fine = (person.rating < 0) | (person.rating >= (rated.mean() if len(rated) else 0))
    same = taste.story[person.item] == taste.story[item]
    parts = np.maximum(ease.parts(person, item), 0) * fine
    close = taste.close[person.item][:, [item]].toarray()[:, 0]
    parts = parts + 0.1 * (close + STORY * same) * fine
    whole = float(parts.sum())
    chosen = [int(row) for row in np.argsort(-parts, kind="stable")[:most] if parts[row] > 0.02 * whole]
    return [Reason(int(person.item[row]), float(person.rating[row]), float(parts[row]) / whole,
                   "story" if same[row] else "watched") for row in chosen]
