"""Folders that files may be moved to: those that hold items already."""

import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.library.paths import is_under, roots_of, shown
from flaskr.media.contract import Module
from flaskr.tables import decode_path, encode_path, revision

MOST = 300
LONGEST = 4096  # signs of a path
_held: dict[tuple[str, str], tuple[tuple, list[tuple[str, str]]]] = {}


def folder_of(sent: str) -> str:
    """The folder that a form sends: as `destinations` writes it, or as a person types it."""
    folder = decode_path(sent[:LONGEST])
    return folder if os.path.isdir(folder) else folder.strip()


def destinations(module: Module, folders: Iterable[Path]) -> list[tuple[str, str]]:
    """(what the form sends, what the person reads) of each folder, the roots first; at most MOST."""
    roots = roots_of(folders)
    key, state = (str(db.engine.url), module.name), (revision(module.name), *roots)
    if key not in _held or _held[key][0] != state:
        rows = db.session.scalars(select(module.Item.folder).where(module.Item.missing.is_(False)).distinct().limit(MOST))
        within = sorted({row.rstrip("/") for row in rows} - set(roots))
        known = [*roots, *(folder for folder in within if any(is_under(folder, root) for root in roots))]
        _held[key] = state, [(encode_path(folder), shown(folder)) for folder in known]
    return _held[key][1]
