"""Reads what was played, for the head that listens to it; ratings are never written here, nor is anything else."""

from collections.abc import Iterable

import numpy as np
from sqlalchemy import Integer, case, cast, func, select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Play, RatingEvent


def heard(module: Module, ids: Iterable[int], *, before_rating: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(finished, skipped, share heard) float [n] each, of items by id: how often, how often, and how much of it on average,
    0..1, NaN where it was never played or its length is not known.

    before_rating: only plays that had ended when the item was first rated. What is rated high is played more often because
    of that: later plays would only say what the rating says.
    """
    Item = module.Item
    length = getattr(Item, "duration", None)
    share = None if length is None else func.avg(case(
        (length > 0, case((Play.heard < length, Play.heard / length), else_=1.0)), else_=None))
    chosen = select(Play.item_id, func.sum(cast(Play.finished, Integer)), func.sum(cast(Play.skipped, Integer)),
                    *((share,) if share is not None else ()))
    chosen = chosen.join(Item, Item.id == Play.item_id).where(Play.module == module.name).group_by(Play.item_id)
    if before_rating:
        first = (select(RatingEvent.item_id, func.min(RatingEvent.at).label("at"))
                 .where(RatingEvent.module == module.name, RatingEvent.rating.is_not(None))
                 .group_by(RatingEvent.item_id).subquery())
        chosen = chosen.join(first, first.c.item_id == Play.item_id).where(Play.started + Play.heard <= first.c.at)
    found = {row[0]: row[1:] for row in db.session.execute(chosen)}
    rows = [found.get(id_, (0, 0, None)) for id_ in ids]
    table = np.array([[row[0], row[1], np.nan if len(row) < 3 or row[2] is None else row[2]] for row in rows],
                     float).reshape(len(rows), 3)
    return table[:, 0], table[:, 1], table[:, 2]
