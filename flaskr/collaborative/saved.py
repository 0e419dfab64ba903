"""The ensemble that serves: fitted versions in a folder, the current one named by a small file, loaded once and mapped."""
from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.collaborative import files
from flaskr.collaborative.data import Ratings, person
from flaskr.collaborative.ensemble import Ensemble, fit_ensemble, load_ensemble
from flaskr.collaborative.reasons import Reason
from flaskr.collaborative.recommend import Pick, recommend

CURRENT, CARD, KEPT = "current", "card.json", 2
REMEMBERED = 4000  # answers kept of one version


@dataclass(frozen=True)
class Items:
    """Ids of the items that the model knows, ascending int64 [m]; unit as in Ratings."""

    name: ClassVar[str] = "items"
    ids: np.ndarray
    unit: float


@dataclass(frozen=True)
class Serving:
    """A fitted ensemble, its items and its card."""

    model: Ensemble
    items: Items
    card: dict[str, Any]
    answers: dict[tuple, list[Pick]] = field(default_factory=dict, repr=False)

    def recommend(self, ids: Sequence[int], ratings: Sequence[float], count: int, *,
                  only: Sequence[int] | None = None) -> list[Pick]:
        """Picks for a person who gave `ratings` (own scale, -1 = watched) to item `ids`; all items in them are ids, expected
        ratings are on the data's own scale. Items that the model does not know are passed over; `only`: from these alone. The
        answer is remembered by all that was given, so that it is new as soon as a rating is."""
        if only is not None:
            allowed = np.zeros(len(self.items.ids), bool)
            allowed[self.codes(only)[1]] = True
            return self._recommend(ids, ratings, count, allowed)
        asked = count, tuple(ids), tuple(ratings)
        found = self.answers.get(asked)  # once: another thread may let it go meanwhile
        if found is None:
            while len(self.answers) >= REMEMBERED:
                self.answers.pop(next(iter(self.answers), None), None)
            found = self.answers[asked] = self._recommend(ids, ratings, count)
        return list(found)

    def _recommend(self, ids: Sequence[int], ratings: Sequence[float], count: int,
                   allowed: np.ndarray | None = None) -> list[Pick]:
        picks = recommend(self.model, self.person(ids, ratings), count, only=allowed)
        return [replace(pick, item=int(self.items.ids[pick.item]), rating=pick.rating * self.items.unit,
                        reasons=self.named(pick.reasons)) for pick in picks]

    def codes(self, ids: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """(bool [n]: which of the ids the model knows, int: the codes of those)."""
        ids, known = np.asarray(ids, np.int64), self.items.ids
        code = np.searchsorted(known, ids)
        there = known[np.minimum(code, len(known) - 1)] == ids
        return there, code[there]

    def person(self, ids: Sequence[int], ratings: Sequence[float]) -> Ratings:
        """Somebody as the model takes them, without what it does not know."""
        values, (there, code) = np.asarray(ratings, np.float32), self.codes(ids)
        values = np.where(values < 0, -1, values / self.items.unit)
        like = Ratings(*(np.empty(0, kind) for kind in (np.int32, np.int32, np.float32)), np.empty(0, np.int64),
                       self.items.ids)
        return person(code, values[there], like)

    def named(self, reasons: Sequence[Reason]) -> list[Reason]:
        """Reasons by ids, their ratings on the data's own scale."""
        return [replace(reason, item=int(self.items.ids[reason.item]),
                        rating=reason.rating * (self.items.unit if reason.rating > 0 else 1)) for reason in reasons]


def fit_and_save(data: Ratings, folder: Path, *, executor: Executor | None = None, **told: Any) -> dict[str, Any]:
    """Fit on everything, keep it as a new version below `folder`, make it current; its card, with what is `told` beside."""
    started = time.perf_counter()
    model = fit_ensemble(data, executor=executor)
    version = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    card = {"version": version, "created": time.time(), "users": data.n_users, "items": data.n_items, "rows": len(data),
            "ratings": int(data.rated.sum()), "seconds": round(time.perf_counter() - started, 1),
            "liking_weights": _plain(asdict(model.liking)), "trees": model.forest is not None,
            "trees_for_beginners": model.beginners is not None} | told
    model.save(folder / version / "ensemble")
    files.save(Items(np.asarray(data.item_ids, np.int64), float(data.unit)), folder / version / "items")
    (folder / version / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")
    new = folder / (CURRENT + ".new")
    new.write_text(version, encoding="utf-8")
    os.replace(new, folder / CURRENT)
    for old in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != version)[:1 - KEPT]:
        shutil.rmtree(old, ignore_errors=True)  # a process that has it mapped keeps its arrays
    return card


def serving(folder: Path) -> Serving | None:
    """The current version, loaded when it is first asked for; None before the first. ValueError if it is damaged."""
    try:
        version = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return _load(folder / version)


@lru_cache(maxsize=1)
def _load(folder: Path) -> Serving:
    threadpool_limits(1, user_api="blas")  # from now on: at 100 requests/s more threads spin against each other for seconds
    card = json.loads((folder / CARD).read_bytes())
    return Serving(load_ensemble(folder / "ensemble"), files.load(Items, folder / "items"), card)


def _plain(value: Any) -> Any:
    """Arrays and numpy's numbers as JSON knows them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
