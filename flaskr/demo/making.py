"""Writes a demo library file by file: what is there is left alone, and a file is in its place only when it is whole."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


class Making(Iterator[Path]):
    """Yields the path of each piece once it is written; `operator.length_hint` tells how many are still to come.

    `pieces` are (path below the folder, function that writes the piece to the path it is given). A piece whose path
    exists is neither written nor yielded, so a second call finishes what a first one began.
    """

    def __init__(self, folder: Path, pieces: Iterable[tuple[Path, Callable[[Path], None]]]) -> None:
        self._waiting = [(path, write) for below, write in pieces if not (path := folder / below).exists()]
        self._waiting.reverse()

    def __next__(self) -> Path:
        if not self._waiting:
            raise StopIteration
        path, write = self._waiting.pop()
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".unfinished {path.name}")  # hidden, so that no scan finds it
        try:
            write(unfinished)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        return path

    def __length_hint__(self) -> int:
        return len(self._waiting)
