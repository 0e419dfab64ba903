"""The only writer of places: how far the person was in an item, to go on from there."""

import time

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Place


def place(module: Module, item_id: int) -> float | None:
    """The place last kept, as the module counts (seconds; page and share of it); None before the first."""
    return db.session.scalar(select(Place.at).where(Place.module == module.name, Place.item_id == item_id))


def keep(module: Module, item_id: int, at: float) -> None:
    """Remember a place; KeyError when there is no such item."""
    if db.session.get(module.Item, item_id) is None:
        raise KeyError(item_id)
    found = db.session.scalar(select(Place).where(Place.module == module.name, Place.item_id == item_id))
    if found is None:
        found = Place(module=module.name, item_id=item_id)
        db.session.add(found)
    found.at, found.seen = at, time.time()
    db.session.commit()
