"""Walks a folder: the files of a module's formats, one stat each, nothing hidden, ignored or outside."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from flaskr.library.paths import is_under

IGNORE = ".ignore"


class Entry(NamedTuple):
    """A file as the folder lists it. The walk yields plain tuples in this order: a million of them cost less."""

    path: str
    size: int
    modified_ns: int


@dataclass
class Walk:
    """One walk over a root; `unreadable` fills with folders that could not be listed."""

    root: str
    extensions: Collection[str]
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        """Files in no promised order. `.ignore` holds .gitignore patterns; an empty one hides its folder."""
        real_root, visited = os.path.realpath(self.root), set()
        stack: list[tuple[str, tuple]] = [(self.root, ())]
        while stack:
            folder, ignores = stack.pop()
            try:
                entries = [entry for entry in os.scandir(folder) if entry.name[0] != "." or entry.name == IGNORE]
            except OSError as error:
                self._note(folder, error)
                continue
            ignores = _with_ignore_file(folder, entries, ignores)
            if ignores is None:
                continue
            for entry in entries:
                if ignores and _is_ignored(entry, ignores):
                    continue
                if entry.is_symlink() and not _stays_inside(entry, real_root, visited):
                    continue
                if entry.name.rpartition(".")[2].lower() in self.extensions and entry.is_file():
                    try:
                        stat = entry.stat()
                    except OSError as error:
                        self._note(entry.path, error)
                        continue
                    yield entry.path, stat.st_size, stat.st_mtime_ns
                elif entry.is_dir():
                    stack.append((entry.path, ignores))

    def _note(self, path: str, error: OSError) -> None:
        self.unreadable.append((path, error.strerror or type(error).__name__))


def _with_ignore_file(folder: str, entries: list, ignores: tuple) -> tuple | None:
    """The ignore rules that hold in this folder; None when its `.ignore` is empty, which hides it whole."""
    if IGNORE not in [entry.name for entry in entries]:
        return ignores
    try:
        with open(os.path.join(folder, IGNORE), encoding="utf-8", errors="replace") as file:
            lines = file.read(1 << 16).splitlines()
    except OSError:
        return ignores
    if not any(line.strip() for line in lines):
        return None
    return (*ignores, (folder, GitIgnoreSpec.from_lines(lines)))


def _is_ignored(entry: os.DirEntry, ignores: tuple) -> bool:
    tail = "/" if entry.is_dir() else ""
    return any(spec.match_file(os.path.relpath(entry.path, folder) + tail) for folder, spec in ignores)


def _stays_inside(entry: os.DirEntry, real_root: str, visited: set[str]) -> bool:
    """Whether a link ends inside the root, at a folder that no other link led to (links can form circles)."""
    real = os.path.realpath(entry.path)
    if not is_under(real, real_root):
        return False
    if not os.path.isdir(real):
        return True
    if is_under(os.path.dirname(entry.path), real) or real in visited:
        return False
    visited.add(real)
    return True
