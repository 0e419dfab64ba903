"""Columns of a whole module in memory: read once, then only the rows that changed since.

Ranking looks at every item at once; reading 100,000 rows for each song would take longer than the song's choice.
"""

import threading
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.ranking import Candidates
from flaskr.tables import revision

NAMES = ("rating", "prediction", "spread", "finished", "skipped", "last_played", "added")


@dataclass
class Columns:
    """Rows of a module by ascending id. `alive` are those with a file; codes number the groups (artists)."""

    number: int
    ids: np.ndarray
    values: np.ndarray
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


def alive_sum(module: Module) -> int:
    """Sum of the ids of the items that have a file: another one when others have."""
    return _columns(module).alive_sum


def _columns(module: Module) -> Columns:
    key = (str(db.engine.url), module.name)
    number = revision(module.name)
    with _lock:
        held = _held.get(key)
        if held is None or held.number > number:
            held = Columns(-1, np.zeros(0, np.int64), np.zeros((0, len(NAMES))), np.zeros(0, np.int64),
                           np.zeros(0, bool), {}, None)
        if held.number != number:
            held = _held[key] = _refresh(module, held, number)
        return held


def _refresh(module: Module, held: Columns, number: int) -> Columns:
    Item = module.Item
    group = getattr(Item, module.group) if module.group else Item.folder
    rows = db.session.execute(
        select(Item.id, Item.missing, group, *(getattr(Item, name) for name in NAMES))
        .where(Item.revised > held.number).order_by(Item.id)).all()
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    alive = np.fromiter((not row[1] for row in rows), bool, len(rows))
    groups = np.fromiter((_code(row[2], held.codes) for row in rows), np.int64, len(rows))
    values = np.array([tuple(row[3:]) for row in rows], np.float64).reshape(len(rows), len(NAMES))
    merged = _with(held.ids, ids)
    if merged is held.ids:  # a rating, say: nothing moves
        fresh = Columns(number, merged, held.values.copy(), held.groups.copy(), held.alive.copy(), held.codes, None)
    else:
        fresh = Columns(number, merged, np.full((len(merged), len(NAMES)), np.nan), np.full(len(merged), -1, np.int64),
                        np.zeros(len(merged), bool), held.codes, None)
        at = np.searchsorted(merged, held.ids)
        fresh.values[at], fresh.groups[at], fresh.alive[at] = held.values, held.groups, held.alive
    at = np.searchsorted(merged, ids)
    fresh.values[at], fresh.groups[at], fresh.alive[at] = values, groups, alive
    fresh.candidates = _as_candidates(fresh)
    rated, predicted = (~np.isnan(fresh.values[:, NAMES.index(name)]) for name in ("rating", "prediction"))
    fresh.counts = tuple(int(np.count_nonzero(some)) for some in (
        fresh.alive, ~fresh.alive, rated, predicted & fresh.alive))
    fresh.alive_sum = int(merged[fresh.alive].sum())
    return fresh


def _with(held: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Ascending ids of both (both ascend); those that are held already cost nothing, which np.union1d can't say."""
    at = np.minimum(np.searchsorted(held, ids), max(len(held) - 1, 0))
    new = ids[held[at] != ids] if len(held) else ids
    return np.sort(np.concatenate((held, new))) if len(new) else held


def _as_candidates(columns: Columns) -> Candidates:
    alive = slice(None) if columns.alive.all() else columns.alive
    part = dict(zip(NAMES, columns.values[alive].T, strict=True))
    return Candidates(
        id=columns.ids[alive], rating=part["rating"].astype(np.float32),
        mean=part["prediction"].astype(np.float32), spread=part["spread"].astype(np.float32),
        finished=part["finished"].astype(np.int32), skipped=part["skipped"].astype(np.int32),
        last_played=part["last_played"], added=part["added"], group=columns.groups[alive])


def _code(name: str | None, codes: dict[str, int]) -> int:
    return codes.setdefault(name.casefold(), len(codes)) if name else -1
