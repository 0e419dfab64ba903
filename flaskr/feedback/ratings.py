"""The only writer of ratings. Each change is also an event that keeps the prediction that stood then."""

import math
import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import RatingEvent, next_revision


class InvalidRating(Exception):
    """A rating is a number from 0 to 10."""


class NothingToUndo(Exception):
    """There is no rating to take back."""


@dataclass(frozen=True)
class Change:
    """What a rating was and is; both NULL-able."""

    module: str
    item_id: int
    title: str
    before: float | None
    rating: float | None


def parse(text: str | float | None) -> float | None:
    """A rating from a form: "" and None mean unrated; InvalidRating otherwise when it is not within 0..10."""
    if text is None or text == "":
        return None
    try:
        value = float(str(text).replace(",", "."))
    except ValueError:
        raise InvalidRating(f"“{str(text)[:40]}” is not a number from 0 to 10.") from None
    if not math.isfinite(value) or not 0 <= value <= 10:
        raise InvalidRating(f"A rating is a number from 0 to 10, not {str(text)[:40]}.")
    return round(value, 2)


def rate(module: Module, item_id: int, rating: float | None, *, origin: str = "page",
         undoes: int | None = None) -> Change:
    """Set or remove (None) the rating of an item. KeyError when there is no such item."""
    if rating is not None:
        rating = parse(rating)
    number = next_revision(module.name)
    item = db.session.get(module.Item, item_id, populate_existing=True)
    if item is None:
        db.session.rollback()
        raise KeyError(item_id)
    now = time.time()
    change = Change(module.name, item.id, item.title, item.rating, rating)
    db.session.add(RatingEvent(
        module=module.name, item_id=item.id, fingerprint=item.fingerprint, before=item.rating, rating=rating,
        prediction=item.prediction, spread=item.spread, predicted_by=item.predicted_by, at=now, origin=origin,
        undoes=undoes))
    item.rating, item.rated_at, item.revised = rating, None if rating is None else now, number
    db.session.commit()
    return change


def undo(module: Module) -> Change:
    """Take back the last change that was not taken back yet; NothingToUndo when there is none."""
    later = aliased(RatingEvent)
    event = db.session.scalar(
        select(RatingEvent).where(
            RatingEvent.module == module.name, RatingEvent.undoes.is_(None),
            ~select(later.id).where(later.undoes == RatingEvent.id).exists())
        .order_by(RatingEvent.id.desc()).limit(1))
    if event is None:
        raise NothingToUndo("There is no rating to take back.")
    return rate(module, event.item_id, event.before, origin="undo", undoes=event.id)


def events(module: Module, item_id: int, limit: int = 50) -> list[RatingEvent]:
    """The last changes of an item's rating, newest first."""
    return list(db.session.scalars(
        select(RatingEvent).where(RatingEvent.module == module.name, RatingEvent.item_id == item_id)
        .order_by(RatingEvent.id.desc()).limit(limit)))
