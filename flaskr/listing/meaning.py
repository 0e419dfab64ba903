"""Search by meaning: the items that what was typed is about, by what is said of them or what they say themselves."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from flaskr.embedders import TextEmbedder
from flaskr.embeddings.meaning import says_itself
from flaskr.embeddings.nearest import cosines
from flaskr.embeddings.store import matrix, parts, stream
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import revision

MOST_TYPED = 500  # letters
MOST_QUERIES, MOST_ORDERS = 256, 8

_queries: OrderedDict[str, np.ndarray] = OrderedDict()
_orders: OrderedDict[tuple, tuple[np.ndarray, np.ndarray]] = OrderedDict()
_lock = threading.Lock()


def meant(module: Module, typed: str, *, run: Callable[..., Any], count: int | None = None
          ) -> tuple[np.ndarray, np.ndarray]:
    """(item ids int64 [k], cosines float32 [k]) of the items nearest in meaning to `typed`, best first; all without `count`.

    `run` is `Compute.run`: the model works in a worker. Items whose files are missing may be among them. Empty when
    nothing was typed or nothing is embedded yet. Raises Unavailable without the model's weights.
    """
    typed = " ".join(typed.split())[:MOST_TYPED]
    space = TextEmbedder().space
    key = (str(db.engine.url), module.name, revision(stream(module, space)), typed)
    if not typed or not len(matrix(module, space).ids):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    found = _kept(_orders, MOST_ORDERS, key, lambda: _ordered(module, space, query_vector(typed, run)))
    return found if count is None else (found[0][:count], found[1][:count])


def query_vector(typed: str, run: Callable[..., Any]) -> np.ndarray:
    """The unit vector of what was typed, float32 [384]; embedded in a worker once, and remembered."""
    return _kept(_queries, MOST_QUERIES, typed, lambda: run(TextEmbedder().parts, [typed])[0])


def _ordered(module: Module, space: str, query: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    held = matrix(module, space)
    near = cosines(held, query)
    pieces = parts(module) if says_itself(module) else None
    if pieces is not None and len(pieces.ids):  # a long text counts by the passage that fits best
        ids, first = np.unique(pieces.ids, return_index=True)
        best = np.maximum.reduceat(cosines(pieces, query), first)
        found, rows = held.rows_of(ids)
        near[rows] = np.maximum(near[rows], best[found])
    order = np.argsort(-near, kind="stable")
    ids, near = held.ids[order], near[order]
    ids.flags.writeable = near.flags.writeable = False  # they are remembered
    return ids, near


def _kept(store: OrderedDict, most: int, key: Any, make: Callable[[], Any]) -> Any:
    """What is remembered under the key, else made and remembered; the longest unused are forgotten."""
    with _lock:
        if key in store:
            store.move_to_end(key)
            return store[key]
    made = make()
    with _lock:
        store[key] = made
        while len(store) > most:
            store.popitem(last=False)
    return made
