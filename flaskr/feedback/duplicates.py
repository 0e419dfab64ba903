"""What the person says about near-duplicates: which one to keep, whose rating it gets, and which are not the same."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import delete, select

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.library import tidy
from flaskr.media.contract import Module
from flaskr.progress import Stopped
from flaskr.tables import Different, RatingEvent

ORIGIN = "duplicate"
MOST = 50


@dataclass(frozen=True)
class Kept:
    """The one that stays, the rating it got (None: it kept its own, or there was none), and what became of the others."""

    title: str
    change: ratings.Change | None
    event: int | None
    tidied: tidy.Tidied | None


def keep(module: Module, keeper: int, others: Sequence[int], *, settings: Any, throw: bool) -> Kept:
    """Keep one of near-duplicates: it gets the newest rating of the others if it has none; `throw`: they go to the trash.

    The rating is written before a file moves. KeyError for an unknown item; Stopped when the keeper has no file.
    """
    if throw:
        tidy.permit(settings)
    items = {item.id: item for item in db.session.scalars(
        select(module.Item).where(module.Item.id.in_([keeper, *others[:MOST]])))}
    kept, rest = items[keeper], [items[id_] for id_ in dict.fromkeys(others[:MOST]) if id_ in items and id_ != keeper]
    title = kept.title
    if not rest:
        raise Stopped("Choose at least two that are alike.")
    if throw and (kept.missing or not os.path.isfile(kept.path)):
        raise Stopped(f"The file of “{title}” is not where it was, so the others stay. Update the library first.")
    rated = [item for item in rest if item.rating is not None]
    change = event = None
    away = [item.id for item in rest if not item.missing]
    if kept.rating is None and rated:
        newest = max(rated, key=lambda item: item.rated_at or 0.0).rating
        change = ratings.rate(module, keeper, newest, origin=ORIGIN)
        event = db.session.scalar(select(RatingEvent.id).where(
            RatingEvent.module == module.name, RatingEvent.item_id == keeper).order_by(RatingEvent.id.desc()).limit(1))
    return Kept(title, change, event, tidy.throw_away(module, away, settings=settings) if throw and away else None)


def take_back(module: Module, event_id: int) -> ratings.Change | None:
    """Take back the rating that a keeper got, unless it was changed since (None)."""
    event = db.session.get(RatingEvent, event_id)
    if event is None or event.module != module.name or event.origin != ORIGIN:
        raise KeyError(event_id)
    last = db.session.scalar(select(RatingEvent.id).where(
        RatingEvent.module == module.name, RatingEvent.item_id == event.item_id).order_by(RatingEvent.id.desc()).limit(1))
    if last != event.id:
        return None
    return ratings.rate(module, event.item_id, event.before, origin="undo", undoes=event.id)


def differ(module: Module, ids: Sequence[int]) -> list[int]:
    """Note that these items are not the same, each with each; the numbers of the notes, for an undo."""
    known = set(db.session.scalars(select(module.Item.id).where(module.Item.id.in_(ids[:MOST]))))
    there = {tuple(row) for row in db.session.execute(select(Different.first, Different.second).where(
        Different.module == module.name, Different.first.in_(known)))}
    made = [Different(module=module.name, first=first, second=second)
            for first, second in combinations(sorted(known), 2) if (first, second) not in there]
    db.session.add_all(made)
    db.session.commit()
    return [note.id for note in made]


def same_again(module: Module, notes: Sequence[int]) -> int:
    """Forget that items differ; how many notes went."""
    gone = db.session.execute(delete(Different).where(Different.module == module.name, Different.id.in_(notes)))
    db.session.commit()
    return gone.rowcount
