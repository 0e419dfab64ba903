"""How well items answer what a page asks for without naming it: a meaning in words, items that are alike or not.

Items alike (Rocchio, "Relevance feedback in information retrieval", 1971): the mean of the liked vectors less half the
mean of the others, and then by cosine.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from flaskr.embeddings import store
from flaskr.embeddings.nearest import nearest
from flaskr.extensions import db
from flaskr.listing.meaning import meant
from flaskr.listing.query import Query
from flaskr.media.contract import Module
from flaskr.progress import Unavailable
from flaskr.tables import revision

LESS = 0.5
NEAREST = 300  # of the best are kept where another order than theirs is asked for
MOST_KEPT = 16

_kept: OrderedDict[tuple, tuple[np.ndarray, np.ndarray]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Match:
    """Ids int64, best first; `note` says why there are none."""

    ids: np.ndarray
    note: str = ""


def match(query: Query, *, run: Callable[..., Any] | None = None) -> Match:
    """Items by how well they answer a query's meaning and its examples; both count alike where both are asked for."""
    parts = []
    if query.meant:
        try:
            ids, cosines = meant(query.module, query.meant, run=run)
        except Unavailable as error:
            return Match(np.zeros(0, np.int64), str(error))
        if not len(ids):
            return Match(ids, f"No {query.module.one} is described yet, so there is no meaning to search by.")
        parts.append((ids, cosines))
    if query.like or query.unlike:
        ids, cosines = alike(query.module, query.like, query.unlike)
        if not len(ids):
            return Match(ids, f"What resembles a {query.module.one} is known once the library is embedded.")
        parts.append((ids, cosines))
    if len(parts) == 2:
        return Match(_both(*parts))
    return Match(parts[0][0] if parts else np.zeros(0, np.int64))


def alike(module: Module, like: tuple[int, ...], unlike: tuple[int, ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    """(ids int64 best first, cosines float32) of all items but the named ones; empty when none of those is embedded."""
    key = (str(db.engine.url), module.name, revision(store.stream(module)), like, unlike)
    with _lock:
        if key in _kept:
            return _kept[key]
    found = _alike(module, like, unlike)
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _alike(module: Module, like: tuple[int, ...], unlike: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    held = store.matrix(module)
    wanted, other = _mean(held, like), _mean(held, unlike)
    if wanted is None and other is None:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    towards = (0 if wanted is None else wanted) - (0 if other is None else LESS * other)
    mask = np.ones(len(held.ids), bool)
    mask[held.rows_of((*like, *unlike))[1]] = False
    return nearest(held, towards, count=len(held.ids), mask=mask)


def _mean(held: store.Matrix, ids: tuple[int, ...]) -> np.ndarray | None:
    """Mean direction float32 [dim] of items; None when none of them has a vector."""
    found, at = held.rows_of(ids)
    return held.vectors[at].astype(np.float32).mean(0) if len(found) else None


def _both(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Ids of both, by the sum of their standardised cosines."""
    common, at, there = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    if not len(common):
        return common
    parts = [(cosines - cosines.mean()) / (cosines.std() or 1.0) for cosines in (one[1][at], other[1][there])]
    return common[np.argsort(-(parts[0] + parts[1]), kind="stable")]
