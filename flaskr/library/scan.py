"""Scan: brings the tables in line with the folders. Walk, compare, examine, reconcile, apply.

It never deletes an item. What is gone from disk is marked missing and keeps its rating; what returns, under any name,
is the same item again.
"""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, select, type_coerce

from flaskr.extensions import db
from flaskr.library import apply
from flaskr.library.examine import examine
from flaskr.library.paths import is_under, roots_of, shown
from flaskr.library.walk import Entry, Walk
from flaskr.media.contract import Module
from flaskr.progress import Progress, Report, Stopped, silent
from flaskr.tables import ESCAPE, File, decode_path

TICK = 2000
AHEAD = 16  # so many chunks a worker has before it: it goes on while a batch is written
Each = Callable[..., Iterator[tuple[Any, Any, str]]]


class Known(NamedTuple):
    """A file as the last scan left it."""

    id: int
    size: int
    modified_ns: int
    item_id: int | None
    missing: bool


SIZE, MODIFIED, MISSING = (1 + Known._fields.index(name) for name in ("size", "modified_ns", "missing"))


@dataclass
class Difference:
    """What a walk found: files to read, files to bring back, and files that are gone."""

    changed: list[tuple[Entry, Known | None]] = field(default_factory=list)
    returned: list[Known] = field(default_factory=list)
    vanished: dict[str, Known] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    unlisted: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0


def scan(module: Module, folders: Iterable[Path], *, each: Each, formats: Iterable[str] = (),
         progress: Progress = silent, batch: int = 500, again: bool = False) -> Report:
    """Bring the module's items in line with its folders; Stopped when no folder could be used.

    `each(function, argument tuples)` runs the reading, in worker processes as a rule. `again` reads every file anew.
    """
    report, roots = Report("scan", module.name), roots_of(folders)
    if not roots:
        raise Stopped(f"No folder is set for {module.title.lower()}: set {module.name}.media_directory.")
    difference = compare(roots, _known(module.name), frozenset(formats) or module.extensions, progress, again)
    report.count("unchanged", difference.unchanged)
    report.unreadable += [(shown(path), reason) for path, reason in difference.unlisted]
    apply.bring_back(module, difference.returned, report, batch)
    edits = list(_read(module, difference, each, progress, batch, report))
    for some in _batches(edits, batch):
        apply.edit(module, some, report)
    apply.mark_missing(module, difference.vanished, report, batch)
    report.unreadable += apply.still_unreadable(module.name, {path for path, _ in report.unreadable})
    report.counts["unreadable"] = len(report.unreadable)
    if difference.stopped:
        raise Stopped(" ".join(difference.stopped), report.end())
    return report.end()


def compare(roots: list[str], known: dict[str, tuple], formats: frozenset[str], progress: Progress,
            again: bool = False) -> Difference:
    """Walk the roots against what is known; an unchanged file costs its one stat and a dictionary look-up."""
    found = Difference()
    for root in roots:
        walk = Walk(root, formats)
        entries = iter(walk)
        first = next(entries, None)
        if first is None and (reason := _why_empty(root, known)):
            found.stopped.append(reason)
            known = {path: row for path, row in known.items() if not is_under(path, root)}
            continue
        for path, size, modified_ns in itertools.chain([first] if first else [], entries):
            row = known.pop(path, None)
            if row is None or again or row[MODIFIED] != modified_ns or row[SIZE] != size:
                found.changed.append((Entry(path, size, modified_ns), Known._make(row[1:]) if row else None))
            elif row[MISSING]:
                found.returned.append(Known._make(row[1:]))
            else:
                found.unchanged += 1
                if found.unchanged % TICK == 0:
                    progress(0, 0, f"{found.unchanged:,} files found in {shown(root)}")
        found.unlisted += walk.unreadable
        closed = [folder for folder, _ in walk.unreadable]
        if closed:
            known = {path: row for path, row in known.items() if not any(is_under(path, folder) for folder in closed)}
    found.vanished = {path: Known._make(row[1:]) for path, row in known.items() if not row[MISSING]}
    return found


def _known(module: str) -> dict[str, tuple]:
    """Path -> (path, then the columns of Known). Read past SQLAlchemy's rows, which take three times as long: of a
    large library this is half of a scan that finds nothing."""
    table = File.__table__.c
    query = select(type_coerce(table.path, Text), table.id, table.size, table.modified_ns, table.item_id,
                   type_coerce(table.missing, Integer)).where(table.module == module)
    connection = db.session.connection()
    cursor = connection.connection.cursor()
    try:
        cursor.execute(str(query.compile(connection.engine, compile_kwargs={"literal_binds": True})))
        rows = cursor.fetchall()
    finally:
        cursor.close()
    db.session.rollback()
    return {decode_path(row[0]) if ESCAPE in row[0] else row[0]: row for row in rows}


def _why_empty(root: str, known: dict[str, tuple]) -> str:
    """The sentence that stops the scan of a root, or "" when an empty root is no surprise."""
    held = sum(is_under(path, root) and not row[MISSING] for path, row in known.items())
    if not os.path.isdir(root):
        return f"The folder {shown(root)} is not there (unplugged or not mounted?). Nothing was changed."
    if not os.access(root, os.R_OK | os.X_OK):
        return f"The folder {shown(root)} may not be read by this user. Nothing was changed."
    if held:
        return (f"The folder {shown(root)} is empty, but {held:,} files were known there (not mounted?). "
                "Nothing was changed.")
    return ""


def _read(module: Module, difference: Difference, each: Each, progress: Progress, batch: int,
          report: Report) -> Iterator[apply.Found]:
    """Examine what changed and apply it in batches; yields the edits, which must wait until moves are known."""
    rows = {entry.path: (entry, known) for entry, known in difference.changed}
    vanished, total, done = difference.vanished, len(rows), 0
    results = each(examine, ((path, module.describe) for path in rows), ahead=AHEAD)
    for some in _batches(results, batch):
        found = []
        for (path, _), result, failure in some:
            name, facts, reason = result or ("", None, failure)
            entry, known = rows[path]
            found.append(apply.Found(entry, known and known.id, known and known.item_id, name, facts, reason))
            if reason:
                report.unreadable.append((shown(path), reason))
        yield from apply.add_or_move(module, found, vanished, report)
        done += len(found)
        progress(done, total, f"{done:,} of {total:,} files read")


def _batches(values: Iterable, size: int) -> Iterator[list]:
    source = iter(values)
    while some := list(itertools.islice(source, size)):
        yield some
