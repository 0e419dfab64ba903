"""The versions of one evaluator: the last three, one of them current; a killed save leaves the current one in place."""
from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from flaskr.evaluator import files
from flaskr.evaluator.evaluator import Evaluator, load

KEPT = 3
CURRENT = "current"
GONE = ".gone"


@dataclass(frozen=True)
class Version:
    """name: its folder, ascending ("000012"). created: ISO time. sentence: its report in words."""

    name: str
    created: str
    n: int
    sentence: str
    current: bool


def versions(folder: Path) -> list[Version]:
    """What is kept in `folder`, newest first. A version that can't be read raises ValueError."""
    current = _current(folder)
    found = []
    for name in reversed(_names(folder)):
        _, card = files.read(folder / name)
        found.append(Version(name, card["created"], card["n"], card["report"]["sentence"], name == current))
    return found


def publish(evaluator: Evaluator, folder: Path) -> str:
    """Save as a new version and make it the current one; return its name. Older ones than the last three go.
    One process publishes into a folder at a time (a job does)."""
    names = _names(folder)
    name = f"{int(names[-1]) + 1 if names else 1:06d}"
    evaluator.save(folder / name)
    _point(folder, name)
    clean(folder)
    return name


def restore(folder: Path, version: str) -> Evaluator:
    """Make an older version the current one again; ValueError if it is not kept or not readable."""
    if version not in _names(folder):
        raise ValueError(f"there is no version {version} in {folder}")
    evaluator = load(folder / version)
    _point(folder, version)
    return evaluator


def load_current(folder: Path) -> Evaluator | None:
    """The current version, or None if nothing was ever published."""
    name = _current(folder)
    return None if name is None else load(folder / name)


def clean(folder: Path) -> None:
    """Remove versions beyond the last three (never the current one) and what killed saves and removals left."""
    current = _current(folder)
    for name in _names(folder)[:-KEPT]:
        if name != current:
            os.rename(folder / name, folder / (name + GONE))  # a half-removed folder must not look like a version
    for path in folder.iterdir():
        if files.SAVING in path.name or path.name.endswith((GONE, files.PREVIOUS)):
            shutil.rmtree(path, ignore_errors=True)


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted((p.name for p in folder.iterdir() if p.name.isdigit() and (p / files.CARD).is_file()), key=int)


def _current(folder: Path) -> str | None:
    try:
        return (folder / CURRENT).read_text().strip()
    except FileNotFoundError:
        return None


def _point(folder: Path, name: str) -> None:
    files.write_synced(folder / (CURRENT + ".new"), name.encode())
    os.replace(folder / (CURRENT + ".new"), folder / CURRENT)
    files.sync_folder(folder)
