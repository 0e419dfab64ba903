"""The cards of an evaluator's kept versions: what each is and how good, without loading its arrays."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from flaskr.evaluator import files, store

VERSION = "version"
START = 2.0  # seconds until a worker has its libraries
EACH = 2e-6  # seconds a rating and number of its embedding: 2 seconds for 1,000 x 512 on two cores
FIXED = 512  # numbers of an embedding whose work the rest of the training equals


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


def learned_at(card: Mapping[str, Any]) -> float:
    """Unix seconds after which ratings are news to an evaluator: when it learned, or when it was brought in (it knows
    nothing of this library's ratings, and is asked to stay until there are new ones)."""
    imported = (card.get("report") or {}).get("imported")
    return datetime.fromisoformat(imported or card["created"]).timestamp() + 1  # a card's time is whole seconds


def estimate(known: Sequence[Mapping[str, Any]], n: int, dim: int) -> float:
    """Seconds that a training on n ratings x dim numbers will take: as earlier ones (their cards) took, in proportion; those
    that were over at once say nothing but that the libraries were there."""
    took = [(float(report["seconds"]) - START, _work(float(report.get("n") or 0), float(one.get("dim") or dim)))
            for one in known if isinstance((report := one.get("report") or {}).get("seconds"), int | float)]
    pace = [seconds / work for seconds, work in took if seconds > START and work > 0]
    return START + _work(n, dim) * (median(pace) if pace else EACH)


def _work(n: float, dim: float) -> float:
    return n * (dim + FIXED)


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


def learned_from(folder: Path, name: str) -> tuple[list[int], list[float]]:
    """(ids, ratings) of what a version learned from; both empty where it did not keep them."""
    try:
        with safe_open(folder / name / files.ARRAYS, "numpy") as arrays:
            if not {"ids", "ratings"} <= set(arrays.keys()):
                return [], []
            known, ratings = arrays.get_tensor("ids").tolist(), arrays.get_tensor("ratings").tolist()
    except (OSError, SafetensorError) as error:
        raise ValueError(f"The evaluator's arrays of version {name} can't be read: {error}") from None
    return (known, ratings) if len(known) == len(ratings) else ([], [])
