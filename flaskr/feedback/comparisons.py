"""The only writer of comparisons: which of two the person likes better. A rating is never made from one."""

import time

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback.ratings import InvalidRating, NothingToUndo
from flaskr.media.contract import Module
from flaskr.tables import Comparison


def compare(module: Module, first: int, second: int, preferred: int | None, *, origin: str) -> Comparison:
    """Keep an answer with the predictions that stood. KeyError for an unknown item; InvalidRating where `preferred`, an
    item's id or None for neither, is not one of two different items."""
    items = [db.session.get(module.Item, id_) for id_ in (first, second)]
    if None in items:
        raise KeyError(first if items[0] is None else second)
    if first == second or preferred not in (first, second, None):
        raise InvalidRating("Choose one of the two, or neither.")
    same = items[0].predicted_by == items[1].predicted_by
    kept = Comparison(module=module.name, first=first, second=second, preferred=preferred, at=time.time(), origin=origin,
                      first_prediction=items[0].prediction if same else None,
                      second_prediction=items[1].prediction if same else None,
                      predicted_by=items[0].predicted_by if same else None)
    db.session.add(kept)
    db.session.commit()
    return kept


def undo(module: Module) -> None:
    """Take back the last answer; NothingToUndo when there is none."""
    last = db.session.scalar(select(Comparison).where(Comparison.module == module.name, Comparison.undone.is_(False))
                             .order_by(Comparison.id.desc()).limit(1))
    if last is None:
        raise NothingToUndo("There is no answer to take back.")
    last.undone = True
    db.session.commit()
