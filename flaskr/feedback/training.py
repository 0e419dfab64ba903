"""The training set: what the person rated, as arrays; predictions never enter it."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from flaskr.embeddings.store import matrix
from flaskr.extensions import db
from flaskr.media.contract import Module


@dataclass(frozen=True)
class TrainingSet:
    """X float32 [n, dim] unit rows, y float32 [n] in 0..10, groups int64 [n] (one artist = one group), their space."""

    ids: np.ndarray
    X: np.ndarray
    y: np.ndarray
    groups: np.ndarray
    space: str
    without_vector: int


def training_set(module: Module, space: str | None = None) -> TrainingSet:
    """Every rated item that has a vector (in `space`, else its embedder's), missing files included: a rating outlives its
    file."""
    Item = module.Item
    group = getattr(Item, module.group) if module.group else Item.fingerprint
    rows = db.session.execute(select(Item.id, Item.rating, group).where(Item.rating.is_not(None)).order_by(Item.id)).all()
    held = matrix(module, space)
    found, at = held.rows_of(row[0] for row in rows)
    rated, rows = len(rows), [rows[position] for position in found]
    return TrainingSet(
        ids=np.array([row[0] for row in rows], np.int64),
        X=held.vectors[at].astype(np.float32),
        y=np.array([row[1] for row in rows], np.float32),
        groups=group_codes([row[2] for row in rows]),
        space=held.space, without_vector=rated - len(rows))


def group_codes(names: list[str | None]) -> np.ndarray:
    """int64 [n]: equal names (accents and case apart) get equal codes; each nameless one gets a code of its own."""
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(name.casefold() if name else f"\0{at}", len(codes))
                     for at, name in enumerate(names)], np.int64)
