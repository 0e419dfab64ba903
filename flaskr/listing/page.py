"""One page of a module: filter, order, cut. Ids are ordered first; only the items of the page are loaded."""

import time
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Select, func, select

from flaskr.extensions import db
from flaskr.listing.columns import candidates
from flaskr.listing.query import Query
from flaskr.listing.search import matching
from flaskr.ranking import order
from flaskr.tables import revision

_counts: OrderedDict[tuple, int] = OrderedDict()
MOST_COUNTS = 256


@dataclass(frozen=True)
class Page:
    """Items of one page, how many there are in all, and the query that asked for them."""

    items: list
    total: int
    query: Query
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        return min(self.query.page, self.pages)


def page(query: Query, *, size: int = 60, now: float | None = None) -> Page:
    """The page a query asks for; the last one where its number is too high."""
    if query.order.column:
        total = count(query)
        first = (min(query.page, max(1, -(-total // size))) - 1) * size
        ids = _cut(query, first, size)
    else:
        ordered = _ranked(query, time.time() if now is None else now)
        total = len(ordered)
        first = (min(query.page, max(1, -(-total // size))) - 1) * size
        ids = ordered[first:first + size].tolist()
    return Page(load(query.module.Item, ids), total, query, size)


def load(Item: type, ids: list[int]) -> list:
    """Items in the order of their ids; unknown ids are left out."""
    found = {item.id: item for item in db.session.scalars(select(Item).where(Item.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]


def count(query: Query) -> int:
    """How many items a query finds; remembered until something changes."""
    key = (str(db.engine.url), query.module.name, revision(query.module.name), query.q, query.rated, query.least,
           query.most, query.folder, tuple(sorted(query.facets.items())))
    if key not in _counts:
        _counts[key] = db.session.scalar(filtered(query, func.count()))
        while len(_counts) > MOST_COUNTS:
            _counts.popitem(last=False)
    return _counts[key]


def filtered(query: Query, *columns: object) -> Select:
    """A select over the items that a query's words and filters let through."""
    Item = query.module.Item
    chosen = select(*columns).select_from(Item).where(Item.missing.is_(False))
    if query.q and (found := matching(query.module, query.q)) is not None:
        chosen = chosen.where(Item.id.in_(found))
    if query.rated == "yes" or query.least is not None or query.most is not None:
        chosen = chosen.where(Item.rating >= (query.least or 0), Item.rating <= (10 if query.most is None else query.most))
    elif query.rated == "no":
        chosen = chosen.where(Item.rating.is_(None))
    if query.folder:
        folder = query.folder.rstrip("/")
        chosen = chosen.where(Item.folder >= folder + "/", Item.folder < folder + "0")  # "0" follows "/"
    for facet in query.module.filters:
        if facet.key in query.facets:
            chosen = chosen.where(getattr(Item, facet.column) == query.facets[facet.key])
    return chosen


def ordered_select(query: Query) -> Select:
    """Ids in the order of an indexed column, either way the index stands; the id breaks ties."""
    Item = query.module.Item
    column = getattr(Item, query.order.column)
    keys = (column.desc(), Item.id.desc()) if query.down else (column.asc(), Item.id.asc())
    return filtered(query, Item.id).order_by(*keys)


def _cut(query: Query, first: int, size: int) -> list[int]:
    """Ids first..first+size of the order, items without a value last whichever way it goes."""
    chosen, column = ordered_select(query), getattr(query.module.Item, query.order.column)
    if query.down or not column.nullable:
        return list(db.session.scalars(chosen.limit(size).offset(first)))
    ids = list(db.session.scalars(chosen.where(column.is_not(None)).limit(size).offset(first)))
    if len(ids) < size:
        filled = db.session.scalar(filtered(query, func.count()).where(column.is_not(None)))
        ids += db.session.scalars(chosen.where(column.is_(None)).limit(size - len(ids)).offset(max(0, first - filled)))
    return ids


def _ranked(query: Query, now: float) -> np.ndarray:
    choice = candidates(query.module)
    if query.sort == "random":
        ids = np.random.default_rng(query.seed or 0).permutation(choice.id)
    else:
        ids = order(choice, now=now // 3600 * 3600, seed=query.seed)
    if query.down:
        ids = ids[::-1]
    if query.filtered:
        kept = np.fromiter(db.session.scalars(filtered(query, query.module.Item.id)), np.int64)
        ids = ids[np.isin(ids, kept)]
    return ids

