"""The item that an address names, its file through the one door to the disk, and work on it in a worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app

from flaskr.extensions import db
from flaskr.library.paths import inside
from flaskr.media.contract import Module

LIMIT = 60.0  # seconds that a person may be kept waiting for one page


def find(module: Module, item_id: int) -> Any:
    """The item of this id; KeyError when there is none."""
    found = db.session.get(module.Item, item_id) if item_id < 2**63 else None
    if found is None:
        raise KeyError(item_id)
    return found


def real(module: Module, path: str) -> Path:
    """The real path of an item's file; Outside or FileNotFoundError otherwise."""
    return inside(path, current_app.extensions["settings"].module(module.name).media_directory)


def in_worker(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function says of untrusted files, in a worker process that no job keeps busy.

    Unreadable when it takes longer than a file may, or `LIMIT` seconds; Busy when no worker was free for as long.
    """
    db.session.rollback()  # nothing is held open meanwhile
    limit = min(LIMIT, current_app.extensions["settings"].compute.file_timeout)
    return current_app.extensions["previews"].run(function, *arguments, timeout=limit)
