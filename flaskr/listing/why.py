"""Why an item is expected to be rated so: the rated items that pulled its prediction up and down, and by how much."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.embeddings.store import matrix
from flaskr.evaluator import cards, load
from flaskr.evaluator.known import OUTSIDE
from flaskr.evaluator.why import MOST
from flaskr.listing.page import load as load_items
from flaskr.media.contract import Module

SHOWN = 3  # of each side
LEAST = 0.005  # points; less is no pull to speak of


@dataclass(frozen=True)
class Pull:
    """A rated item, and by how many points it moved the guess."""

    item: Any
    points: float


@dataclass(frozen=True)
class Why:
    """What pulled a guess up and down, strongest first; base: where it began; rest: what all other ratings added. note: why
    there is nothing to show, or "". outside: nothing similar was rated."""

    note: str = ""
    up: tuple[Pull, ...] = ()
    down: tuple[Pull, ...] = ()
    base: float = 0.0
    rest: float = 0.0
    outside: bool = False


def why(module: Module, item: Any, project: Path, run: Callable[..., Any]) -> Why | None:
    """Why the evaluator of now guesses what it guesses of an item; `run(function, ...)` works in a worker. None where its
    version kept no ids (an older one)."""
    folder = cards.folder_of(project, module.name)
    card = cards.current_card(folder)
    if card is None:
        return Why(f"Nothing was learned yet: rate some {module.one}s and train.")
    held, rated = matrix(module), cards.ids(folder, card["version"])
    if not len(rated):
        return None
    if card["space"] != held.space:
        return Why("The embeddings have changed since the evaluator learned: train again.")
    if len(rated) > MOST:
        return Why(f"With more than {MOST:,} ratings it no longer keeps apart what each one does.")
    _, at = held.rows_of([item.id])
    there, rows = held.rows_of(rated)
    if not len(at):
        return Why(f"This {module.one} is not embedded yet.")
    if len(there) < len(rated):
        return Why("Some of what it learned from has no embedding any more: train again.")
    found = run(pulls, folder / card["version"], held.vectors[at], held.vectors[rows])
    return _told(module, rated, *found)


def pulls(evaluator: Path, vector: np.ndarray, rated: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """In a worker: (points float32 [n], base, whether nothing similar was rated) for a vector [1, dim] and what was rated
    [n, dim]."""
    loaded, x = load(evaluator), vector.astype(np.float32)
    points, base = loaded.why(x, rated.astype(np.float32))
    return points[0], float(base[0]), bool(loaded.outside(x)[0] >= OUTSIDE)


def _told(module: Module, rated: np.ndarray, points: np.ndarray, base: float, outside: bool) -> Why:
    order = np.argsort(-points, kind="stable")
    up = [row for row in order[:SHOWN] if points[row] >= LEAST]
    down = [row for row in order[::-1][:SHOWN] if points[row] <= -LEAST]
    items = {item.id: item for item in load_items(module.Item, rated[[*up, *down]].tolist())} if up or down else {}

    def told(which: list[int]) -> tuple[Pull, ...]:
        return tuple(Pull(items[int(rated[row])], float(points[row])) for row in which if int(rated[row]) in items)

    sides = told(up), told(down)
    return Why("", *sides, base, float(points.sum()) - sum(pull.points for side in sides for pull in side), outside)
