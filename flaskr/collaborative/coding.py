"""Rows of tables as the arrays of this package: ratings by code, and what is known of their items."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from flaskr.collaborative.data import TOP, WATCHED, Catalogue, Ratings

LOW = 5.0  # a scale without a rating above this one ends here


def coded(rows: Iterable[tuple[int, int, float]], count: int,
          told: Mapping[int, Sequence[Any]], *, unit: float = 0.0) -> tuple[Ratings, list[str], list[str]]:
    """`count` rows (user, item, rating), sorted so, each pair once, with the catalogue of the items in them, the names of its
    genres and those of its types. told: (name, genres joined by ", ", type, episodes, score, members) of each item.
    unit: see Ratings; by default found by the highest rating."""
    table = np.fromiter(map(tuple, rows), [("user", np.int64), ("item", np.int64), ("rating", np.float32)], count)
    users, user = np.unique(table["user"], return_inverse=True)
    items, item = np.unique(table["item"], return_inverse=True)
    unit = unit or (LOW if table["rating"].max(initial=0) <= LOW else TOP) / TOP
    rating = np.where(table["rating"] < 0, WATCHED, table["rating"] / unit).astype(np.float32)
    catalogue, genres, kinds = described([told[one] for one in items.tolist()])
    return Ratings(user.astype(np.int32), item.astype(np.int32), rating, users, items, catalogue, unit), genres, kinds


def described(told: Sequence[Sequence[Any]]) -> tuple[Catalogue, list[str], list[str]]:
    """A Catalogue of items as `coded` takes them, the names of its genres and those of its types, by their codes."""
    genres = [row[1].split(", ") if row[1] else [] for row in told]
    words, kinds = sorted({one for some in genres for one in some}), sorted({row[2] for row in told if row[2]})
    at, kind = {word: code for code, word in enumerate(words)}, {word: code for code, word in enumerate(kinds)}
    row = np.repeat(np.arange(len(told)), [len(some) for some in genres])
    column = np.array([at[one] for some in genres for one in some], np.int32)
    table = csr_array((np.ones(len(row), np.float32), (row, column)), shape=(len(told), len(words)))
    numbers = (np.array([np.nan if row[place] is None else row[place] for row in told], np.float32) for place in (3, 4, 5))
    return Catalogue(np.array([row[0] for row in told], str), table,
                     np.array([kind.get(row[2], -1) for row in told], np.int32), *numbers), words, kinds
