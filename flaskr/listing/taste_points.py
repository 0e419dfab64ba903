"""The points of the map for the page that draws it: bounded, whatever the size of the library."""

from pathlib import Path
from typing import Any

import numpy as np

from flaskr.evaluator import maps
from flaskr.listing.columns import candidates
from flaskr.media.contract import Module
from flaskr.ranking import Candidates
from flaskr.ranking.explore import noise

MOST = 12_000  # points that are drawn
MOST_RATED = 4000  # of them, where there are enough others
EDGES = (0.03, 0.97)  # quantiles of the predictions that the colours span


def points(module: Module, project: Path, *, trusted: bool) -> dict[str, Any]:
    """{"points": [[id, x, y, prediction or None, rating or None], ...], "names": [[words, x, y], ...], "low", "middle", "high":
    what the colours mean}; x and y 0..1000. Without `trusted` there are no predictions. Chosen by chance where there are too
    many, the same ones each time; rated ones last, so that they are drawn above."""
    drawn, known = maps.load(maps.path_of(project, module.name)), candidates(module)
    if drawn is None:
        return {"points": [], "names": [], "low": 0, "middle": 5, "high": 10, "total": 0}
    at = drawn.rows_of(known.id)
    rated = ~np.isnan(known.rating)
    others = np.flatnonzero((at >= 0) & ~rated)
    some = _some(np.flatnonzero((at >= 0) & rated), known, max(MOST_RATED, MOST - len(others)))
    others = _some(others, known, MOST - len(some))
    rows = np.concatenate((others, some))
    guesses = known.mean if trusted else np.full(len(known.id), np.nan, np.float32)
    values = [[None if value != value else value for value in np.round(column[rows].astype(np.float64), 1).tolist()]
              for column in (guesses, known.rating)]
    found = [[id_, *place, *pair] for id_, place, *pair in zip(
        known.id[rows].tolist(), _place(drawn, at[rows]), *values, strict=True)]
    return {"points": found, "names": _names(drawn), "total": int(np.count_nonzero(at >= 0)), **_scale(guesses, known.rating)}


def _some(rows: np.ndarray, known: Candidates, most: int) -> np.ndarray:
    if len(rows) <= most:
        return rows
    return np.sort(rows[np.argpartition(noise(known.id[rows], 0), most)[:most]])


def _names(drawn: maps.LibraryMap) -> list[list]:
    """Each group's name where its most typical item lies, the largest group first."""
    sizes, found = np.bincount(drawn.group, minlength=len(drawn.names)), []
    typical = drawn.rows_of(drawn.central[:, 0])
    for one in np.argsort(-sizes, kind="stable").tolist():
        if sizes[one] and drawn.names[one]:
            found.append([drawn.names[one], *_place(drawn, typical[one])])
    return found


def _place(drawn: maps.LibraryMap, rows: np.ndarray) -> list:
    return np.round((drawn.at[rows].astype(np.float64) / maps.FINE + 1) * 500).astype(int).tolist()


def _scale(guesses: np.ndarray, ratings: np.ndarray) -> dict[str, float]:
    """What the colours span: as much below the person's average as above it."""
    rated = ratings[~np.isnan(ratings)]
    values = np.concatenate((guesses[~np.isnan(guesses)], rated))
    if not len(values):
        return {"low": 0.0, "middle": 5.0, "high": 10.0}
    middle = float((rated if len(rated) else values).mean(dtype=np.float64))
    half = max(0.5, float(np.abs(np.quantile(values, EDGES) - middle).max()))
    return {"low": round(middle - half, 1), "middle": round(middle, 1), "high": round(middle + half, 1)}
