"""The only writer of what the person says of a catalogue's titles: rated, watched, not interested; each change an event."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.media.contract import Module
from flaskr.tables import CatalogueRating, RatingEvent, next_revision

WATCHED, HIDDEN = "watched", "hidden"
IMPORT = "import"
AT_ONCE = 500


@dataclass(frozen=True)
class Said:
    """What the person says of one title: a rating 0..10 or none; "watched", "hidden" (not interested) or no mark."""

    rating: float | None = None
    mark: str | None = None

    @property
    def value(self) -> float | None:
        """As many people's ratings have it: 0..10, -1 for watched and not rated; None where it was not watched."""
        return self.rating if self.rating is not None else -1.0 if self.mark == WATCHED else None


NOTHING = Said()


@dataclass(frozen=True)
class Guess:
    """What a model expected of a title at the moment at which it was rated."""

    rating: float
    version: str


@dataclass(frozen=True)
class Change(ratings.Change):
    """A change of a rating, of a mark, or of both."""

    mark_before: str | None
    mark: str | None


@dataclass(frozen=True)
class Brought:
    """What became of a list: titles new to the person, changed, the same before; and those that the person rated otherwise
    by hand, as (theirs, the list's) by id, and whether the list's were taken."""

    new: int
    changed: int
    same: int
    differ: dict[int, tuple[Said, Said]]
    taken: bool


def said(module: Module, ids: Collection[int] | None = None) -> dict[int, Said]:
    """What the person says of these titles, or of all that they said something of."""
    here = select(CatalogueRating.item_id, CatalogueRating.rating, CatalogueRating.mark).where(
        CatalogueRating.module == module.name)
    if ids is None:
        rows = db.session.execute(here).all()
    else:
        ids = list(ids)
        rows = [row for at in range(0, len(ids), AT_ONCE) for row in db.session.execute(
            here.where(CatalogueRating.item_id.in_(ids[at:at + AT_ONCE])))]
    return {row.item_id: Said(row.rating, row.mark) for row in rows}


def rate(module: Module, item_id: int, rating: float | None, *, origin: str = "page", guess: Guess | None = None) -> Change:
    """Set or remove (None) the rating of a title; who rates it is interested. KeyError when there is no such title."""
    rating = None if rating is None else ratings.parse(rating)
    next_revision(module.name)  # takes the write lock: what is read now still stands when it is written
    before = said(module, [item_id]).get(item_id, NOTHING)
    mark = None if before.mark == HIDDEN and rating is not None else before.mark
    return _one(module, item_id, Said(rating, mark), origin, guess)


def mark(module: Module, item_id: int, mark: str | None, *, origin: str = "page") -> Change:
    """Mark a title as watched or hidden, or take the mark away (None); its rating stays. KeyError as above."""
    if mark not in (None, WATCHED, HIDDEN):
        raise KeyError(mark)
    next_revision(module.name)
    before = said(module, [item_id]).get(item_id, NOTHING)
    return _one(module, item_id, Said(before.rating, mark), origin, None)


def undo(module: Module) -> list[Change]:
    """Take back what was said last and not taken back yet, of one title or of a whole list; NothingToUndo if there is none."""
    ratings.open_events(module)
    next_revision(module.name)
    events = ratings.open_events(module)
    return _write(module, {event.item_id: Said(event.before, event.mark_before) for event in events}, "undo",
                  undoes={event.item_id: event.id for event in events})


def bring(module: Module, given: Mapping[int, Said], *, take: bool = False) -> Brought:
    """Take over a list from elsewhere in one transaction, to be undone as one. It adds and, where an earlier list said
    otherwise, changes; what the person rated by hand and it says otherwise stays unless `take`."""
    next_revision(module.name)
    now, by_hand = said(module), _by_hand(module)
    wanted, new, same, differ = {}, 0, 0, {}
    for id_, other in given.items():
        mine = now.get(id_, NOTHING)
        whole = _joined(mine, other)
        if whole == mine:
            same += 1
            continue
        if id_ in by_hand and (mine.rating is not None or mine == NOTHING):
            differ[id_] = (mine, other)
            if not take:
                continue
        new += mine == NOTHING and id_ not in differ
        wanted[id_] = whole
    _write(module, wanted, IMPORT)
    return Brought(new, len(wanted) - new - len(differ) * take, same, differ, take and bool(differ))


def _joined(mine: Said, other: Said) -> Said:
    """A list without a rating takes none away, and whoever watched or rated it is interested."""
    if mine == NOTHING:
        return other
    if other.rating is None:
        return mine if mine.value is not None else Said(None, other.mark)
    return Said(other.rating, None if mine.mark == HIDDEN and mine.rating is None else mine.mark)


def _by_hand(module: Module) -> set[int]:
    """Titles whose last change, if it was not taken back, came from the person and not from a list."""
    undone = select(RatingEvent.undoes).where(RatingEvent.module == module.name, RatingEvent.undoes.is_not(None))
    last = select(func.max(RatingEvent.id)).where(
        RatingEvent.module == module.name, RatingEvent.undoes.is_(None), RatingEvent.id.not_in(undone)).group_by(
        RatingEvent.item_id)
    return set(db.session.scalars(select(RatingEvent.item_id).where(RatingEvent.id.in_(last), RatingEvent.origin != IMPORT)))


def _one(module: Module, item_id: int, wanted: Said, origin: str, guess: Guess | None) -> Change:
    changes = _write(module, {item_id: wanted}, origin, guess=guess)
    if not changes:
        raise KeyError(item_id)
    return changes[0]


def _write(module: Module, wanted: Mapping[int, Said], origin: str, *, undoes: Mapping[int, int] | None = None,
           guess: Guess | None = None) -> list[Change]:
    """Everything in the transaction that holds the lock, with one moment for all of its events."""
    Item, ids = module.Item, list(wanted)
    titles = {row.id: row.title for at in range(0, len(ids), AT_ONCE) for row in db.session.execute(
        select(Item.id, Item.title).where(Item.id.in_(ids[at:at + AT_ONCE])))}
    if not titles:
        db.session.rollback()
        return []
    before, now, undoes = said(module, titles), ratings.moment(module), undoes or {}
    changes = [Change(module.name, id_, title, before.get(id_, NOTHING).rating, wanted[id_].rating,
                      before.get(id_, NOTHING).mark, wanted[id_].mark) for id_, title in titles.items()]
    db.session.execute(insert(RatingEvent), [
        {"module": module.name, "item_id": one.item_id, "fingerprint": f"{module.name}:{one.item_id}", "before": one.before,
         "rating": one.rating, "mark_before": one.mark_before, "mark": one.mark, "at": now, "origin": origin,
         "undoes": undoes.get(one.item_id), "prediction": guess and guess.rating, "predicted_by": guess and guess.version}
        for one in changes])
    for at in range(0, len(changes), AT_ONCE):
        db.session.execute(delete(CatalogueRating).where(
            CatalogueRating.module == module.name,
            CatalogueRating.item_id.in_([one.item_id for one in changes[at:at + AT_ONCE]])))
    kept = [{"module": module.name, "item_id": one.item_id, "rating": one.rating, "mark": one.mark, "at": now}
            for one in changes if one.rating is not None or one.mark]
    if kept:
        db.session.execute(insert(CatalogueRating), kept)
    db.session.commit()
    return changes
