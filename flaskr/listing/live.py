"""What only time can tell, from the log: how well was predicted what the person said afterwards, and how far one could get."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import aliased

from flaskr.evaluator import ceiling, prequential
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Comparison, RatingEvent

AGAIN = "again"  # origin of ratings given a second time without seeing the first


@dataclass(frozen=True)
class Share:
    """How many of n, with a 95 % interval (Wilson 1927)."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Live:
    """chance: live.prequential of the ratings that were asked for by chance. noise: live.ceiling of the ratings given
    twice. close, any: how often the one of two that was preferred had been predicted higher, among pairs chosen because
    their predictions are close, and among pairs by chance; None without any."""

    chance: dict[str, Any]
    noise: dict[str, Any]
    close: Share | None
    any: Share | None


def live(module: Module) -> Live:
    """All figures of a module that need no evaluator, only what stood in the log at the time."""
    first, again = twice(module)
    return Live(prequential(*chance(module)), ceiling(first, again), _preferred(module, "close"), _preferred(module, "random"))


def chance(module: Module) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(predictions, ratings, times) float64 [n] of first ratings that were asked for by chance and not taken back: a fair
    test of the predictions on the whole library. NaN where none stood."""
    return _arrays(select(RatingEvent.prediction, RatingEvent.rating, RatingEvent.at).where(
        *_standing(module), RatingEvent.origin == "random", RatingEvent.before.is_(None)).order_by(RatingEvent.id), 3)


def twice(module: Module) -> tuple[np.ndarray, np.ndarray]:
    """(first, second) float64 [n] of ratings given twice to the same item, the second without seeing the first."""
    return _arrays(select(RatingEvent.before, RatingEvent.rating).where(
        *_standing(module), RatingEvent.origin == AGAIN, RatingEvent.before.is_not(None)).order_by(RatingEvent.id), 2)


def _standing(module: Module) -> tuple:
    """Ratings, not removals, that were not taken back."""
    undo = aliased(RatingEvent)
    return (RatingEvent.module == module.name, RatingEvent.rating.is_not(None),
            ~select(undo.id).where(undo.module == module.name, undo.undoes == RatingEvent.id).exists())


def _arrays(chosen: Any, columns: int) -> tuple[np.ndarray, ...]:
    rows = db.session.execute(chosen).all()
    return tuple(np.array([tuple(row) for row in rows], np.float64).reshape(-1, columns).T)


def _preferred(module: Module, origin: str) -> Share | None:
    rows = db.session.execute(select(
        Comparison.preferred == Comparison.first, Comparison.first_prediction - Comparison.second_prediction).where(
        Comparison.module == module.name, Comparison.undone.is_(False), Comparison.origin == origin,
        Comparison.preferred.is_not(None), Comparison.first_prediction != Comparison.second_prediction)).all()
    return share(sum(bool(first) == (ahead > 0) for first, ahead in rows), len(rows))


def share(right: int, n: int) -> Share | None:
    """right of n with its interval; None for n = 0."""
    if not n:
        return None
    z, p = 1.96, right / n
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return Share(n, p, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n))
