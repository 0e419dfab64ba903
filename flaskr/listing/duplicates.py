"""Near-duplicates as groups around the best of them: what the last comparison found, less what is gone or said to differ."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from flaskr.embeddings import store
from flaskr.embeddings.duplicates import pairs
from flaskr.extensions import db
from flaskr.listing.page import load
from flaskr.media.contract import Module
from flaskr.tables import Different, revision

MOST_IN_GROUP = 12
_held: dict[tuple[str, str], tuple[tuple, list]] = {}


@dataclass(frozen=True)
class Group:
    """Alike items, the best first, the (column, title) of facts in which they differ and agree, and the least cosine."""

    items: list
    differ: list[tuple[str, str]]
    agree: list[tuple[str, str]]
    cosine: float
    better: tuple[str, ...] = ("size",)

    @property
    def spare(self) -> int:
        """Bytes that all but the best take."""
        return sum(item.size for item in self.items[1:])

    @property
    def heir(self) -> bool:
        """Whether the best would get a rating that another of them has."""
        return self.items[0].rating is None and any(item.rating is not None for item in self.items)

    def most(self, key: str) -> Any:
        """The greatest value of a fact that makes one better, so that it can be marked; None for other facts."""
        return max(getattr(item, key) or 0 for item in self.items) if key in self.better else None


@dataclass(frozen=True)
class Duplicates:
    """One page of groups. `state`: "unembedded", "unlooked", "none" or "some". `outdated`: vectors changed since."""

    groups: list[Group]
    state: str
    total: int = 0
    compared: int = 0
    made: float | None = None
    outdated: bool = False
    number: int = 1
    pages: int = 1


def duplicates(module: Module, project: Path, *, page: int = 1, size: int = 12) -> Duplicates:
    """The groups of one page, those that take most space first."""
    found = pairs(module, project)
    if found is None:
        return Duplicates([], "unlooked" if len(store.matrix(module).ids) else "unembedded")
    ids = _groups(module, found)
    pages = max(1, -(-len(ids) // size))
    number = min(max(1, page), pages)
    items = {item.id: item for item in load(module.Item, [id_ for group, _ in ids[(number - 1) * size:number * size]
                                                          for id_ in group])}
    groups = [_shown(module, [items[id_] for id_ in group], cosine) for group, cosine in ids[(number - 1) * size:number * size]]
    return Duplicates(groups, "some" if ids else "none", len(ids), found.total, found.made,
                      found.number != revision(store.stream(module)), number, pages)


def _groups(module: Module, found: Any) -> list[tuple[list[int], float]]:
    """(ids, the best first; the least cosine to it) of every group; made again when an item or an answer has changed.

    Each member is alike to the best of its group, not only to another member: a chain of likenesses ends nowhere.
    """
    answers = db.session.execute(select(func.count(), func.max(Different.id)).where(Different.module == module.name)).one()
    state = (revision(module.name), found.made, *answers)
    key = (str(db.engine.url), module.name)
    if key in _held and _held[key][0] == state:
        return _held[key][1]
    facts, near = _facts(module), defaultdict(dict)
    differ = {tuple(row) for row in db.session.execute(
        select(Different.first, Different.second).where(Different.module == module.name))}
    for one, other, cosine in zip(found.first.tolist(), found.second.tolist(), found.cosine.tolist(), strict=True):
        if one in facts and other in facts and (min(one, other), max(one, other)) not in differ:
            near[one][other] = near[other][one] = cosine
    taken, groups = set(), []
    for best in sorted(near, key=lambda id_: (*facts[id_], -id_), reverse=True):
        if best in taken:
            continue
        members = sorted((id_ for id_ in near[best] if id_ not in taken), key=lambda id_: (*facts[id_], -id_), reverse=True)
        members = members[:MOST_IN_GROUP - 1]
        if members:
            taken |= {best, *members}
            groups.append(([best, *members], min(near[best][id_] for id_ in members)))
    groups.sort(key=lambda group: -sum(facts[id_][-1] for id_ in group[0][1:]))
    _held[key] = (state, groups)
    return groups


def _facts(module: Module) -> dict[int, tuple]:
    """Present item -> what makes it the better one: the module's columns, then its size."""
    Item = module.Item
    columns = [getattr(Item, name) for name in module.best]
    rows = db.session.execute(select(Item.id, *columns, Item.size).where(Item.missing.is_(False)))
    return {row[0]: tuple(value or 0 for value in row[1:]) for row in rows}


def _shown(module: Module, items: list, cosine: float) -> Group:
    facts = [*module.facts, ("size", "Size")]
    told = [(key, title) for key, title in facts if any(getattr(item, key) not in (None, "", False) for item in items)]
    differ = [(key, title) for key, title in told if not _equal([getattr(item, key) for item in items])]
    return Group(items, differ, [fact for fact in told if fact not in differ], cosine, (*module.best, "size"))


def _equal(values: list) -> bool:
    """Whether a person would call them the same: measured numbers may differ by a hundredth."""
    if all(isinstance(value, float) for value in values):
        return max(values) - min(values) <= 0.01 * max(map(abs, values))
    return len(set(values)) == 1
