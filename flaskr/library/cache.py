"""Files made from the person's files and safe to lose: thumbnails and playable copies, bounded in size."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = {"thumbnails": 2 << 30, "playable": 4 << 30}
CHECK_EVERY = 64  # new files between two looks at the size of a cache


def cached(project: Path, kind: str, name: str, make: Callable[[Path], None]) -> Path:
    """The cached file, made by `make(target)` when it is not there; what `make` raises goes on. Atomic."""
    folder = project / "cache" / kind / name[-12:-10]
    path = folder / name
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{secrets.token_hex(6)}{path.suffix}"
    try:
        make(fresh)
        os.replace(fresh, path)
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
