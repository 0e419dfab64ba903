"""The system's trash: files go into it by send2trash and come back by the freedesktop.org records beside them."""

import configparser
import errno
import os
import sys
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes

SLACK = 5.0  # seconds: clocks of file systems are coarse
LARGEST = 64 << 10  # bytes of one record; longer ones are none
BY_SYSTEM = "Only this system's own trash can give it back: open it and restore the file there."


def put(path: str) -> None:
    """Put a file into the trash; OSError when it can't be."""
    from send2trash import send2trash  # on some desktops it loads their libraries
    try:
        send2trash(path)
    except FileNotFoundError:
        if os.path.lexists(path):  # what is not there is the home folder
            raise OSError(errno.EIO, "This user has no home folder, and so no trash") from None
        raise


def can_restore() -> bool:
    """Whether this system keeps its trash as freedesktop.org has written it down."""
    return os.name == "posix" and sys.platform != "darwin"


def find(paths: Collection[str], since: float) -> dict[str, tuple[str, str]]:
    """Original path -> (trashed file, its record) of what went into the trash after `since`, the latest of each."""
    wanted, found = {_plain(path): path for path in paths}, {}
    for bin_, topdir in {place for path in paths for place in _bins(path)}:
        for record, original, deleted in _records(bin_, topdir, since - SLACK):
            path = wanted.get(_plain(original))
            file = os.path.join(bin_, "files", os.path.basename(record).removesuffix(".trashinfo"))
            if path is not None and _is_file(file) and (
                    path not in found or deleted >= found[path][0]):
                found[path] = (deleted, file, record)
    return {path: (file, record) for path, (_, file, record) in found.items()}


def _plain(path: str) -> str:
    """The path without links on the way, so that it can be compared."""
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _is_file(file: str) -> bool:
    return os.path.isfile(file) and not os.path.islink(file)


def _bins(path: str) -> Iterator[tuple[str, str]]:
    """(trash folder, folder that relative paths in it count from) of every place where this file may lie."""
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    yield os.path.join(home, "Trash"), home
    top = os.path.realpath(os.path.dirname(path))
    while not os.path.ismount(top) and top != os.path.dirname(top):
        top = os.path.dirname(top)
    user = os.getuid()
    yield os.path.join(top, ".Trash", str(user)), top
    yield os.path.join(top, f".Trash-{user}"), top


def _records(bin_: str, topdir: str, since: float) -> Iterator[tuple[str, str, float]]:
    """(record, original path, when) of a trash folder; what is no record is passed over."""
    try:
        entries = list(os.scandir(os.path.join(bin_, "info")))
    except OSError:
        return
    for entry in entries:
        try:
            stat = entry.stat(follow_symlinks=False)
            if not entry.name.endswith(".trashinfo") or stat.st_mtime < since or stat.st_size > LARGEST:
                continue
            said = configparser.RawConfigParser(strict=False)
            said.read_string(Path(entry.path).read_text(encoding="utf-8", errors="replace"))
            path = os.fsdecode(unquote_to_bytes(said["Trash Info"]["Path"]))
            deleted = datetime.fromisoformat(said["Trash Info"]["DeletionDate"]).timestamp()
        except (OSError, ValueError, KeyError, configparser.Error):
            continue
        yield entry.path, os.path.join(topdir, path), deleted
