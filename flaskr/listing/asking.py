"""The next question of the rating queue: which item, or which two, and what kind of question it is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from flaskr.embeddings.store import matrix
from flaskr.extensions import db
from flaskr.listing.columns import candidates, counts
from flaskr.listing.page import load
from flaskr.media.contract import Module
from flaskr.ranking import asking
from flaskr.ranking.explore import noise

LOOKED = 2000  # predictions among which those that an answer moved are counted
CLOSE, OLDEST, ODD = "close", "oldest", "odd"  # kinds of question about two, and about what was rated before
ALIKE = 20  # items of the nearest predictions, one of which a chosen one is compared with
FORGOTTEN = 7 * 86_400  # seconds after which a rating may be asked for again: before, one still remembers it
SAMPLED = 1024  # open items, and rated ones, that are compared for a typical one: bounds the cost in any library


@dataclass(frozen=True)
class Question:
    """The item to ask about (None: nothing is left), the kind of question, how many are rated and how many are open.
    other: the second of two."""

    item: object | None
    kind: str
    rated: int
    open: int
    other: object | None = None


def question(module: Module, *, seed: int, number: int, skipped: Sequence[int] = ()) -> Question:
    """The `number`-th question (from 0) of a seed: same ratings, seed and number, same question.

    Asks of items that have a file, are not rated and were not skipped. A question by chance is drawn from all open items
    alike: the ratings it brings are a fair test of the predictions that stood. Before there are any, all questions are
    about typical items; before there are vectors, all are by chance.
    """
    known, rated = candidates(module), counts(module)[2]
    open_ = np.flatnonzero(np.isnan(known.rating) & ~np.isin(known.id, np.array(skipped, np.int64)))
    if not len(open_):
        return Question(None, asking.CHANCE, rated, 0)
    ids, row, kind = known.id[open_], None, asking.kind_of(number, seed)
    luck = noise(ids, seed * asking.TWENTY + number)
    if np.isnan(known.mean[open_]).all():
        kind = asking.TYPICAL
    if kind == asking.PROMISING:
        row = asking.promising(known.mean[open_], known.spread[open_], luck)
    if kind == asking.TYPICAL:
        row = _typical(module, ids, [*known.id[~np.isnan(known.rating)].tolist(), *skipped], luck)
        kind = asking.CHANCE if row is None else kind
    if row is None:
        row = int(np.argmax(luck))
    items = load(module.Item, [int(ids[row])])
    return Question(items[0] if items else None, kind, rated, len(ids))


def two(module: Module, *, seed: int, number: int, skipped: Sequence[int] = ()) -> Question:
    """Two unrated items to choose from: any one, and one of the ALIKE items whose predictions are nearest to its own; every
    fourth time any other one, for a fair test. None without two predicted items."""
    known, rated = candidates(module), counts(module)[2]
    open_ = np.flatnonzero(np.isnan(known.rating) & ~np.isnan(known.mean) & ~np.isin(known.id, np.array(skipped, np.int64)))
    kind = asking.CHANCE if number % 4 == 3 else CLOSE
    if len(open_) < 2:
        return Question(None, kind, rated, 0)
    luck = noise(known.id[open_], seed * asking.TWENTY + number)
    first, *others = np.argsort(luck, kind="stable").tolist()
    if kind == CLOSE:
        apart = np.abs(known.mean[open_] - known.mean[open_[first]])
        others = sorted(others, key=lambda row: (apart[row], row))[:ALIKE]
    other = max(others, key=lambda row: luck[row])
    items = load(module.Item, known.id[open_[[first, other]]].tolist())
    return Question(items[0], kind, rated, len(open_), items[1])


def again(module: Module, *, seed: int, number: int, skipped: Sequence[int] = (), now: float | None = None) -> Question:
    """An item to rate once more: in turn the one rated longest ago, and the one whose rating is most at odds with its
    prediction, in spreads. Of those rated FORGOTTEN seconds ago or earlier, not skipped; seed is not needed."""
    Item, latest = module.Item, (time.time() if now is None else now) - FORGOTTEN
    rows = db.session.execute(select(Item.id, Item.rating, Item.prediction, Item.spread).where(
        Item.missing.is_(False), Item.rating.is_not(None), Item.rated_at <= latest).order_by(Item.rated_at, Item.id)).all()
    gone, rated = set(skipped), counts(module)[2]
    rows = [row for row in rows if row.id not in gone]
    if not rows:
        return Question(None, OLDEST, rated, 0)
    kind, row = OLDEST, rows[0]
    if number % 2 and any(row.prediction is not None for row in rows):
        kind, row = ODD, max(rows, key=lambda row: -1.0 if row.prediction is None else
                             abs(row.rating - row.prediction) / max(row.spread or 0.0, 0.1))
    return Question(load(Item, [row.id])[0], kind, rated, len(rows))


def sample(module: Module) -> list[int]:
    """Ids of items with a prediction that stand for all of them: all, or LOOKED, the same ones each time."""
    known = candidates(module)
    ids = known.id[~np.isnan(known.mean)]
    return ids[np.argsort(noise(ids, 0), kind="stable")[:LOOKED]].tolist()


def _typical(module: Module, ids: np.ndarray, asked: list[int], luck: np.ndarray) -> int | None:
    """Position in `ids` of a typical item unlike what was asked; None where no open item has a vector."""
    held = matrix(module)
    found, at = held.rows_of(ids)
    if not len(found):
        return None
    drawn = np.argsort(luck[found], kind="stable")[:SAMPLED]
    _, before = held.rows_of(asked)
    before = before[np.argsort(noise(before, 0), kind="stable")[:SAMPLED]]
    best = asking.typical(held.vectors[at[drawn]].astype(np.float32), held.vectors[before].astype(np.float32))
    return int(found[drawn[best]])
