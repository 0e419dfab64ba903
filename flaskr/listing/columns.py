"""Columns of a whole module in memory: read once, then only the rows that changed since.

Ranking looks at every item at once; reading 100,000 rows for each song would take longer than the song's choice.
"""

import threading
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.ranking import Candidates
from flaskr.tables import revision

NAMES = ("rating", "rated_at", "prediction", "spread", "finished", "skipped", "last_played", "added")
KINDS = {"rating": np.float32, "prediction": np.float32, "spread": np.float32, "finished": np.int32, "skipped": np.int32,
         "last_played": np.float64, "added": np.float64}  # as the ranking wants them
FIELDS = {"prediction": "mean"}  # what the ranking calls otherwise


@dataclass(frozen=True)
class Columns:
    """Rows of a module by ascending id, an array for each name: what did not change is the same array in the next one.

    `alive` are those with a file; codes number the groups (artists).
    """

    number: int
    ids: np.ndarray
    values: dict[str, np.ndarray]
    groups: np.ndarray
    alive: np.ndarray
    codes: dict[str, int]
    candidates: Candidates | None
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    alive_sum: int = 0


_held: dict[tuple[str, str], Columns] = {}
_lock = threading.Lock()


def candidates(module: Module) -> Candidates:
    """What the ranking chooses from: every item that has a file, as of the last commit."""
    return _columns(module).candidates


def counts(module: Module) -> tuple[int, int, int, int]:
    """(items with a file, missing ones, rated ones, those with a file that are predicted)."""
    return _columns(module).counts


def values(module: Module, name: str) -> tuple[np.ndarray, np.ndarray]:
    """(ids int64, values float64, NaN for none) of one of NAMES: every item that has a file, by ascending id."""
    held = _columns(module)
    if len(held.candidates.id) == len(held.ids):
        return held.ids, held.values[name]
    return held.candidates.id, held.values[name][held.alive]


def alive_sum(module: Module) -> int:
    """Sum of the ids of the items that have a file: another one when others have."""
    return _columns(module).alive_sum


def _columns(module: Module) -> Columns:
    key = (str(db.engine.url), module.name)
    number = revision(module.name)
    with _lock:
        held = _held.get(key)
        if held is None or held.number > number:
            held = Columns(-1, np.zeros(0, np.int64), {name: np.zeros(0) for name in NAMES}, np.zeros(0, np.int64),
                           np.zeros(0, bool), {}, None)
        if held.number != number:
            held = _held[key] = _refresh(module, held, number)
        return held


def _refresh(module: Module, held: Columns, number: int) -> Columns:
    Item = module.Item
    group = getattr(Item, module.group) if module.group else Item.folder
    rows = db.session.execute(
        select(Item.id, Item.missing, group, *(getattr(Item, name) for name in NAMES))
        .where(Item.revised > held.number)).all()
    rows.sort(key=itemgetter(0))  # asked of SQLite, the order would make it walk all ids instead of the few revised ones
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    alive = np.fromiter((not row[1] for row in rows), bool, len(rows))
    groups = np.fromiter((_code(row[2], held.codes) for row in rows), np.int64, len(rows))
    values = np.array([tuple(row[3:]) for row in rows], np.float64).reshape(len(rows), len(NAMES))
    merged = _with(held.ids, ids)
    was, at = None if merged is held.ids else np.searchsorted(merged, held.ids), np.searchsorted(merged, ids)

    def put(old: np.ndarray, new: np.ndarray, empty: float) -> np.ndarray:
        if was is None:
            if np.array_equal(old[at], new, equal_nan=old.dtype == np.float64):
                return old
            wider = old.copy()
        else:
            wider = np.full(len(merged), empty, old.dtype)
            wider[was] = old
        wider[at] = new
        return wider

    columns = {name: put(held.values[name], values[:, i], np.nan) for i, name in enumerate(NAMES)}
    groups, alive = put(held.groups, groups, -1), put(held.alive, alive, False)
    rated, predicted = (~np.isnan(columns[name]) for name in ("rating", "prediction"))
    counted = tuple(int(np.count_nonzero(some)) for some in (alive, ~alive, rated, predicted & alive))
    return Columns(number, merged, columns, groups, alive, held.codes,
                   _as_candidates(held, merged, columns, groups, alive), counted, int(merged[alive].sum()))


def _with(held: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Ascending ids of both (both ascend); those that are held already cost nothing, which np.union1d can't say."""
    at = np.minimum(np.searchsorted(held, ids), max(len(held) - 1, 0))
    new = ids[held[at] != ids] if len(held) else ids
    return np.sort(np.concatenate((held, new))) if len(new) else held


def _as_candidates(held: Columns, ids: np.ndarray, columns: dict[str, np.ndarray], groups: np.ndarray,
                   alive: np.ndarray) -> Candidates:
    """What has a file, as the ranking knows it; of the held ones, the parts that did not change."""
    before, part = held.candidates, slice(None) if alive.all() else alive
    same = before is not None and ids is held.ids and alive is held.alive

    def taken(name: str, kind: type) -> np.ndarray:
        if same and columns[name] is held.values[name]:
            return getattr(before, FIELDS.get(name, name))
        return columns[name][part].astype(kind, copy=False)

    return Candidates(
        id=before.id if same else ids[part], group=groups[part], **{
            FIELDS.get(name, name): taken(name, kind) for name, kind in KINDS.items()})


def _code(name: str | None, codes: dict[str, int]) -> int:
    return codes.setdefault(name.casefold(), len(codes)) if name else -1
