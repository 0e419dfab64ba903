"""Carries one file to another place: never over another file, whole or not at all, across disks too."""

import contextlib
import errno
import os
import secrets
import shutil
from pathlib import Path

from flaskr.library.fingerprint import fingerprint

MOST_NAMES = 1000
WORDS = {errno.ENOSPC: "The disk is full.", errno.EDQUOT: "Your share of the disk is full.",
         errno.EROFS: "The disk is read-only.", errno.ENOENT: "The file is not where it was; scan again to find it.",
         errno.EACCES: "This user may not change the folder or the file.",
         errno.EPERM: "This user may not change the folder or the file.",
         errno.ENAMETOOLONG: "The name is too long there.", errno.ENOTDIR: "A file stands where a folder should be.",
         errno.EEXIST: "A file stands where a folder should be."}


def reason(error: OSError) -> str:
    """Why the disk refused, in a sentence."""
    code = errno.ENOENT if isinstance(error, FileNotFoundError) else error.errno
    return WORDS.get(code, f"{error.strerror or type(error).__name__}.")


def carry(source: str, folder: str, name: str = "") -> str:
    """Move a file into an existing folder and say where it is now: a name that is taken gets " (2)". Raises OSError.

    The name is reserved by an empty file first, so that not even a file that appears this moment is written over.
    """
    target = _reserve(folder, name or os.path.basename(source))
    try:
        try:
            os.rename(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_over(source, target)
    except OSError:
        with contextlib.suppress(OSError):
            if os.path.getsize(target) == 0 and os.path.lexists(source):
                os.unlink(target)
        raise
    return target


def _reserve(folder: str, name: str) -> str:
    stem, extension = os.path.splitext(name)
    for number in range(1, MOST_NAMES):
        target = os.path.join(folder, name if number == 1 else f"{stem} ({number}){extension}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        return target
    raise OSError(errno.EEXIST, "Too many files of that name are there")


def _copy_over(source: str, target: str) -> None:
    """To another file system: a hidden copy, on the disk and compared, takes the name; only then the source goes."""
    fresh = os.path.join(os.path.dirname(target), f".{secrets.token_hex(6)}.part")
    try:
        with open(source, "rb") as old, open(fresh, "xb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
        shutil.copystat(source, fresh)
        if fingerprint(Path(fresh)) != fingerprint(Path(source)):
            raise OSError(errno.EIO, "The copy differs from the file")
        os.replace(fresh, target)
        _sync(os.path.dirname(target))
        try:
            os.unlink(source)
        except OSError:
            os.unlink(target)  # the file may not leave its place, so it stays there alone
            raise
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)


def _sync(folder: str) -> None:
    """The folder's entry on the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
