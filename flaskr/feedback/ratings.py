"""The only writer of ratings. Each change is also an event that keeps the prediction that stood then."""

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import RatingEvent, next_revision

IN_ONE_QUERY = 500


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


def rate(module: Module, item_id: int, rating: float | None, *, origin: str = "page", undoes: int | None = None) -> Change:
    """Set or remove (None) the rating of an item. KeyError when there is no such item. `undoes`: the event it takes back."""
    changes = _write(module, {item_id: (None if rating is None else parse(rating), undoes)}, origin)
    if not changes:
        raise KeyError(item_id)
    return changes[0]


def rate_all(module: Module, ids: Iterable[int], rating: float | None, *, origin: str = "page") -> list[Change]:
    """Set or remove the rating of many items in one transaction, to be taken back as one. Unknown ids are left out."""
    rating = None if rating is None else parse(rating)
    return _write(module, dict.fromkeys(ids, (rating, None)), origin)


def rate_each(module: Module, wanted: Mapping[int, float], *, origin: str) -> list[Change]:
    """Give many items a rating of their own in one transaction, to be taken back as one. Unknown ids are left out."""
    return _write(module, {id_: (parse(rating), None) for id_, rating in wanted.items()}, origin) if wanted else []


def undo(module: Module) -> list[Change]:
    """Take back what was rated last and not taken back yet, one item or many; NothingToUndo when there is none.

    Items rated as one share the moment of their events, and no other events of their module do.
    """
    events = open_events(module)
    return _write(module, {event.item_id: (event.before, event.id) for event in events}, "undo")


def open_events(module: Module) -> list[RatingEvent]:
    """The events that the next undo takes back; NothingToUndo when there are none."""
    open_ = (RatingEvent.module == module.name, RatingEvent.undoes.is_(None), RatingEvent.id.not_in(
        select(RatingEvent.undoes).where(RatingEvent.module == module.name, RatingEvent.undoes.is_not(None))))
    last = db.session.scalar(select(RatingEvent.at).where(*open_).order_by(RatingEvent.id.desc()).limit(1))
    if last is None:
        raise NothingToUndo("There is no rating to take back.")
    return list(db.session.scalars(select(RatingEvent).where(RatingEvent.at == last, *open_)))


def _write(module: Module, wanted: dict[int, tuple[float | None, int | None]], origin: str) -> list[Change]:
    """{item id: (rating, the event that this takes back)} in one transaction."""
    number, Item = next_revision(module.name), module.Item
    columns = (Item.id, Item.title, Item.fingerprint, Item.rating, Item.prediction, Item.spread, Item.predicted_by)
    ids, rows = list(wanted), []
    for at in range(0, len(ids), IN_ONE_QUERY):
        rows += db.session.execute(select(*columns).where(Item.id.in_(ids[at:at + IN_ONE_QUERY]))).all()
    if not rows:
        db.session.rollback()
        return []
    now = moment(module)
    db.session.execute(insert(RatingEvent), [
        {"module": module.name, "item_id": row.id, "fingerprint": row.fingerprint, "before": row.rating,
         "rating": wanted[row.id][0], "prediction": row.prediction, "spread": row.spread,
         "predicted_by": row.predicted_by, "at": now, "origin": origin, "undoes": wanted[row.id][1]} for row in rows])
    db.session.execute(update(Item), [
        {"id": row.id, "rating": wanted[row.id][0], "rated_at": None if wanted[row.id][0] is None else now,
         "revised": number} for row in rows])
    db.session.commit()
    return [Change(module.name, row.id, row.title, row.rating, wanted[row.id][0]) for row in rows]


def moment(module: Module) -> float:
    """Now, in Unix seconds, at which no other event of the module stands; the write lock is held."""
    now = time.time()
    while db.session.scalar(select(RatingEvent.id).where(RatingEvent.at == now, RatingEvent.module == module.name)):
        now = math.nextafter(now, math.inf)
    return now


def last(module: Module, origin: str) -> tuple[str, RatingEvent] | None:
    """(title, event) of the last rating of an origin that was not taken back; None without one."""
    undone = select(RatingEvent.undoes).where(RatingEvent.module == module.name, RatingEvent.undoes.is_not(None))
    event = db.session.scalar(select(RatingEvent).where(
        RatingEvent.module == module.name, RatingEvent.origin == origin, RatingEvent.id.not_in(undone))
        .order_by(RatingEvent.id.desc()).limit(1))
    item = event and db.session.get(module.Item, event.item_id)
    return (item.title, event) if item else None


def events(module: Module, item_id: int, limit: int = 50) -> list[RatingEvent]:
    """The last changes of an item's rating, newest first."""
    return list(db.session.scalars(
        select(RatingEvent).where(RatingEvent.module == module.name, RatingEvent.item_id == item_id)
        .order_by(RatingEvent.id.desc()).limit(limit)))
