"""The person's taste in one module: groups, drift, gems, and how far the evaluator's guesses may be believed."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.evaluator import cards, maps
from flaskr.extensions import db
from flaskr.listing import taste_drift, taste_gems, taste_groups
from flaskr.listing.columns import candidates
from flaskr.listing.page import load
from flaskr.listing.taste_drift import Drift
from flaskr.listing.taste_groups import Group
from flaskr.media.contract import Module
from flaskr.tables import revision

BETTER = "better"  # the verdict of an evaluator whose guesses are worth showing


@dataclass(frozen=True)
class Taste:
    """rated, average: how many ratings there are of items with a file, and their mean. verdict, sentence: of the evaluator's
    report; "" before the first training. drawn: whether there is a map. items: by id, all that the page names."""

    module: Module
    total: int
    rated: int
    average: float | None
    verdict: str
    sentence: str
    drawn: bool
    groups: tuple[Group, ...]
    drift: Drift
    gems: tuple[int, ...]
    items: dict[int, Any]

    @property
    def trusted(self) -> bool:
        return self.verdict == BETTER

    def said(self, what: str) -> list[Group]:
        """The groups of which this is said."""
        return [group for group in self.groups if group.said == what]

    def group(self, number: int) -> Group:
        return next(group for group in self.groups if group.number == number)


_held: dict[tuple[str, str], tuple[tuple, dict[str, Any]]] = {}
_lock = threading.Lock()


def taste(module: Module, project: Path) -> Taste:
    """The taste as of the last commit; found anew only when ratings, predictions or the map have changed."""
    path = maps.path_of(project, module.name)
    card = cards.current_card(cards.folder_of(project, module.name)) or {}
    report = card.get("report") or {}
    number = revision(module.name), maps.stamp_of(path), card.get("version")
    key = (str(db.engine.url), module.name)
    with _lock:
        held = _held.get(key)
    if held is None or held[0] != number:
        held = number, _found(module, maps.load(path), report.get("verdict") == BETTER)
        with _lock:
            _held[key] = held
    found = held[1]
    wanted = [*found["gems"], *(id_ for group in found["groups"] for id_ in group.examples)]
    items = {item.id: item for item in load(module.Item, wanted)}
    return Taste(module=module, verdict=report.get("verdict", ""), sentence=report.get("sentence", ""), items=items, **found)


def _found(module: Module, drawn: maps.LibraryMap | None, trusted: bool) -> dict[str, Any]:
    known = candidates(module)
    rated = known.rating[~np.isnan(known.rating)]
    average = float(rated.mean(dtype=np.float64)) if len(rated) else None
    events = taste_drift.events(module)
    if drawn is None:
        where, told = np.full(len(known.id), -1, np.int64), np.full(len(events), -1, np.int64)
    else:
        where, told = (taste_groups.where_of(drawn, ids) for ids in (known.id, events[:, 0].astype(np.int64)))
    gems = taste_gems.gems(module, known, where, above=average) if trusted and average is not None else []
    groups = taste_groups.groups(drawn, known, where, trusted=trusted) if drawn is not None else []
    shown = {group.number for group in groups}
    told = np.where(np.isin(told, list(shown)), told, -1)
    return {"total": len(known.id), "rated": len(rated), "average": average, "drawn": drawn is not None,
            "groups": tuple(groups), "drift": taste_drift.drift(events, told), "gems": tuple(gems)}
