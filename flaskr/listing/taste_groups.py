"""Groups of a library as the person likes them: what they rated in each, what is expected of the rest, how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flaskr.evaluator import intervals
from flaskr.evaluator.intervals import Figure
from flaskr.evaluator.maps import LibraryMap
from flaskr.ranking import Candidates

FEW = 5  # ratings of a group below which nothing is said of it
LEANS = 3.0  # ratings' worth by which a group's place in the order leans on what is expected of it
EXAMPLES = 3
LIKED, NOT_LIKED, UNSURE, TOO_FEW, NONE = "liked", "not_liked", "unsure", "too_few", "none"


@dataclass(frozen=True)
class Group:
    """name: "" where nothing sets it apart. items: with a file. rated: mean of the person's ratings; None without any.
    expected: mean prediction of what is not rated; None where predictions say nothing. said: LIKED ... NONE, against the
    person's average. examples: ids, typical ones first."""

    number: int
    name: str
    items: int
    ratings: int
    rated: Figure | None
    expected: float | None
    said: str
    examples: tuple[int, ...]


def groups(drawn: LibraryMap, known: Candidates, where: np.ndarray, *, trusted: bool) -> list[Group]:
    """The groups that have items, most liked first. where: group of each candidate, -1 for one that is not on the map.

    trusted: whether the evaluator is better than the person's average; if not, its predictions are left out.
    """
    amount, rated = len(drawn.names), ~np.isnan(known.rating)
    own = [known.rating[rated & (where == one)].astype(np.float64) for one in range(amount)]
    common, together = intervals.scatter(own), max(1, sum(len(ratings) >= FEW for ratings in own))
    average = float(known.rating[rated].mean(dtype=np.float64)) if rated.any() else None
    sizes = np.bincount(where[where >= 0], minlength=amount)
    expected = _expected(known, where, amount) if trusted else [None] * amount
    found = []
    for one in np.flatnonzero(sizes).tolist():
        figure = intervals.mean(own[one], common, together=together) if len(own[one]) else None
        found.append(Group(one, drawn.names[one], int(sizes[one]), len(own[one]), figure, expected[one],
                           _said(figure, average), _examples(drawn, known, one)))
    return sorted(found, key=lambda group: (-_place(group, average), -group.items))


def where_of(drawn: LibraryMap, ids: np.ndarray) -> np.ndarray:
    """Group int64 of each id; -1 for one that is not on the map."""
    rows = drawn.rows_of(ids)
    return np.where(rows >= 0, drawn.group[rows].astype(np.int64), -1) if len(drawn.ids) else rows


def _expected(known: Candidates, where: np.ndarray, amount: int) -> list[float | None]:
    open_ = np.isnan(known.rating) & ~np.isnan(known.mean) & (where >= 0)
    counts = np.bincount(where[open_], minlength=amount)
    sums = np.bincount(where[open_], known.mean[open_], minlength=amount)
    return [float(total / number) if number else None for total, number in zip(sums, counts, strict=True)]


def _said(figure: Figure | None, average: float | None) -> str:
    if figure is None or average is None:
        return NONE
    if figure.n < FEW:
        return TOO_FEW
    return LIKED if figure.low > average else NOT_LIKED if figure.high < average else UNSURE


def _place(group: Group, average: float | None) -> float:
    """What the order goes by: the ratings, leaning on what is expected while they are few."""
    leaning = group.expected if group.expected is not None else average
    if leaning is None:
        return 0.0
    total = group.rated.value * group.rated.n if group.rated else 0.0
    return (total + LEANS * leaning) / (group.ratings + LEANS)


def _examples(drawn: LibraryMap, known: Candidates, one: int) -> tuple[int, ...]:
    """Typical items that have a file, of different origins while there are such."""
    ids: Sequence[int] = [id_ for id_ in drawn.central[one].tolist() if id_ >= 0]
    rows = np.searchsorted(known.id, ids)
    here = [(id_, int(known.group[row])) for id_, row in zip(ids, rows.tolist(), strict=True)
            if row < len(known.id) and known.id[row] == id_]
    first = {origin: id_ for id_, origin in reversed(here)}
    chosen = [id_ for id_, origin in here if first[origin] == id_]
    return tuple([*chosen, *(id_ for id_, _ in here if id_ not in chosen)][:EXAMPLES])
