"""Reads one known file anew, as a scan would that found it changed: for what edits files and wants to see it at once."""

import os

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.library import apply
from flaskr.library.examine import examine
from flaskr.library.paths import shown
from flaskr.library.scan import Each
from flaskr.library.walk import Entry
from flaskr.media.contract import Module, Unreadable
from flaskr.progress import Report
from flaskr.tables import File


def reread(module: Module, path: str, *, each: Each) -> None:
    """Bring one file's item in line with its content; the rating stays.

    KeyError for a file that no scan has seen, Unreadable when it can't be read any more (which is noted on the file).
    """
    row = db.session.execute(select(File.id, File.item_id).where(File.module == module.name, File.path == path)).first()
    db.session.rollback()
    if row is None:
        raise KeyError(shown(path))
    stat = os.stat(path)
    _, result, failure = next(iter(each(examine, [(path, module.describe)])))
    name, facts, reason = result or ("", None, failure)
    found = apply.Found(Entry(path, stat.st_size, stat.st_mtime_ns), row.id, row.item_id, name, facts, reason)
    report = Report("scan", module.name)
    if edits := apply.add_or_move(module, [found], {}, report):
        apply.edit(module, edits, report)
    if reason:
        raise Unreadable(reason)
