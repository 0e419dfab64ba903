"""The only writer of files and items: one transaction a batch, so a killed scan loses at most one batch of reading."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from os.path import basename, dirname, splitext
from typing import Any

from sqlalchemy import delete, insert, select, update

from flaskr.extensions import db
from flaskr.library import words
from flaskr.library.paths import shown
from flaskr.library.walk import Entry
from flaskr.media.contract import Module
from flaskr.progress import Report
from flaskr.tables import File, next_revision


@dataclass(frozen=True)
class Found:
    """A file that was read: where, which row and item it had, what it is now; `reason` when it is unreadable."""

    entry: Entry
    file_id: int | None
    item_id: int | None
    fingerprint: str
    facts: dict[str, Any] | None
    reason: str


def add_or_move(module: Module, found: list[Found], vanished: dict, report: Report) -> list[Found]:
    """Apply new, moved, copied and unreadable files; return the edits (known path, unknown content) for later."""
    Item, number = module.Item, next_revision(module.name)
    readable = [row for row in found if row.facts is not None]
    known = _items_by_fingerprint(Item, [row.fingerprint for row in readable])
    edits = [row for row in readable if row.fingerprint not in known and row.item_id is not None]
    fresh = {row.fingerprint: row for row in reversed(readable)
             if row.fingerprint not in known and row.item_id is None}
    if fresh:
        db.session.execute(insert(Item), [_new_item(row, number) for row in reversed(fresh.values())])
    made = _items_by_fingerprint(Item, list(fresh))
    report.count("added", len(made))
    items = {name: item for name, (item, _) in (known | made).items()}
    written = [(row, items[row.fingerprint]) for row in readable if row not in edits]
    _write_files(module.name, written + [(row, row.item_id) for row in found if row.facts is None])
    _attach(module, [row for row in readable if row.fingerprint in known], known, vanished, number, report)
    _settle(module, [row.item_id for row, item in written if row.item_id not in (None, item)], number)
    _settle(module, [row.item_id for row in found if row.facts is None and row.item_id], number)
    words.index(module, ((made[row.fingerprint][0], row.entry.path, _titled(row)) for row in fresh.values()))
    db.session.commit()
    return edits


def edit(module: Module, found: list[Found], report: Report) -> None:
    """New content at a known path: the same item, unless that item's content now lives elsewhere."""
    Item, number = module.Item, next_revision(module.name)
    known = _items_by_fingerprint(Item, [row.fingerprint for row in found])
    own = [row.file_id for row in found]
    elsewhere = set(db.session.scalars(
        select(File.item_id).where(File.module == module.name, File.item_id.in_([row.item_id for row in found]),
                                   File.id.not_in(own), File.missing.is_(False), File.error.is_(None))))
    written = []
    for row in found:
        if row.fingerprint in known:
            item = known[row.fingerprint][0]
        elif row.item_id in elsewhere:
            item = db.session.execute(insert(Item).returning(Item.id), [_new_item(row, number)]).scalar_one()
            report.count("added")
        else:
            item = row.item_id
            db.session.execute(update(Item).where(Item.id == item).values(
                **_facts(row, number), missing=False, predicted_by=None))
            elsewhere.add(item)  # a second edited copy of it is its own item from here on
            report.count("changed")
        known[row.fingerprint] = (item, row.entry.path)
        written.append((row, item))
    _write_files(module.name, written)
    _settle(module, [row.item_id for row, item in written if item != row.item_id], number)
    words.index(module, ((item, row.entry.path, _titled(row)) for row, item in written))
    db.session.commit()


def bring_back(module: Module, rows: list, report: Report, batch: int) -> None:
    """Files that were missing and are there again, unchanged."""
    for at in range(0, len(rows), batch):
        some, number = rows[at:at + batch], next_revision(module.name)
        db.session.execute(update(File).where(File.id.in_([row.id for row in some])).values(missing=False))
        good = select(File.item_id).where(File.id.in_([row.id for row in some]), File.error.is_(None))
        changed = db.session.execute(update(module.Item).where(module.Item.id.in_(good), module.Item.missing.is_(True))
                                     .values(missing=False, revised=number))
        report.count("returned", changed.rowcount)
        db.session.commit()


def mark_missing(module: Module, vanished: dict, report: Report, batch: int) -> None:
    """Files that are gone: an item that lives elsewhere drops them, any other keeps its row and is marked missing."""
    gone = list(vanished.values())
    for at in range(0, len(gone), batch):
        some, number = gone[at:at + batch], next_revision(module.name)
        ids = [row.id for row in some]
        db.session.execute(update(File).where(File.id.in_(ids)).values(missing=True))
        items = [row.item_id for row in some if row.item_id is not None]
        hidden = _settle(module, items, number)
        report.count("missing", len(hidden))
        db.session.execute(delete(File).where(File.id.in_(ids), File.item_id.in_(set(items) - hidden)))
        db.session.commit()


def still_unreadable(module: str, listed: set[str]) -> list[tuple[str, str]]:
    """Unreadable files of earlier scans that this one did not have to read again."""
    rows = db.session.execute(select(File.path, File.error).where(
        File.module == module, File.error.is_not(None), File.missing.is_(False)))
    return [(name, error) for path, error in rows if (name := shown(path)) not in listed]


def _items_by_fingerprint(Item: type, fingerprints: list[str]) -> dict[str, tuple[int, str]]:
    rows = db.session.execute(select(Item.fingerprint, Item.id, Item.path).where(Item.fingerprint.in_(fingerprints)))
    return {fingerprint: (id_, path) for fingerprint, id_, path in rows}


def _attach(module: Module, found: list[Found], known: dict, vanished: dict, number: int, report: Report) -> None:
    """Files whose content is a known item: moved (its old path is gone), copied, or touched without a change."""
    for row in found:
        item, path = known[row.fingerprint]
        values = _facts(row, number)
        if path == row.entry.path:
            report.count("touched")
        elif path in vanished or path not in _present(module.name, item):
            report.count("moved")
            known[row.fingerprint] = (item, row.entry.path)
        else:
            report.count("copies")
            values = {"revised": number}
        db.session.execute(update(module.Item).where(module.Item.id == item).values(**values, missing=False))
        words.index(module, [(item, row.entry.path, _titled(row))] if len(values) > 1 else [])


def _present(module: str, item: int) -> set[str]:
    return set(db.session.scalars(select(File.path).where(
        File.module == module, File.item_id == item, File.missing.is_(False), File.error.is_(None))))


def _write_files(module: str, rows: Iterable[tuple[Found, int | None]]) -> None:
    new, old = [], []
    for row, item in rows:
        values = {"size": row.entry.size, "modified_ns": row.entry.modified_ns, "item_id": item, "missing": False,
                  "error": row.reason or None}
        if row.file_id is None:
            new.append({"module": module, "path": row.entry.path, **values})
        else:
            old.append({"id": row.file_id, **values})
    if new:
        db.session.execute(insert(File), new)
    if old:
        db.session.execute(update(File), old)


def _settle(module: Module, items: Iterable[int], number: int) -> set[int]:
    """After items lost files: hide those that have none left, point the others to one they have. The hidden ones."""
    Item, living = module.Item, {item: [] for item in items}
    rows = db.session.execute(select(File.item_id, File.path).where(
        File.module == module.name, File.item_id.in_(living), File.missing.is_(False), File.error.is_(None)))
    for item, path in rows:
        living[item].append(path)
    hidden = {item for item, paths in living.items() if not paths}
    if hidden:
        db.session.execute(update(Item).where(Item.id.in_(hidden)).values(missing=True, revised=number))
    for item, path in db.session.execute(select(Item.id, Item.path).where(Item.id.in_(set(living) - hidden))).all():
        if path not in living[item]:
            there = min(living[item])
            next_revision(words.stream(module))
            db.session.execute(update(Item).where(Item.id == item).values(
                path=there, folder=dirname(there) + "/", revised=number))
    return hidden


def _titled(row: Found) -> dict[str, Any]:
    facts = dict(row.facts or {})
    return facts | {"title": facts.get("title") or shown(splitext(basename(row.entry.path))[0])}


def _facts(row: Found, number: int) -> dict[str, Any]:
    return _titled(row) | {"fingerprint": row.fingerprint, "path": row.entry.path,
                           "folder": dirname(row.entry.path) + "/", "size": row.entry.size,
                           "modified": row.entry.modified_ns / 1e9, "revised": number}


def _new_item(row: Found, number: int) -> dict[str, Any]:
    return _facts(row, number) | {"added": time.time()}
