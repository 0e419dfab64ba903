"""What the rows of each person say of them: habits of rating, and what they watch."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flaskr.collaborative.data import Ratings

BLOCK = 2000  # people whose shares of genres are held at once


@dataclass(frozen=True)
class Features:
    """Of each of n people: watched, rated: int [n] rows. mean, scale: of the ratings on 0..10; length: median episodes of what
    was given the mean or more; popularity: mean place by members, 0..1; all float [n], NaN unknown. kinds: float [n, k]
    share of the rows. genres: int [n, most], -1 none, and shares float [n, most] of the rows, most watched first."""

    watched: np.ndarray
    rated: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    length: np.ndarray
    popularity: np.ndarray
    kinds: np.ndarray
    genres: np.ndarray
    shares: np.ndarray


def features(data: Ratings, *, most: int = 5) -> Features:
    """Features of everybody in `data`, whose catalogue must be known."""
    known, n, user = data.catalogue, data.n_users, data.user
    watched = np.bincount(user, minlength=n)
    mine, given = user[data.rated], data.rating[data.rated].astype(np.float64)
    rated = np.bincount(mine, minlength=n)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(mine, given, n) / rated
        scale = np.sqrt(np.bincount(mine, (given - mean[mine]) ** 2, n) / rated)
        place = _places(known.members)[data.item]
        popularity = np.bincount(user, np.nan_to_num(place), n) / np.bincount(user, np.isfinite(place), n)
        kinds = np.stack([np.bincount(user, known.kind[data.item] == kind, n)
                          for kind in range(known.kind.max(initial=0) + 1)], 1)
    genres, shares = _genres(data, most)
    return Features(watched, rated, mean, scale, _lengths(data, mean), popularity, kinds / np.maximum(watched, 1)[:, None],
                    genres, shares)


def records(data: Ratings, found: Features, genres: list[str], kinds: list[str],
            wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    """Features as rows of a table, on the data's own scale, None for what is unknown: id and the numbers by their names,
    `genres` as [name, share] pairs, and the share of each type that is `wanted` by its name in lower case."""
    columns = {name: getattr(found, name) * (data.unit if name in ("mean", "scale") else 1)
               for name in ("mean", "scale", "length", "popularity", "watched", "rated")}
    share = {name.lower(): found.kinds[:, code] for code, name in enumerate(kinds)}
    columns |= {name: share.get(name, np.zeros(data.n_users)) for name in wanted} | {"id": data.user_ids}
    lists = {name: [None if one != one else one for one in column.tolist()] for name, column in columns.items()}
    lists["genres"] = [[[genres[code], round(part, 4)] for code, part in zip(codes, parts, strict=True) if code >= 0]
                       for codes, parts in zip(found.genres.tolist(), found.shares.tolist(), strict=True)]
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


def _places(values: np.ndarray) -> np.ndarray:
    """float [m]: the share of known values that are smaller; NaN stays."""
    known = np.sort(values[np.isfinite(values)])
    return np.where(np.isfinite(values), np.searchsorted(known, values) / max(len(known), 1), np.nan)


def _lengths(data: Ratings, mean: np.ndarray) -> np.ndarray:
    length = data.catalogue.episodes[data.item]
    rows = data.rated & np.isfinite(length) & (data.rating >= mean[data.user] - 1e-6)
    user, length = data.user[rows], length[rows]
    length = length[np.lexsort((length, user))]
    ends = np.searchsorted(user, np.arange(data.n_users + 1))
    count, found = np.diff(ends), np.full(data.n_users, np.nan)
    some = count > 0
    low, high = ends[:-1] + (count - 1) // 2, ends[:-1] + count // 2
    found[some] = (length[low[some]] + length[high[some]]) / 2
    return found


def _genres(data: Ratings, most: int) -> tuple[np.ndarray, np.ndarray]:
    width = min(most, data.catalogue.genres.shape[1])
    genres, shares = np.full((data.n_users, width), -1), np.zeros((data.n_users, width))
    matrix, counts = data.matrix(), np.maximum(np.diff(data.starts), 1)
    for start in range(0, data.n_users, BLOCK):
        people = slice(start, min(start + BLOCK, data.n_users))
        told = (matrix[people] @ data.catalogue.genres).toarray() / counts[people, None]
        genres[people] = np.argsort(-told, axis=1, kind="stable")[:, :width]
        shares[people] = np.take_along_axis(told, genres[people], 1)
    return np.where(shares > 0, genres, -1), shares
