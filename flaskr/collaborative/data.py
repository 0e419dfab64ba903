"""Ratings of many people as arrays: what every model is fitted on, and what a person is to a model."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

WATCHED = -1.0  # seen, not rated
TOP = 10.0  # every scale is stretched to end here
LIKED = 8.0  # on that scale: from here on a rating says "more of this"


@dataclass(frozen=True)
class Catalogue:
    """What is known of each of m items beside ratings. names: str [m]. genres: 0/1 csr [m, g]. kind: int [m], -1 unknown
    (the type: TV, Movie ...). episodes, score (mean rating of the whole site), members: float32 [m], NaN unknown."""

    names: np.ndarray
    genres: csr_array
    kind: np.ndarray
    episodes: np.ndarray
    score: np.ndarray
    members: np.ndarray

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Ratings:
    """n rows sorted by user, then item, each pair once. user int32 [n] and item int32 [n] count from 0; rating float32 [n]
    in 0..10, or WATCHED. n_items is the width of the catalogue; user_ids and item_ids name the codes, ascending.
    `unit`: one point of the data's own scale is 1 / unit points of 0..10 (0.5 for a scale that ends at 5). time: float64 [n],
    the day of each row, NaN unknown; None where times are not known, or do not matter."""

    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    user_ids: np.ndarray
    item_ids: np.ndarray
    catalogue: Catalogue | None = None
    unit: float = 1.0
    time: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.user)

    @property
    def n_users(self) -> int:
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        return len(self.item_ids)

    @property
    def rated(self) -> np.ndarray:
        """bool [n]: rated, not only watched."""
        return self.rating >= 0

    @property
    def starts(self) -> np.ndarray:
        """int [n_users + 1]: the rows of user u are starts[u] : starts[u + 1]."""
        return np.searchsorted(self.user, np.arange(self.n_users + 1))

    def matrix(self, values: np.ndarray | None = None, rows: np.ndarray | None = None) -> csr_array:
        """float32 csr [n_users, n_items] of `values` [n] (default: ones), of the rows in the mask `rows` only."""
        values = np.ones(len(self), np.float32) if values is None else np.asarray(values, np.float32)
        user, item = self.user, self.item
        if rows is not None:
            values, user, item = values[rows], user[rows], item[rows]
        pointers = np.searchsorted(user, np.arange(self.n_users + 1))
        return csr_array((values, item, pointers), shape=(self.n_users, self.n_items))

    def keep(self, rows: np.ndarray) -> Ratings:
        """The same users and items with the rows of a mask (or ascending row numbers) only."""
        return replace(self, user=self.user[rows], item=self.item[rows], rating=self.rating[rows],
                       time=None if self.time is None else self.time[rows])

    def of_users(self, users: np.ndarray) -> Ratings:
        """The rows of `users` (ascending codes), who count from 0 now."""
        starts, users = self.starts, np.asarray(users)
        counts = starts[users + 1] - starts[users]
        ends = np.cumsum(counts)
        rows = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[users] - (ends - counts), counts)
        return replace(self, user=np.repeat(np.arange(len(users), dtype=np.int32), counts), item=self.item[rows],
                       rating=self.rating[rows], user_ids=self.user_ids[users],
                       time=None if self.time is None else self.time[rows])

    def blocks(self, size: int = 512) -> Sequence[np.ndarray]:
        """Users in order, at most `size` at a time: scores of everybody at once would not fit."""
        return [np.arange(start, min(start + size, self.n_users)) for start in range(0, self.n_users, size)]


def ratings(user_ids: np.ndarray, item_ids: np.ndarray, values: np.ndarray, *, items: np.ndarray | None = None,
            catalogue: Catalogue | None = None, top: float = 0.0, times: np.ndarray | None = None) -> Ratings:
    """Codes and order for raw rows. Of a pair that comes twice the last counts. `items`: ids of the catalogue's rows,
    ascending (default: those that occur); a row of another item is ValueError. `top`: the highest rating that the data's
    scale allows (default: 1 or 5 if none is above, else 10; a scale above 10, such as 100, is its highest value)."""
    values = np.asarray(values, np.float32)
    if not np.isfinite(values).all():
        raise ValueError("A rating is not a number.")
    users, user = np.unique(np.asarray(user_ids), return_inverse=True)
    known = np.unique(np.asarray(item_ids)) if items is None else np.asarray(items)
    item = np.searchsorted(known, item_ids)
    if len(known) == 0 and len(values) or len(known) and not np.array_equal(known[np.minimum(item, len(known) - 1)], item_ids):
        raise ValueError("A rating is of an item that the catalogue does not hold.")
    highest = values.max(initial=0.0)
    top = top or (1.0 if 0 < highest <= 1 else 5.0 if highest <= 5 else max(TOP, float(highest)))
    order = np.lexsort((item, user))  # stable: of equal pairs the last stays last
    user, item, values = user[order].astype(np.int32), item[order].astype(np.int32), values[order]
    last = np.ones(len(user), bool)
    last[:-1] = (user[1:] != user[:-1]) | (item[1:] != item[:-1])
    unit = top / TOP
    return Ratings(user[last], item[last], np.where(values < 0, WATCHED, values / unit)[last].astype(np.float32), users,
                   known, catalogue, unit, None if times is None else np.asarray(times, np.float64)[order][last])


def person(items: Sequence[int], values: Sequence[float], like: Ratings) -> Ratings:
    """One new person who rated (or watched, -1) item codes `items`: what a fitted model needs to answer at once."""
    items, values = np.asarray(items, np.int32), np.asarray(values, np.float32)
    order = np.argsort(items, kind="stable")
    items, values = items[order], values[order]
    last = np.ones(len(items), bool)
    last[:-1] = items[1:] != items[:-1]
    return replace(like, user=np.zeros(int(last.sum()), np.int32), item=items[last], rating=values[last],
                   user_ids=np.zeros(1, np.int64), time=None)
