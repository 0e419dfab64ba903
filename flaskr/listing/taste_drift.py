"""How ratings moved over time: month by month, and what rose or fell; said only where chance can't explain it."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from flaskr.evaluator import intervals
from flaskr.evaluator.intervals import Figure
from flaskr.extensions import db
from flaskr.listing.live import LEFT_OUT
from flaskr.media.contract import Module
from flaskr.tables import RatingEvent

DAY = 86400.0
SPAN = 60 * DAY  # from the first to the last rating, so that there is a before and an after
AGAIN = 30 * DAY  # between two ratings of one item that count as rated twice
FEW = 5  # ratings on either side
MONTHS = 24  # that are shown
SHOWN = 3  # ratings of a month from which its interval is shown


@dataclass(frozen=True)
class Month:
    """What was rated in a month; label "2026-03". figure: interval of the mean; None without SHOWN ratings."""

    label: str
    n: int
    mean: float
    figure: Figure | None


@dataclass(frozen=True)
class Move:
    """Ratings that rose or fell: of a group, None for all of them; before and after: the means; by: the difference."""

    group: int | None
    before: float
    after: float
    by: Figure


@dataclass(frozen=True)
class Drift:
    """months: oldest first. moves: those whose interval excludes 0, strongest first. again: items rated twice, how they
    changed; None with fewer than FEW. cut: Unix seconds between before and after; None while SPAN is not reached.
    compared: how many differences were looked at."""

    months: tuple[Month, ...] = ()
    moves: tuple[Move, ...] = ()
    again: Figure | None = None
    cut: float | None = None
    compared: int = 0


def events(module: Module) -> np.ndarray:
    """float64 [n, 3] of (item id, rating, Unix seconds), oldest first: what was rated and not taken back or away.

    Imports are left out: their day says when a file came, not when it was judged.

    Of an item that was rated several times on one day the last rating counts.
    """
    rows = db.session.execute(select(RatingEvent.id, RatingEvent.item_id, RatingEvent.rating, RatingEvent.at,
                                     RatingEvent.undoes, RatingEvent.origin)
                              .where(RatingEvent.module == module.name).order_by(RatingEvent.id)).all()
    undone, kept = {row.undoes for row in rows}, {}
    for row in rows:
        if row.id in undone or row.undoes is not None:
            continue
        if row.rating is None:
            kept.pop(row.item_id, None)
        elif row.origin not in LEFT_OUT:
            kept.setdefault(row.item_id, {})[row.at // DAY] = (row.item_id, row.rating, row.at)
    last = [one for days in kept.values() for one in days.values()]
    return np.array(sorted(last, key=lambda row: row[2]), np.float64).reshape(-1, 3)


def drift(rated: np.ndarray, where: np.ndarray) -> Drift:
    """From `events` and the group int [n] of each one's item, -1 for none."""
    if not len(rated):
        return Drift()
    ratings, at = rated[:, 1], rated[:, 2]
    months = _months(ratings, at)
    if at[-1] - at[0] < SPAN:
        return Drift(months)
    cut = float(np.median(at))
    late, found = at > cut, []
    common = intervals.scatter([ratings[where == one] for one in np.unique(where)])
    wanted = [(None, np.ones(len(at), bool)), *((int(one), where == one) for one in np.unique(where[where >= 0]))]
    sides = [(group, ratings[mine & ~late], ratings[mine & late]) for group, mine in wanted]
    sides = [(group, before, after) for group, before, after in sides if min(len(before), len(after)) >= FEW]
    for group, before, after in sides:
        by = intervals.difference(before, after, common, together=len(sides))
        if by.above or by.below:
            found.append(Move(group, float(before.mean()), float(after.mean()), by))
    found.sort(key=lambda move: (move.group is not None, -abs(move.by.value)))
    return Drift(months, tuple(found), _again(rated), cut, len(sides))


def _months(ratings: np.ndarray, at: np.ndarray) -> tuple[Month, ...]:
    labels = at.astype("datetime64[s]").astype("datetime64[M]")
    shown = np.unique(labels)[-MONTHS:]
    parts = [ratings[labels == month] for month in shown]
    common = intervals.scatter(parts)
    return tuple(Month(str(month), len(part), float(part.mean()),
                       intervals.mean(part, common) if len(part) >= SHOWN else None)
                 for month, part in zip(shown, parts, strict=True))


def _again(rated: np.ndarray) -> Figure | None:
    """How items that were rated again changed, last less first."""
    first, last = {}, {}
    for item, rating, at in rated.tolist():
        first.setdefault(item, (rating, at))
        last[item] = (rating, at)
    changes = np.array([last[item][0] - first[item][0] for item in first if last[item][1] - first[item][1] >= AGAIN])
    return intervals.mean(changes, intervals.scatter([changes])) if len(changes) >= FEW else None
