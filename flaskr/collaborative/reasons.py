"""Why an item is recommended: the rows of the person that speak for it."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import Ease, worth
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
    """The strongest reasons for one item first, at most `most`; none for a person without rows."""
    return reasons_of(person, np.array([item]), ease, taste, most=most)[0]


def reasons_of(person: Ratings, items: np.ndarray, ease: Ease, taste: Taste, *, most: int = MOST) -> list[list[Reason]]:
    """The same for each of a page's items, looked up at once. Only what they did not dislike (a rating at least their own
    mean, or watched) can be a reason: "because you hated X" helps nobody."""
    rated = person.rating[person.rated]
    fine = (person.rating < 0) | (person.rating >= (rated.mean() if len(rated) else 0))
    same = taste.story[person.item][:, None] == taste.story[items]
    parts = np.maximum(worth(person.rating)[:, None] * among(ease.weights, person.item, items), 0)
    parts = (parts + 0.1 * (among(taste.close, person.item, items) + STORY * same)) * fine[:, None]
    found = []
    for place, whole in enumerate(parts.sum(0).tolist()):
        part = parts[:, place]
        chosen = [row for row in np.argsort(-part, kind="stable")[:most].tolist() if part[row] > 0.02 * whole]
        found.append([Reason(int(person.item[row]), float(person.rating[row]), float(part[row]) / whole,
                             "story" if same[row, place] else "watched") for row in chosen])
    return found


def among(matrix: csr_array, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """float32 [rows, columns]: dense part of a sparse matrix; scipy's own indexing takes twenty times as long for a page."""
    starts, counts = matrix.indptr[rows], np.diff(matrix.indptr)[rows]
    ends = np.cumsum(counts)
    at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
    place = np.full(matrix.shape[1], -1, np.int32)
    place[columns] = np.arange(len(columns))
    column = place[matrix.indices[at]]
    known = column >= 0
    found = np.zeros((len(rows), len(columns)), np.float32)
    found[np.repeat(np.arange(len(rows)), counts)[known], column[known]] = matrix.data[at][known]
    return found
