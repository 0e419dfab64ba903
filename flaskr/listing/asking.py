"""The next question of the rating queue: which item, and what kind of question it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flaskr.embeddings.store import matrix
from flaskr.listing.columns import candidates, counts
from flaskr.listing.page import load
from flaskr.media.contract import Module
from flaskr.ranking import asking
from flaskr.ranking.explore import noise

LOOKED = 2000  # predictions among which those that an answer moved are counted
SAMPLED = 1024  # open items, and rated ones, that are compared for a typical one: bounds the cost in any library


@dataclass(frozen=True)
class Question:
    """The item to ask about (None: nothing is left), the kind of question, how many are rated and how many are open."""

    item: object | None
    kind: str
    rated: int
    open: int


def question(module: Module, *, seed: int, number: int, skipped: Sequence[int] = ()) -> Question:
    """The `number`-th question (from 0) of a seed: same ratings, seed and number, same question.

    Asks of items that have a file, are not rated and were not skipped. A kind that can't be asked gives way to the next:
    promising needs predictions, typical needs vectors, chance needs nothing. A question by chance is drawn from all
    open items alike: the ratings it brings are a fair test of the predictions that stood.
    """
    known, rated = candidates(module), counts(module)[2]
    open_ = np.flatnonzero(np.isnan(known.rating) & ~np.isin(known.id, np.array(skipped, np.int64)))
    if not len(open_):
        return Question(None, asking.CHANCE, rated, 0)
    ids, row, kind = known.id[open_], None, asking.kind_of(number, seed)
    luck = noise(ids, seed * asking.TWENTY + number)
    if kind == asking.PROMISING:
        row = asking.promising(known.mean[open_], known.spread[open_], luck)
        kind = asking.TYPICAL if row is None else kind
    if kind == asking.TYPICAL:
        row = _typical(module, ids, [*known.id[~np.isnan(known.rating)].tolist(), *skipped], luck)
        kind = asking.CHANCE if row is None else kind
    if row is None:
        row = int(np.argmax(luck))
    items = load(module.Item, [int(ids[row])])
    return Question(items[0] if items else None, kind, rated, len(ids))


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
