"""Which of the titles that fit are named: the person's own order, what is like the examples, what is near in meaning."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flaskr.collaborative.looking import Look, alike, look
from flaskr.collaborative.order import page
from flaskr.collaborative.reasons import Reason
from flaskr.collaborative.saved import Serving
from flaskr.collaborative.single import why
from flaskr.talk.contract import Entry
from flaskr.talk.meaning import steps

# What each part counts beside the others, in steps of an order; the person's own order alone decides where nothing is asked.
OWN, LIKING, LIKE, UNLIKE, MEANT = 0.4, 0.5, 1.0, 0.6, 0.8
NOT_ALIKE = 1000  # the place among what is like an example of what nobody watches beside it


class Person:
    """What somebody gave: title id -> rating on the data's own scale, -1 = watched; and the model that serves, if there is
    one; hidden: ids of titles that they don't want to be shown."""

    def __init__(self, rows: Mapping[int, float], serving: Serving | None = None,
                 hidden: frozenset[int] = frozenset()) -> None:
        self.rows, self.serving, self.hidden = rows, serving, hidden

    @cached_property
    def view(self) -> Look | None:
        """All titles as this person would have them; None without a model."""
        return look(self.serving, list(self.rows), list(self.rows.values())) if self.serving else None

    def why(self, title: int) -> list[Reason]:
        """What speaks for a title."""
        return why(self.serving, list(self.rows), list(self.rows.values()), title) if self.serving else []


@dataclass(frozen=True)
class Wanted:
    """like, unlike: ids of examples; words: a meaning; without: ids that must not come; seen: whether those may come that the
    person knows; filtered: whether only some of the titles fit."""

    like: Sequence[int] = ()
    unlike: Sequence[int] = ()
    words: str = ""
    without: Sequence[int] = ()
    seen: bool = False
    filtered: bool = False


def choose(entries: Sequence[Entry], fits: Iterable[int], person: Person, wanted: Wanted, count: int,
           near: Callable[[str], np.ndarray]) -> tuple[list[int], int]:
    """(ids of the best `count` titles, at most two of one story; how many fit in all). near(words): float32 [n], how near each
    entry is in meaning."""
    ids = np.array([entry.id for entry in entries], np.int64)
    out = {*wanted.without, *wanted.like, *(() if wanted.seen else person.rows)}
    fitting = np.isin(ids, list(set(fits) - out))
    view = person.view
    own = steps(_places(_spread(ids, view, view.key) if view else np.array([entry.known for entry in entries], np.float32)))
    guided = bool(wanted.like or wanted.words)
    score = -own * (OWN if guided else 1.0)
    if view and (guided or wanted.filtered):  # among few, what they would like counts beside what they would meet
        score = score + LIKING * _spread(ids, view, view.expected, float(view.expected.mean()))
    for examples, weight in ((wanted.like, LIKE), (wanted.unlike, -UNLIKE)):
        if examples:
            score = score + weight * _likeness(ids, entries, person.serving, view, examples, near)
    if wanted.words:
        score = score + MEANT * near(wanted.words)
    story = _stories(ids, view)
    found = page(np.where(fitting, score, -np.inf), story, count)
    return [int(ids[row]) for row in found], int(fitting.sum())


def told(person: Person, ids: Sequence[int], said: Mapping[int, Mapping[str, Any]],
         names: Callable[[Iterable[int]], Mapping[int, str]]) -> list[dict[str, Any]]:
    """What a tool tells of titles: what is `said` of each, and what there is between it and this person. What is not known is
    left out."""
    guessed, reasons = expected(person.view, ids), {one: person.why(one) for one in ids}
    known = names({reason.item for some in reasons.values() for reason in some})
    found = []
    for one in ids:
        rating, place = guessed.get(one, (None, 0))
        of_it = {"id": one, **said[one], "given": _given(person.rows.get(one)), "place": place,
                 "expected": None if rating is None else round(rating, 2), "because": [
                     {"name": known[reason.item], "given": "watched" if reason.rating < 0 else f"rated {reason.rating:g}"}
                     for reason in reasons[one] if reason.item in known]}
        found.append({key: value for key, value in of_it.items() if value not in (None, "", 0, [])})
    return found


def _given(rating: float | None) -> str:
    return "" if rating is None else "you watched it" if rating < 0 else f"you rated it {rating:g}"


def expected(view: Look | None, ids: Iterable[int]) -> dict[int, tuple[float, int]]:
    """For each title that the model knows: the rating to expect and its place in the person's order, from 1."""
    if view is None:
        return {}
    wanted = np.array(sorted(set(ids)), np.int64)
    rows = np.minimum(np.searchsorted(view.ids, wanted), len(view.ids) - 1)
    places = _places(view.key)
    return {int(one): (float(view.expected[row]), int(places[row]) + 1 if view.key[row] > -np.inf else 0)
            for one, row in zip(wanted, rows, strict=True) if view.ids[row] == one}


def _likeness(ids: np.ndarray, entries: Sequence[Entry], serving: Serving | None, view: Look | None, examples: Sequence[int],
              near: Callable[[str], np.ndarray]) -> np.ndarray:
    """Larger = more like the examples: by who watches them, and by what is said of them where nobody does."""
    together = _spread(ids, view, alike(serving, examples), 0) if serving and view else np.zeros(len(ids), np.float32)
    if together.any():
        return -steps(np.where(together > 0, _places(together), np.maximum(_places(together), NOT_ALIKE)))
    said = {entry.id: entry.words for entry in entries}
    return near(" ".join(said[one] for one in examples if one in said))


def _spread(ids: np.ndarray, view: Look, values: np.ndarray, missing: float = -np.inf) -> np.ndarray:
    """Values of the model's items as values of the entries."""
    rows = np.minimum(np.searchsorted(view.ids, ids), len(view.ids) - 1)
    return np.where(view.ids[rows] == ids, values[rows], missing).astype(np.float32)


def _stories(ids: np.ndarray, view: Look | None) -> np.ndarray:
    alone = np.arange(len(ids)) + 10**9
    if view is None:
        return alone
    known = _spread(ids, view, view.story, -1)
    return np.where(known >= 0, known, alone).astype(np.int64)


def _places(values: np.ndarray) -> np.ndarray:
    """int [n]: the place of each value, 0 = the largest; equal ones share the first of their places."""
    order = np.sort(-values)
    return np.searchsorted(order, -values)
