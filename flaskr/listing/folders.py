"""The folder tree of a module: roots, the way to the open folder, and what lies in it, each with its count."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from flaskr.extensions import db
from flaskr.library.paths import is_under, roots_of, shown
from flaskr.listing.arrays import settled
from flaskr.media.contract import Module
from flaskr.tables import encode_path

MOST_CHILDREN = 500


@dataclass(frozen=True)
class Folders:
    number: tuple
    counts: Counter
    children: dict[str, set[str]]


@dataclass(frozen=True)
class Node:
    """A folder of the tree. `folder` is what the URL carries; `trouble` says what is wrong with a root, or is ""."""

    name: str
    folder: str
    depth: int
    count: int
    open: bool = False
    current: bool = False
    trouble: str = ""


_held: dict[tuple[str, str], Folders] = {}


def tree(module: Module, folders: Iterable[Path], current: str = "") -> list[Node]:
    """Rows of the tree from top to bottom, opened down to `current`."""
    held, nodes, roots = _folders(module), [], roots_of(folders)
    for root in roots:
        named = sum(os.path.basename(other) == os.path.basename(root) for other in roots)
        name = shown(root if named > 1 else os.path.basename(root) or root)
        nodes += _branch(held, root, name, 0, current.rstrip("/"), _trouble(root, held.counts[root]))
    return nodes


def _trouble(root: str, known: int) -> str:
    """What is wrong with a root in a few words; a disk that is not mounted often leaves an empty folder."""
    if not os.path.isdir(root):
        return "not there"
    try:
        with os.scandir(root) as entries:
            empty = next(entries, None) is None
    except OSError:
        return "can't be read"
    return "empty now" if empty and known else ""


def _branch(held: Folders, folder: str, name: str, depth: int, current: str, trouble: str = "") -> list[Node]:
    opened = is_under(current, folder) if current else False
    node = Node(name, encode_path(folder), depth, held.counts[folder], opened, current == folder, trouble)
    if not opened and depth > 0:
        return [node]
    children = sorted(held.children[folder], key=str.casefold)[:MOST_CHILDREN] if folder in held.children else []
    return [node] + [row for child in children
                     for row in _branch(held, child, shown(os.path.basename(child)), depth + 1, current)]


def _folders(module: Module) -> Folders:
    """Items below each folder, its subfolders included, and each folder's children."""
    key, number = (str(db.engine.url), module.name), settled(module)
    if key in _held and _held[key].number == number:
        return _held[key]
    Item, found = module.Item, Folders(number, Counter(), defaultdict(set))
    for folder, amount in db.session.execute(
            select(Item.folder, func.count()).where(Item.missing.is_(False)).group_by(Item.folder)):
        path = folder.rstrip("/")
        while path and path != "/":
            found.counts[path] += amount
            parent = os.path.dirname(path)
            found.children[parent].add(path)
            path = parent
    _held[key] = found
    return found
