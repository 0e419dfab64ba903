"""The cards of an evaluator's kept versions: what each is and how good, without loading its arrays."""

import json
from pathlib import Path
from typing import Any

from flaskr.evaluator import files, store

VERSION = "version"


def folder_of(project: Path, name: str) -> Path:
    """Where the evaluators of what is called `name` are kept in a project folder."""
    return project / "models" / name / "evaluator"


def current_version(folder: Path) -> str | None:
    """Name of the version that predicts now; None before the first."""
    return store._current(folder)


def current_card(folder: Path) -> dict[str, Any] | None:
    """Card of the version that predicts now; None before the first."""
    name = current_version(folder)
    return None if name is None else card(folder, name)


def cards(folder: Path) -> list[dict[str, Any]]:
    """Cards of the kept versions, newest first, each with `version` and whether it is `current`."""
    current = current_version(folder)
    return [card(folder, name) | {"current": name == current} for name in reversed(store._names(folder))]


def card(folder: Path, name: str) -> dict[str, Any]:
    """One card, with its `version`; ValueError when it can't be read."""
    path = folder / name / files.CARD
    try:
        return json.loads(path.read_text(encoding="utf-8")) | {VERSION: name}
    except (OSError, ValueError) as error:
        raise ValueError(f"The evaluator's card {path.name} of version {name} can't be read: {error}") from None
