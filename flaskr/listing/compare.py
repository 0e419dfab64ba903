"""Two versions of an evaluator side by side: their figures, and what they think of the same rated items."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from flaskr.embeddings.seen import matrix_in
from flaskr.evaluator import cards, load
from flaskr.evaluator.metrics import spearman
from flaskr.extensions import db
from flaskr.listing.page import load as load_items
from flaskr.media.contract import Module

SHOWN = 10
LEAST = 0.05  # points; less is no change to speak of


@dataclass(frozen=True)
class Changed:
    """An item, its rating now, and the guesses of both versions."""

    item: Any
    rating: float | None
    first: float
    second: float


@dataclass(frozen=True)
class Compared:
    """first, second: cards. note: why guesses can't be compared, or "". n: rated items that both guessed; apart: by how many
    points they differ on average; alike: rank correlation of the two; changed: largest change first. added, dropped: rated
    items that only the second, only the first learned from; rerated: learned from by both with another rating; None where a
    version did not keep what it learned from."""

    first: dict[str, Any]
    second: dict[str, Any]
    note: str = ""
    n: int = 0
    apart: float = 0.0
    alike: float = 0.0
    changed: tuple[Changed, ...] = ()
    added: tuple[Any, ...] | None = None
    more_added: int = 0
    dropped: int | None = None
    rerated: int | None = None


def compare(module: Module, a: str, b: str, project: Path, run: Callable[..., Any]) -> Compared:
    """`run(function, ...)` works in a worker. KeyError for a version that is not kept."""
    folder = cards.folder_of(project, module.name)
    known = {card["version"]: card for card in cards.cards(folder)}
    first, second = known[a], known[b]
    about = {"first": first, "second": second} | _learned_from(module, folder, a, b)
    held = [matrix_in(module, project, card["space"]) for card in (first, second)]
    if any(seen.space != card["space"] for seen, card in zip(held, (first, second), strict=True)):
        return Compared(**about, note="One of them learned in another embedding space than the library has now, so their "
                                      "guesses can't be laid side by side; their figures can.")
    rows = db.session.execute(select(module.Item.id, module.Item.rating).where(module.Item.rating.is_not(None))
                              .order_by(module.Item.id)).all()
    (found, at), (_, other) = (seen.rows_of(row[0] for row in rows) for seen in held)
    if not len(found):
        return Compared(**about, note="Nothing that you rated has an embedding.")
    db.session.rollback()
    one, two = run(guesses, [(folder / a, held[0].vectors[at]), (folder / b, held[1].vectors[other])])
    order = np.argsort(-np.abs(two - one), kind="stable")[:SHOWN]
    chosen = [row for row in order if abs(two[row] - one[row]) >= LEAST]
    items = {item.id: item for item in load_items(module.Item, [rows[found[row]][0] for row in chosen])}
    told = [(rows[found[row]], row) for row in chosen]
    return Compared(
        **about, n=len(found), apart=float(np.abs(two - one).mean()),
        alike=float(spearman(np.round(one, 6), np.round(two, 6), np.ones((len(one), 1)))[0]),
        changed=tuple(Changed(items[id_], rating, float(one[row]), float(two[row])) for (id_, rating), row in told
                      if id_ in items))


def guesses(asked: list[tuple[Path, np.ndarray]]) -> list[np.ndarray]:
    """In a worker: the guesses float32 [n] of each evaluator for its float16 vectors [n, dim]."""
    return [load(folder).predict(vectors.astype(np.float32))[0] for folder, vectors in asked]


def _learned_from(module: Module, folder: Path, a: str, b: str) -> dict[str, Any]:
    one, two = (dict(zip(*cards.learned_from(folder, name), strict=True)) for name in (a, b))
    if not one or not two:
        return {}
    added = [id_ for id_ in two if id_ not in one]
    return {"added": tuple(load_items(module.Item, added[:SHOWN])), "more_added": max(0, len(added) - SHOWN),
            "dropped": sum(id_ not in two for id_ in one),
            "rerated": sum(abs(one[id_] - two[id_]) > 1e-6 for id_ in one if id_ in two)}
