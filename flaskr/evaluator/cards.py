"""The cards of an evaluator's kept versions: what each is and how good, without loading its arrays."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

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


def ids(folder: Path, name: str) -> np.ndarray:
    """Ids int64 [n] of what a version learned from, in the order of its rows; empty where it did not keep them."""
    try:
        with safe_open(folder / name / files.ARRAYS, "numpy") as arrays:
            return arrays.get_tensor("ids") if "ids" in arrays.keys() else np.zeros(0, np.int64)  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError) as error:
        raise ValueError(f"The evaluator's arrays of version {name} can't be read: {error}") from None
