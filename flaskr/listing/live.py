"""What only the log of ratings can tell: how good predictions were before each rating, and how steady the person is."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import func, select

from flaskr.evaluator import ceiling, prequential
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import RatingEvent

CHANCE = "random"  # origin of ratings that the queue asked for by chance
AGAIN = "again"  # origin of ratings that the queue asked for a second time, the first one hidden
LEFT_OUT = ("undo", "duplicate", "import")  # no new judgements of the person
APART = 86_400.0  # seconds after which a changed rating is a second judgement, no correction
POINTS = 40  # of the curve


@dataclass(frozen=True)
class Live:
    """everything, chance: evaluator.live.prequential of all first ratings, and of those asked for by chance. twice: two
    ratings each of the same items, [n, 2]."""

    everything: dict[str, Any]
    chance: dict[str, Any]
    twice: np.ndarray

    def ceiling(self, report: dict[str, Any]) -> dict[str, Any]:
        """evaluator.live.ceiling, with the share of it that a report's figures reach."""
        return ceiling(self.twice[:, 0], self.twice[:, 1],
                       **{name: (report.get(name) or {}).get("value") for name in ("spearman", "mae")})


def live(module: Module) -> Live:
    """As of the last rating; remembered until the next one."""
    last = db.session.scalar(select(func.max(RatingEvent.id)).where(RatingEvent.module == module.name)) or 0
    return _live(str(db.engine.url), module.name, last)


@lru_cache(maxsize=32)
def _live(_database: str, name: str, _last: int) -> Live:
    rows = db.session.execute(select(
        RatingEvent.id, RatingEvent.item_id, RatingEvent.rating, RatingEvent.prediction, RatingEvent.at, RatingEvent.origin,
        RatingEvent.undoes).where(RatingEvent.module == name).order_by(RatingEvent.id)).all()
    undone = {row.undoes for row in rows}
    rows = [row for row in rows if row.id not in undone and row.rating is not None and row.origin not in LEFT_OUT]
    first: dict[int, Any] = {}
    twice: dict[int, tuple[float, float]] = {}
    latest: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.item_id, row)
        before = latest.get(row.item_id)
        if before is not None and (row.origin == AGAIN or row.at - before.at >= APART):
            twice.setdefault(row.item_id, (before.rating, row.rating))
        latest[row.item_id] = row
    # A second rating of an item was learned from: only the first one was foreseen by an evaluator that did not know it.
    told = np.array([(np.nan if row.prediction is None else row.prediction, row.rating, row.at, row.origin == CHANCE)
                     for row in first.values()], float).reshape(-1, 4)
    predictions, ratings, times, by_chance = told.T
    window = max(30, int(np.isfinite(predictions).sum()) * 2 // POINTS)
    return Live(
        prequential(predictions, ratings, times, window=window),
        prequential(np.where(by_chance > 0, predictions, np.nan), ratings, times),
        np.array(list(twice.values()), float).reshape(-1, 2))
