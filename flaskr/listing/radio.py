"""What the radio plays next, and why."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flaskr.listing.columns import candidates
from flaskr.listing.page import load
from flaskr.media.contract import Module
from flaskr.ranking import Reason, prior, reasons, recommend

HOUR = 3600
MOST = 100


@dataclass(frozen=True)
class Pick:
    """An item the radio chose, its reasons, and the score they multiply to."""

    item: object
    reasons: list[Reason]
    score: float


def queue(module: Module, *, seed: int, count: int, recent: Sequence[int] = (), explore: float = 0.15,
          now: float | None = None) -> list[Pick]:
    """The next `count` items. The same seed, history and hour give the same queue."""
    now = (time.time() if now is None else now) // HOUR * HOUR
    choice = candidates(module)
    if not len(choice.id) or count < 1:
        return []
    picked = recommend(choice, seed=seed, now=now, count=min(count, MOST), recent=list(recent)[-MOST:],
                       explore=explore)
    unknown = prior(choice.rating)
    items = {item.id: item for item in load(module.Item, [int(id_) for id_ in picked.ids])}
    return [Pick(items[int(id_)], reasons(choice, int(row), now=now, draw=float(draw), unknown=unknown),
                 float(score))
            for id_, row, draw, score in zip(picked.ids, picked.index, picked.draw, picked.score, strict=True)
            if int(id_) in items]


def why(module: Module, item_id: int, *, now: float | None = None) -> list[Reason]:
    """The factors of one item as they stand now, without chance; empty when it has no file."""
    choice = candidates(module)
    row = np.flatnonzero(choice.id == item_id)
    return reasons(choice, int(row[0]), now=time.time() if now is None else now) if len(row) else []
