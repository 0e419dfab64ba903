"""Ids in an order, and ids that a filter lets through: each from one covering index, kept until it may have changed.

A page is then cut from arrays: at 100,000 items an index walk takes 20 ms once, and what arrays do takes less than one.
What ratings and plays change is in memory already (columns.py), and is sorted from there: the next page waits for no walk.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from sqlalchemy import Select, func, select

from flaskr.extensions import db
from flaskr.library import words
from flaskr.listing.columns import NAMES, alive_sum, counts, values
from flaskr.listing.query import Query
from flaskr.media.contract import Module
from flaskr.tables import revision

MOST_BYTES = 64 << 20
LIVELY = ("rating", "rated_at", "prediction", "spread", "finished", "last_played")  # what else changes, a scan changes

_kept: OrderedDict[tuple, tuple[tuple, np.ndarray]] = OrderedDict()
_lock = threading.Lock()


def settled(module: Module) -> tuple:
    """Changes when what the files say may have changed, not with ratings, plays and predictions.

    Whoever changes what files say writes their words anew, or hides or shows an item.
    """
    total, missing, _, _ = counts(module)
    return revision(words.stream(module)), total, missing, alive_sum(module)


def ordered(module: Module, column: str) -> np.ndarray:
    """Ids int64 of every item with a file by ascending (column, id): items without a value first."""
    return kept(module, ("order", column), column, lambda: _sorted(module, column) if column in NAMES else
                ids_of(order_select(module, column)))


def _sorted(module: Module, column: str) -> np.ndarray:
    ids, held = values(module, column)
    none = np.isnan(held)
    return np.concatenate((ids[none], ids[~none][np.argsort(held[~none], kind="stable")]))


def without(module: Module, column: str) -> int:
    """How many items with a file have no value in a column."""
    if column in NAMES:
        return int(np.count_nonzero(np.isnan(values(module, column)[1])))
    Item = module.Item
    return len(filtered(module, f"no {column}", column, select(Item.id).where(
        Item.missing.is_(False), getattr(Item, column).is_(None))))


def rated(query: Query) -> list[np.ndarray]:
    """The ids that a query's wish about ratings lets through, or an empty list where it has none."""
    if query.rated == "no":
        ids, held = values(query.module, "rating")
        return [ids[np.isnan(held)]]
    if query.rated == "yes" or query.least is not None or query.most is not None:
        ids, held = values(query.module, "rating")
        least, most = query.least or 0, 10 if query.most is None else query.most
        return [ids[(held >= least) & (held <= most)]]
    return []


def filtered(module: Module, name: str, column: str, chosen: Select) -> np.ndarray:
    """Ids int64, in no order, of the items with a file that a filter on one column lets through."""
    return kept(module, ("filter", name), column, lambda: ids_of(chosen))


def order_select(module: Module, column: str) -> Select:
    """Ids by ascending (column, id); the other way round is the same index from its end."""
    Item = module.Item
    return select(Item.id).where(Item.missing.is_(False)).order_by(getattr(Item, column).asc(), Item.id.asc())


def filter_selects(query: Query) -> dict[str, tuple[str, Select]]:
    """{what is asked for: (column, ids that it lets through)} of a query's filters; its words and ratings left out."""
    Item, found = query.module.Item, {}
    here = select(Item.id).where(Item.missing.is_(False))
    if query.folder:
        folder = query.folder.rstrip("/")
        below = here.where(Item.folder >= folder + "/", Item.folder < folder + "0")  # "0" follows "/"
        found[f"folder {folder}"] = "folder", below
    for facet in query.module.filters:
        column = getattr(Item, facet.column)
        if facet.key in query.facets:
            found[f"{facet.key} is {query.facets[facet.key]}"] = facet.column, here.where(
                column == query.facets[facet.key])
        if facet.key in query.ranges:
            least, most = query.ranges[facet.key]
            within = here if least is None else here.where(column >= least)
            within = within if most is None else within.where(column <= most)
            found[f"{facet.key} from {least} to {most}"] = facet.column, within.where(column.is_not(None))
    return found


def ids_of(chosen: Select) -> np.ndarray:
    """Ids int64 of a select of ids in its order; as one text, which takes half the time of as many rows.

    SQLite keeps the order of a select that an aggregate other than count, min or max reads.
    """
    some = chosen.subquery()
    text = db.session.scalar(select(func.group_concat(some.c.id)))
    return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)


def kept(module: Module, name: tuple, column: str, make: Callable[[], np.ndarray]) -> np.ndarray:
    """The array of that name, made again when its column may have changed."""
    number = (revision(module.name),) if column in LIVELY else settled(module)
    key = (str(db.engine.url), module.name, *name)
    with _lock:
        if key in _kept and _kept[key][0] == number:
            _kept.move_to_end(key)
            return _kept[key][1]
    made = make()
    made.setflags(write=False)
    with _lock:
        _kept[key] = number, made
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(array.nbytes for _, array in _kept.values()) > MOST_BYTES:
            _kept.popitem(last=False)
    return made
