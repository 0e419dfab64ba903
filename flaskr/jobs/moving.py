"""A rating changes things at once: the evaluator of now is told of the ratings given since, and its predictions move.

What is shown, sorted by and kept with the next rating is one and the same column, so what moves is written there. It is
computed from the saved evaluator and the ratings (and plays, where they count) alone: the same ratings, the same
predictions, whatever came between.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import bindparam, select, update

from flaskr.embeddings.seen import matrix_in
from flaskr.embeddings.store import Matrix
from flaskr.evaluator import cards, load
from flaskr.evaluator.evaluator import Evaluator
from flaskr.extensions import db
from flaskr.jobs import blend
from flaskr.media.contract import Module
from flaskr.tables import next_revision

MOST_SINCE = 200  # ratings since the training that are told; of more, the last ones
CHUNK = 2048  # items predicted again in one go: a rating that comes meanwhile waits for no more
LEAST = 0.005  # points; less is not written
DIGITS = 6  # that are kept of a prediction: where little is dared, its order lies in the last ones
TOLD = 0.1  # points from which on a prediction counts as moved

_one_at_a_time = threading.Lock()  # else predictions by fewer ratings could be written over those by more


@dataclass(frozen=True)
class Since:
    """What an evaluator is to be told: vectors float16 bytes and ratings in the order in which they were given; count: how
    many there are in all, those without a vector and those beyond MOST_SINCE left out of `told`. held: the library's vectors
    as that evaluator knows them."""

    held: Matrix
    folder: Path
    version: str
    told: tuple[tuple[bytes, float], ...]
    count: int


def since(module: Module, project: Path) -> Since | None:
    """The ratings that the current evaluator has not learned from; None where there is none, or of another space."""
    folder = cards.folder_of(project, module.name)
    card = cards.current_card(folder)
    held = None if card is None else matrix_in(module, project, card["space"])
    if held is None or card["space"] != held.space:
        return None
    learned, Item = _learned(folder, card["version"]), module.Item
    # A taste that was brought in is told only of what was said since: what was said before is another's to know.
    first = cards.learned_at(card) if card["report"].get("imported") else -np.inf
    rows = [(id_, rating) for id_, rating, at in db.session.execute(
        select(Item.id, Item.rating, Item.rated_at).where(Item.missing.in_((False, True)), Item.rating >= 0)  # walks an index
        .order_by(Item.rated_at, Item.id))
        if abs(learned.get(id_, -1.0) - rating) > 1e-4 and (at or -np.inf) >= first]
    there, at = held.rows_of(id_ for id_, _ in rows)
    told = [(held.vectors[row].tobytes(), float(rows[place][1]))
            for place, row in zip(there[-MOST_SINCE:], at[-MOST_SINCE:], strict=True)]
    return Since(held, folder, card["version"], tuple(told), len(there))


def move(module: Module, project: Path, ids: Iterable[int], *, run: Callable[..., Any]) -> dict[int, tuple[float, float]]:
    """Predict items again with what was rated since the training, and keep what moved: {id: (prediction, spread)} as they
    stand now. `run` works in a worker.

    Only items that the current version has predicted: the others wait for `predict`, which knows the same ratings.
    """
    ids = list(dict.fromkeys(ids))
    with _one_at_a_time:
        told, now = since(module, project), blend.taste(project, module.name)
        if told is None or not ids:
            db.session.rollback()
            return {}
        Item, held = module.Item, told.held
        rows = db.session.execute(select(Item.id, Item.prediction, Item.spread).where(
            Item.id.in_(ids), Item.predicted_by == now.version).order_by(Item.id)).all()
        there, at = held.rows_of(row[0] for row in rows)
        db.session.rollback()  # nothing is held open while the worker works
        if not len(there):
            return {}
        own = run(predict_told, told.folder, told.version, told.told, held.vectors[at])
        mean, spread = blend.guesses(module, project, now, np.array([rows[place][0] for place in there]), own, run)
        before = np.array([tuple(rows[place][1:]) for place in there], np.float64)
        after = np.round(np.stack([mean, spread], 1).astype(np.float64), DIGITS)
        _keep(module, [rows[place][0] for place in there], after, np.abs(after - before).max(1) >= LEAST, now.version)
    return {rows[place][0]: tuple(pair) for place, pair in zip(there, after.tolist(), strict=True)}


def reach(module: Module, project: Path, ids: Iterable[int], *, run: Callable[..., Any]) -> tuple[int, int]:
    """(how many of the items' predictions the last rating moved by more than TOLD points, of how many); (0, 0) where the
    evaluator has learned from it already."""
    told = since(module, project)
    db.session.rollback()
    if told is None or not told.told:
        return 0, 0
    held = told.held
    _, at = held.rows_of(ids)
    after, before = (run(predict_told, told.folder, told.version, some, held.vectors[at])[0]
                     for some in (told.told, told.told[:-1]))
    return int((np.abs(after - before) > TOLD).sum()), len(at)


def settle(module: Module, project: Path, *, run: Callable[..., Any]) -> None:
    """Move every prediction of a module."""
    Item, last = module.Item, 0
    while ids := list(db.session.scalars(select(Item.id).where(
            Item.id > last, Item.missing.is_(False), Item.prediction.is_not(None)).order_by(Item.id).limit(CHUNK))):
        move(module, project, ids, run=run)
        last = ids[-1]
    db.session.rollback()


def ready(module: Module, project: Path, *, run: Callable[..., Any]) -> None:
    """Have a worker load the evaluator, so that the next rating need not wait for it."""
    told = since(module, project)
    db.session.rollback()
    if told is not None:
        run(prepare, told.folder, told.version, told.told)


def predict_told(folder: Path, version: str, told: tuple[tuple[bytes, float], ...],
                 vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In a worker: (mean, spread) float32 [n] for float16 vectors [n, dim] by an evaluator told of further ratings."""
    return _told(folder, version, told).predict(vectors.astype(np.float32))


def prepare(folder: Path, version: str, told: tuple[tuple[bytes, float], ...]) -> None:
    """In a worker: have the evaluator at hand, and all that its first steps load."""
    evaluator = _told(folder, version, told)
    nothing = np.zeros((1, evaluator.dim), np.float32)
    evaluator.updated(nothing[0], 5.0).predict(nothing)


@lru_cache(maxsize=8)
def _told(folder: Path, version: str, told: tuple[tuple[bytes, float], ...]) -> Evaluator:
    """From the one that knows one rating less, which is still there after the rating before."""
    if not told:
        return load(folder / version)
    vector, rating = told[-1]
    return _told(folder, version, told[:-1]).updated(np.frombuffer(vector, np.float16).astype(np.float32), rating)


@lru_cache(maxsize=8)
def _learned(folder: Path, version: str) -> dict[int, float]:
    """{item id: rating} that a version learned from."""
    return dict(zip(*cards.learned_from(folder, version), strict=True))


def _keep(module: Module, ids: list[int], after: np.ndarray, moved: np.ndarray, version: str) -> None:
    """Write what moved, of items that are still predicted by the version."""
    if not moved.any():
        return
    number, table = next_revision(module.name), module.Item.__table__
    change = update(table).where(table.c.id == bindparam("which"), table.c.predicted_by == version).values(
        prediction=bindparam("new_mean"), spread=bindparam("new_spread"), revised=number)
    db.session.connection().execute(change, [
        {"which": id_, "new_mean": mean, "new_spread": spread}
        for id_, (mean, spread), far in zip(ids, after.tolist(), moved, strict=True) if far])
    db.session.commit()
