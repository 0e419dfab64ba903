"""Why an item is expected to be rated so: the rated items that pulled its prediction up and down, and by how much.

Where single ratings are not kept apart, the most alike rated ones stand for them: that is what the guess is made of, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.embeddings.nearest import nearest
from flaskr.embeddings.store import Matrix, matrix
from flaskr.evaluator import cards, load
from flaskr.evaluator.known import OUTSIDE
from flaskr.evaluator.why import MOST
from flaskr.listing.page import load as load_items
from flaskr.media.contract import Module

SHOWN = 3  # of each side
NEAR = 6  # most alike rated ones
NO_BETTER = "no_better"
LEAST = 0.005  # points; less is no pull to speak of


@dataclass(frozen=True)
class Pull:
    """A rated item, by how many points it moved the guess, and its cosine with what is guessed."""

    item: Any
    points: float
    alike: float = 0.0


@dataclass(frozen=True)
class Why:
    """What pulled a guess up and down, strongest first; base: where it began; rest: what all other ratings added; interest:
    what it added that the like are rated often, or seldom. note: why no pulls are shown, or "". outside: nothing similar was
    rated. near: the most alike rated items, best first, where single ratings are not kept apart. slight: the guesses are no
    better than the person's average yet."""

    note: str = ""
    up: tuple[Pull, ...] = ()
    down: tuple[Pull, ...] = ()
    base: float = 0.0
    rest: float = 0.0
    outside: bool = False
    near: tuple[Pull, ...] = ()
    slight: bool = False
    interest: float = 0.0


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
    _, at = held.rows_of([item.id])
    there, rows = held.rows_of(rated)
    if not len(at):
        return Why(f"This {module.one} is not embedded yet.")
    slight = (card.get("report") or {}).get("verdict") == NO_BETTER
    if len(rated) > MOST:
        return Why(f"With more than {MOST:,} ratings it no longer keeps apart what each one does.", slight=slight,
                   near=_near(module, held, item.id, held.vectors[at[0]], rows))
    if len(there) < len(rated):
        return Why("Some of what it learned from has no embedding any more: train again.")
    found = run(pulls, folder / card["version"], held.vectors[at], held.vectors[rows])
    alike = held.vectors[rows].astype(np.float32) @ held.vectors[at[0]].astype(np.float32)
    return replace(_told(module, rated, alike, *found), slight=slight)


def pulls(evaluator: Path, vector: np.ndarray, rated: np.ndarray) -> tuple[np.ndarray, float, float, bool]:
    """In a worker: (points float32 [n], base, points by interest, whether nothing similar was rated) for a vector [1, dim] and
    what was rated [n, dim]."""
    loaded, x = load(evaluator), vector.astype(np.float32)
    points, base, interest = loaded.why(x, rated.astype(np.float32))
    return points[0], float(base[0]), float(interest[0]), bool(loaded.outside(x)[0] >= OUTSIDE)


def _near(module: Module, held: Matrix, item_id: int, vector: np.ndarray, rows: np.ndarray) -> tuple[Pull, ...]:
    """The most alike of the rated items that still have a rating and a file, itself left out."""
    mask = np.zeros(len(held.ids), bool)
    mask[rows] = True
    mask &= held.ids != item_id
    ids, alike = nearest(held, vector.astype(np.float32), count=3 * NEAR, mask=mask)
    cosine = dict(zip(ids.tolist(), alike.tolist(), strict=True))
    items = [item for item in load_items(module.Item, ids.tolist()) if item.rating is not None and not item.missing]
    return tuple(Pull(item, 0.0, cosine[item.id]) for item in items[:NEAR])


def _told(module: Module, rated: np.ndarray, alike: np.ndarray, points: np.ndarray, base: float, interest: float,
          outside: bool) -> Why:
    order = np.argsort(-points, kind="stable")
    up = [row for row in order[:SHOWN] if points[row] >= LEAST]
    down = [row for row in order[::-1][:SHOWN] if points[row] <= -LEAST]
    items = {item.id: item for item in load_items(module.Item, rated[[*up, *down]].tolist())} if up or down else {}

    def told(which: list[int]) -> tuple[Pull, ...]:
        return tuple(Pull(items[int(rated[row])], float(points[row]), float(alike[row])) for row in which
                     if int(rated[row]) in items)

    sides = told(up), told(down)
    shown = sum(pull.points for side in sides for pull in side)
    return Why("", *sides, base, float(points.sum()) - shown, outside, interest=interest)
