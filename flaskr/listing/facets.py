"""What a module's filters may be set to: the values that stand in the library, with how many items have each."""

import threading
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from flaskr.extensions import db
from flaskr.listing.arrays import settled
from flaskr.media.contract import Filter, Module

MOST = 100


@dataclass(frozen=True)
class Facet:
    """A filter: its (value, how many) pairs, the commonest first; `more` where there are others than these.

    A filter by range has its least and greatest value instead.
    """

    filter: Filter
    values: tuple[tuple[str, int], ...] = ()
    more: bool = False
    least: float | None = None
    most: float | None = None


_held: dict[tuple[str, str], tuple[tuple, list[Facet]]] = {}
_lock = threading.Lock()


def facets(module: Module) -> list[Facet]:
    """The filters of a module that have something to choose from; read again when what files say has changed."""
    key, number = (str(db.engine.url), module.name), settled(module)
    with _lock:
        if key not in _held or _held[key][0] != number:
            found = [_range(module, one) if one.range else _facet(module, one) for one in module.filters]
            _held[key] = number, [facet for facet in found if facet.values or facet.least is not None]
        return _held[key][1]


def values(module: Module, key: str, typed: str = "") -> list[tuple[str, int]]:
    """At most 100 (value, how many) of the filter with this key whose value holds what was typed; KeyError for no such."""
    chosen = next((one for one in module.filters if one.key == key), None)
    if chosen is None:
        raise KeyError(key)
    column = getattr(module.Item, chosen.column)
    asked = values_select(module, chosen)
    if typed:
        asked = asked.where(column.contains(typed[:100], autoescape=True))
    return [(str(value), amount) for value, amount in db.session.execute(asked.limit(MOST))]


def values_select(module: Module, chosen: Filter) -> Select:
    """(value, how many items) of a filter, the commonest first."""
    Item, column = module.Item, getattr(module.Item, chosen.column)
    return select(column, func.count()).where(Item.missing.is_(False), column.is_not(None), column != "").group_by(
        column).order_by(func.count().desc(), column)


def _facet(module: Module, chosen: Filter) -> Facet:
    found = db.session.execute(values_select(module, chosen).limit(MOST + 1)).all()
    return Facet(chosen, tuple((str(value), amount) for value, amount in found[:MOST]), len(found) > MOST)


def _range(module: Module, chosen: Filter) -> Facet:
    Item, column = module.Item, getattr(module.Item, chosen.column)
    ends = [db.session.scalar(select(column).where(Item.missing.is_(False), column.is_not(None)).order_by(way).limit(1))
            for way in (column.asc(), column.desc())]
    return Facet(chosen, least=ends[0], most=ends[1])
