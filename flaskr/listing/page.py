"""One page of a module: filter, order, cut. Ids are ordered first; only the items of the page are loaded."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.listing import arrays
from flaskr.listing.columns import candidates, counts
from flaskr.listing.match import NEAREST, match
from flaskr.listing.query import MATCH, Query
from flaskr.listing.search import Reading, matching
from flaskr.ranking import order

SHALLOW = 1200  # items that are faster skipped in the index than read into an array


@dataclass(frozen=True)
class Found:
    """Ids int64 in the order asked for; how unknown words were read; why nothing could be looked for, or ""."""

    ids: np.ndarray
    readings: tuple[Reading, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Page:
    """Items of one page, how many there are in all, and the query that asked for them."""

    items: list
    total: int
    query: Query
    size: int
    readings: tuple[Reading, ...] = ()
    note: str = ""

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        return min(self.query.page, self.pages)


def page(query: Query, *, size: int = 60, now: float | None = None, run: Callable[..., Any] | None = None) -> Page:
    """The page a query asks for; the last one where its number is too high. `run` calls a function in a worker."""
    first = (query.page - 1) * size
    if query.order.column and not query.filtered and first + size <= SHALLOW:
        total = counts(query.module)[0]
        first = (min(query.page, max(1, -(-total // size))) - 1) * size
        return Page(load(query.module.Item, _cut(query, first, size)), total, query, size)
    found = find(query, now=now, run=run)
    total = len(found.ids)
    first = (min(query.page, max(1, -(-total // size))) - 1) * size
    items = load(query.module.Item, found.ids[first:first + size].tolist())
    return Page(items, total, query, size, found.readings, found.note)


def find(query: Query, *, now: float | None = None, run: Callable[..., Any] | None = None) -> Found:
    """Everything that a query finds."""
    matched = match(query, run=run)
    if matched.note:
        return Found(np.zeros(0, np.int64), note=matched.note)
    some, readings = _some(query)
    if query.sort == MATCH.key:
        ids = matched.ids[::-1] if query.down else matched.ids
        some.append(candidates(query.module).id)
    else:
        ids = _ordered(query, time.time() if now is None else now)
        if query.matched:
            some.append(_within(matched.ids[:NEAREST], candidates(query.module).id))
    return Found(_within(ids, *some), readings)


def load(Item: type, ids: list[int]) -> list:
    """Items in the order of their ids; unknown ids are left out."""
    found = {item.id: item for item in db.session.scalars(select(Item).where(Item.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]


def count(query: Query, *, run: Callable[..., Any] | None = None) -> int:
    """How many items a query finds."""
    return len(find(replace(query, sort=MATCH.key if query.matched else "title"), run=run).ids)


def _some(query: Query) -> tuple[list[np.ndarray], tuple[Reading, ...]]:
    """(ids that each filter and the words let through, how the words were read)."""
    some = arrays.rated(query) + [
        arrays.filtered(query.module, name, column, chosen) for name, (column, chosen) in arrays.filter_selects(query).items()]
    if query.q and not query.meant and (found := matching(query.module, query.q)) is not None:
        return [*some, found.ids], found.readings
    return some, ()


def _within(ids: np.ndarray, *others: np.ndarray) -> np.ndarray:
    """Those of `ids` that stand in every other array too (each id at most once there), in their order."""
    if not len(ids) or not others:
        return ids
    top = max(int(part.max(initial=0)) for part in (ids, *others)) + 1
    seen = np.zeros(top, np.uint8)
    for part in others:
        seen[part] += 1
    return ids[seen[ids] == len(others)]


def _ordered(query: Query, now: float) -> np.ndarray:
    if not query.order.column:
        return _ranked(query, now)
    module, column = query.module, getattr(query.module.Item, query.order.column)
    ids = arrays.ordered(module, query.order.column)
    if query.down:
        return ids[::-1]
    empty = arrays.without(module, query.order.column) if column.nullable else 0
    return np.concatenate((ids[empty:], ids[:empty])) if empty else ids


def _ranked(query: Query, now: float) -> np.ndarray:
    hour, choice = now // 3600 * 3600, candidates(query.module)

    def make() -> np.ndarray:
        if query.sort == "random":
            return np.random.default_rng(query.seed or 0).permutation(choice.id)
        return order(choice, now=hour, seed=query.seed)
    ids = arrays.kept(query.module, (query.sort, query.seed, hour), "rating", make)
    return ids[::-1] if query.down else ids


def _cut(query: Query, first: int, size: int) -> list[int]:
    """Ids first..first+size of an unfiltered order, items without a value last whichever way it goes."""
    module, column = query.module, getattr(query.module.Item, query.order.column)
    chosen = arrays.order_select(module, query.order.column)
    if query.down:
        chosen = chosen.order_by(None).order_by(column.desc(), module.Item.id.desc())
    if query.down or not column.nullable:
        return list(db.session.scalars(chosen.limit(size).offset(first)))
    ids = list(db.session.scalars(chosen.where(column.is_not(None)).limit(size).offset(first)))
    if len(ids) < size:
        filled = counts(module)[0] - arrays.without(module, query.order.column)
        ids += db.session.scalars(chosen.where(column.is_(None)).limit(size - len(ids)).offset(max(0, first - filled)))
    return ids
