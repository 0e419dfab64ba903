"""Which passages of an item carry its score: the evaluator's expectation of each, beside the person's own average."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from flaskr.embedders import embedder_for
from flaskr.evaluator import cards, load
from flaskr.extensions import db
from flaskr.media.contract import Module, Unreadable
from flaskr.media.passages import Passage, passages
from flaskr.tables import Embedding

CLEAR = 0.25  # points from the average at which a passage speaks for or against
STRONG = 1.0
MOST_HELD = 64

_held: OrderedDict[tuple, "Verdict"] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Judged:
    """A passage, what the evaluator expects of it alone, and how far that is from the average rating."""

    passage: Passage
    rating: float
    lean: float

    @property
    def side(self) -> str:
        """"for", "against" or "": which way it speaks."""
        return "for" if self.lean >= CLEAR else "against" if self.lean <= -CLEAR else ""

    @property
    def strong(self) -> bool:
        return abs(self.lean) >= STRONG


@dataclass(frozen=True)
class Verdict:
    """The passages of an item in its order, or the reason why there are none; `average`: of all that was rated."""

    reason: str
    average: float = 0.0
    judged: tuple[Judged, ...] = ()

    def carrying(self, most: int = 3) -> list[Judged]:
        """Those that decide its score: of the side that weighs more, the clearest first."""
        leaning = sorted((one for one in self.judged if one.side), key=lambda one: -one.lean)
        total = sum(one.lean for one in self.judged)
        return leaning[:most] if total >= 0 or not leaning else leaning[::-1][:most]

    def on(self, page: int) -> dict[int, Judged]:
        """The judged passage of each block (from 0) of a reader page."""
        return {at: one for one in self.judged if one.passage.page == page
                for at in range(one.passage.first, one.passage.last + 1)}


def verdict(module: Module, item: Any, path: Path, project: Path, run: Callable[..., Any]) -> Verdict:
    """What each passage of a text says to the evaluator of now; `run(function, ...)` works in a worker."""
    embedder = embedder_for(module.embedder)
    space = embedder.space
    row = db.session.execute(select(Embedding.parts, Embedding.fingerprint, Embedding.projection, Embedding.error).where(
        Embedding.module == module.name, Embedding.space == space, Embedding.item_id == item.id)).first()
    if row is None or row.fingerprint != item.fingerprint:
        return Verdict(f"The passages of this {module.one} are not embedded yet.")
    if row.error or not row.parts:
        return Verdict(row.error or "This embedder looks at the whole only, not at its passages.")
    folder = cards.folder_of(project, module.name)
    card = cards.current_card(folder)
    if card is None:
        return Verdict(f"Nothing was learned yet: rate some {module.one}s and train.")
    if card["space"] != f"{space}/{row.projection}":
        return Verdict("The embeddings have changed since the evaluator learned: train again.")
    key = (str(db.engine.url), module.name, item.fingerprint, row.projection, card["version"], str(path))
    with _lock:
        held = _held.get(key)
    if held is None:
        vectors = np.frombuffer(row.parts, np.float16).reshape(-1, embedder.dim)
        held = _judge(module, path, vectors, folder / card["version"], run)
        with _lock:
            _held[key] = held
            while len(_held) > MOST_HELD:
                _held.popitem(last=False)
    return held


def _judge(module: Module, path: Path, vectors: np.ndarray, evaluator: Path, run: Callable[..., Any]) -> Verdict:
    average = db.session.scalar(select(func.avg(module.Item.rating)))
    found = run(found_passages, path)
    if len(found) != len(vectors):
        return Verdict("Its passages have changed since they were embedded: scan and embed again.")
    expected = run(expect, evaluator, vectors)
    middle = float(5.0 if average is None else average)
    return Verdict("", middle, tuple(Judged(one, round(float(value), 2), float(value) - middle)
                                     for one, value in zip(found, expected, strict=True)))


def found_passages(path: Path) -> list[Passage]:
    """In a worker: the passages of a document; none where it can't be read."""
    try:
        return passages(path)
    except Unreadable:
        return []


def expect(evaluator: Path, vectors: np.ndarray) -> np.ndarray:
    """In a worker: the expected rating float32 [k] of unit vectors [k, dim]."""
    return load(evaluator).predict(np.asarray(vectors, np.float32))[0]
