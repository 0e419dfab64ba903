"""Writes a file of the person's anew, whole or not at all, and never over a change that was made elsewhere."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from flaskr.library.fingerprint import fingerprint

CHANGED = "Another program has changed the file since this page was opened, so nothing was written."


def rewrite(path: Path, content: bytes, expected: str) -> str:
    """Replace the content of `path` if its fingerprint is `expected`; "" or the reason why nothing was written.

    Mode and extended attributes stay; the new content is on the disk before the old one goes.
    """
    try:
        if fingerprint(path) != expected:
            return CHANGED
        return _replace(path, content, expected)
    except OSError as error:
        return f"The file could not be written ({error.strerror or type(error).__name__}); it is as it was."


def _replace(path: Path, content: bytes, expected: str) -> str:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            shutil.copystat(path, name)
            with suppress(PermissionError):
                os.chown(name, path.stat().st_uid, path.stat().st_gid)
            os.utime(name)
            os.fsync(file.fileno())
        if fingerprint(path) != expected:
            return CHANGED
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    _sync(path.parent)
    return ""


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
