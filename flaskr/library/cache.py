"""Files made from the person's files and safe to lose: thumbnails and playable copies, bounded in size."""

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flaskr.media.contract import Unreadable

MOST_BYTES = {"thumbnails": 2 << 30, "playable": 4 << 30}
CHECK_EVERY = 64  # new files between two looks at the size of a cache
FAILED = 600.0  # seconds for which a file that could not be made is not tried again
MOST_FAILED = 10_000
_guard = threading.Lock()
_making: dict[Path, list] = {}  # path: [lock, how many hold it or wait for it]
_failed: dict[Path, tuple[float, str]] = {}  # path: (until when, reason), the oldest first


def cached(project: Path, kind: str, name: str, make: Callable[[Path], None]) -> Path:
    """The cached file, made by `make(target)` when it is not there; what `make` raises goes on. Atomic.

    Who asks for a file that is being made waits for it. Where `make` raised Unreadable, so does this for `FAILED` seconds.
    """
    folder = project / "cache" / kind / name[-12:-10]
    path = folder / name
    if path.is_file():
        return path
    with _alone(path):
        if path.is_file():
            return path
        _refuse(path)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{secrets.token_hex(6)}{path.suffix}"
        try:
            make(fresh)
            os.replace(fresh, path)
        except Unreadable as error:
            _remember(path, str(error))
            raise
        finally:
            fresh.unlink(missing_ok=True)
    if secrets.randbelow(CHECK_EVERY) == 0:
        prune(project / "cache" / kind, MOST_BYTES[kind])
    return path


def prune(folder: Path, most_bytes: int) -> int:
    """Remove the files longest unused until the folder is within its size; how many went."""
    files = sorted((stat.st_atime, stat.st_size, path) for path in folder.rglob("*")
                   if path.is_file() and (stat := path.stat()))
    total, gone = sum(size for _, size, _ in files), 0
    for _, size, path in files:
        if total <= most_bytes:
            break
        path.unlink(missing_ok=True)
        total, gone = total - size, gone + 1
    return gone


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One at a time for each path."""
    with _guard:
        entry = _making.setdefault(path, [threading.Lock(), 0])
        entry[1] += 1
    try:
        with entry[0]:
            yield
    finally:
        with _guard:
            entry[1] -= 1
            if not entry[1]:
                del _making[path]


def _refuse(path: Path) -> None:
    until, reason = _failed.get(path, (0.0, ""))
    if time.monotonic() < until:
        raise Unreadable(reason)


def _remember(path: Path, reason: str) -> None:
    with _guard:
        _failed.pop(path, None)
        _failed[path] = time.monotonic() + FAILED, reason
        while len(_failed) > MOST_FAILED:
            del _failed[next(iter(_failed))]
