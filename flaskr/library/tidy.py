"""Tidy: moves the person's files and puts them into the trash, only where a setting allows it, with a way back.

The plan is written down first, then the disk changes, then the tables. Whenever the process is killed, no rating is lost: what
moved without the tables knowing is found by the next scan, by its content.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os.path import basename, dirname
from typing import Any

from sqlalchemy import Row, select

from flaskr.extensions import db
from flaskr.library import apply, trash
from flaskr.library.carry import carry, reason
from flaskr.library.follow import follow
from flaskr.library.paths import Outside, folder_inside, inside, shown
from flaskr.library.scan import Known
from flaskr.media.contract import Module
from flaskr.progress import Report, Stopped
from flaskr.tables import File, Job, Tidying, decode_path, encode_path

MOST = 1000
BATCH = 100  # files whose rows are written in one transaction
_lock = threading.Lock()


class Refused(Exception):
    """Files may not be changed here: the setting `library.files_may_change` is off."""


class NothingToPutBack(Exception):
    """Nothing was moved or put into the trash that could be put back."""


@dataclass
class Tidied:
    """What became of it: its number for an undo, ids of the items that were tidied, and path -> why it stays."""

    kind: str
    id: int
    done: list[int] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """(name, reason) of each file that stays where it was."""
        return [(shown(basename(path)), why) for path, why in self.left.items()]


def permit(settings: Any) -> None:
    """Refused unless the setting allows that files change."""
    if not settings.library.files_may_change:
        raise Refused("Files may not be changed here. To allow it, set library.files_may_change to true in config.yaml "
                      "and restart.")


def move(module: Module, ids: Sequence[int], folder: str, *, settings: Any) -> Tidied:
    """Move the shown file of each item into a folder of the library, made when it is not there.

    Raises Refused, Outside, or Stopped where nothing can be moved; what alone can't be moved is told in `left`.
    """
    with _alone(module, ids, settings):
        if not folder:
            raise Stopped("Name the folder first.")
        roots = settings.module(module.name).media_directory
        target = folder_inside(folder, roots)
        try:
            os.makedirs(target, exist_ok=True)
        except OSError as error:
            raise Stopped(f"The folder {shown(target)} can't be made. {reason(error)}") from None
        rows = [row for row in _files(module, ids, shown_only=True) if dirname(row.path) != target]
        plan = _plan(module, "move", [(row.item_id, row.path, os.path.join(target, basename(row.path))) for row in rows])
        told, went = Tidied("move", plan.id), []
        for some in _batches(rows):
            moved = [(row.item_id, row.path, there) for row in some if (there := _move_one(row.path, target, roots, told))]
            follow(module, moved)
            went += moved
        return _close(plan, went, told)


def throw_away(module: Module, ids: Sequence[int], *, settings: Any) -> Tidied:
    """Put every copy of each item into the trash. The item is marked missing and keeps its rating and its history."""
    with _alone(module, ids, settings):
        roots = settings.module(module.name).media_directory
        rows = _files(module, ids)
        plan = _plan(module, "trash", [(row.item_id, row.path, "") for row in rows])
        told, went = Tidied("trash", plan.id), []
        for some in _batches(rows):
            gone = [row for row in some if _throw_one(row.path, roots, told)]
            known = {row.path: Known(row.id, row.size, row.modified_ns, row.item_id, False) for row in gone}
            apply.mark_missing(module, known, Report("trash", module.name), BATCH)
            went += [(row.item_id, row.path, "") for row in gone]
        return _close(plan, went, told)


def undo(module: Module, number: int | None = None, *, settings: Any) -> Tidied:
    """Put back what was moved or thrown away in one go: the one with that number, else the last; NothingToPutBack.

    What can't be put back now is told in `left` and may be tried again.
    """
    with _alone(module, [], settings):
        found = select(Tidying).where(Tidying.module == module.name, Tidying.undone.is_(False))
        plan = db.session.scalar((found if number is None else found.where(Tidying.id == number))
                                 .order_by(Tidying.id.desc()).limit(1))
        if plan is None:
            raise NothingToPutBack("There is nothing to put back.")
        if plan.kind == "trash" and not trash.can_restore():
            raise Stopped(trash.BY_SYSTEM)
        told, roots = Tidied(plan.kind, plan.id), settings.module(module.name).media_directory
        rows = [(item, decode_path(source), decode_path(there)) for item, source, there in plan.rows]
        db.session.rollback()  # nothing is held open while files are carried
        back = list(_restored(rows, plan.at, roots, told) if plan.kind == "trash"
                    else _moved_back(module, rows, roots, told))
        follow(module, back)
        told.done += dict.fromkeys(item for item, _, _ in back)
        plan.rows = [[item, encode_path(source), encode_path(there)] for item, source, there in rows if source in told.left]
        plan.undone = not plan.rows
        db.session.commit()
        return told


@contextmanager
def _alone(module: Module, ids: Sequence[int], settings: Any) -> Iterator[None]:
    """Allowed, bounded, one at a time, and not while a scan compares what it saw with what is known."""
    permit(settings)
    if len(ids) > MOST:
        raise Stopped(f"At most {MOST:,} files can be tidied at once; {len(ids):,} were chosen.")
    if db.session.scalar(select(Job.id).where(Job.verb == "scan", Job.module == module.name,
                                              Job.state.in_(("running", "paused"))).limit(1)):
        raise Stopped("The library is being updated right now. Tidy when that is done.")
    with _lock:
        yield


def _files(module: Module, ids: Sequence[int], *, shown_only: bool = False) -> list[Row]:
    """Present files of the items, in the order of the ids; Stopped when there are none."""
    Item, order = module.Item, {id_: at for at, id_ in enumerate(ids)}
    chosen = select(File.id, File.item_id, File.path, File.size, File.modified_ns).join(Item, Item.id == File.item_id).where(
        File.module == module.name, File.missing.is_(False), File.item_id.in_(order))
    rows = sorted(db.session.execute(chosen.where(File.path == Item.path) if shown_only else chosen),
                  key=lambda row: (order[row.item_id], row.path))
    if not rows:
        raise Stopped("Choose something that has a file first.")
    return rows


def _plan(module: Module, kind: str, rows: list[tuple[int, str, str]]) -> Tidying:
    if not rows:
        raise Stopped("All of it is there already.")
    plan = Tidying(module=module.name, kind=kind, at=time.time(), undone=False,
                   rows=[[item, encode_path(source), encode_path(there)] for item, source, there in rows])
    db.session.add(plan)
    db.session.commit()
    return plan


def _close(plan: Tidying, went: list[tuple[int, str, str]], told: Tidied) -> Tidied:
    """The plan becomes what was done; one that did nothing leaves nothing to undo."""
    told.done += dict.fromkeys(item for item, _, _ in went)
    plan.rows, plan.undone = [[item, encode_path(source), encode_path(there)] for item, source, there in went], not went
    db.session.commit()
    return told


def _move_one(path: str, folder: str, roots: Iterable, told: Tidied) -> str:
    """Where the file is now, or "" with the reason told."""
    with _told(path, told):
        inside(path, roots)
        if os.path.islink(path):
            told.left[path] = "It is a link to another file, so it stays where it is."
            return ""
        return carry(path, folder)
    return ""


def _throw_one(path: str, roots: Iterable, told: Tidied) -> bool:
    with _told(path, told):
        inside(path, roots)
        trash.put(path)
    return path not in told.left


def _moved_back(module: Module, rows: list, roots: Iterable, told: Tidied) -> Iterator[tuple[int, str, str]]:
    """(item, path before, path now): what is still where it was moved to goes back to where it was."""
    Item = module.Item
    now = dict(map(tuple, db.session.execute(select(Item.id, Item.path).where(Item.id.in_([row[0] for row in rows])))))
    db.session.rollback()
    for item, source, there in rows:
        at = now.get(item, "")
        if dirname(at) != dirname(there):
            told.left[source] = "It is no longer where it was moved to."
            continue
        with _told(source, told):
            inside(at, roots)
            home = folder_inside(dirname(source), roots)
            os.makedirs(home, exist_ok=True)
            yield item, at, carry(at, home, basename(source))


def _restored(rows: list, since: float, roots: Iterable, told: Tidied) -> Iterator[tuple[int, str, str]]:
    """(item, path before, path now): what lies in the trash goes back to where it was."""
    found = trash.find([source for _, source, _ in rows], since)
    for item, source, _ in rows:
        if source not in found:
            told.left[source] = "It is no longer in the trash."
            continue
        file, record = found[source]
        with _told(source, told):
            home = folder_inside(dirname(source), roots)
            os.makedirs(home, exist_ok=True)
            back = carry(file, home, basename(source))
            with suppress(OSError):
                os.unlink(record)
            yield item, source, back


@contextmanager
def _told(path: str, told: Tidied) -> Iterator[None]:
    """What keeps a file where it is becomes its reason; the others go on."""
    try:
        yield
    except Outside:
        told.left[path] = "Its folder is not part of your library."
    except OSError as error:
        told.left[path] = reason(error)


def _batches(rows: list) -> Iterator[list]:
    return (rows[at:at + BATCH] for at in range(0, len(rows), BATCH))
