"""What speaks for each candidate: the scores of the members, what is known of the item, and how well it fits the person."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from flaskr.collaborative.data import LIKED, Ratings
from flaskr.collaborative.ease import Ease, fit_ease
from flaskr.collaborative.ials import Ials, fit_ials
from flaskr.collaborative.taste import Taste, fit_taste
from flaskr.collaborative.walks import Walks, fit_walks

CANDIDATES = 200
COLUMNS = ("ease", "ials", "walks", "rating", "offset", "popularity", "liked share", "score", "members", "episodes",
           "type share", "genre fit", "close watched", "closest watched", "story watched", "story rated", "newer than half",
           "newer than most", "newer than all", "watched", "rated", "habit", "popularity taste")


@dataclass(frozen=True)
class Facts:
    """Of each item: popularity (log of rows), liked (share of rows >= 8), share (of people who know it), score, members and
    episodes (logs, 0 unknown): float32 [m]; genres 0/1 uint8 [m, g]; kind int [m], -1 unknown."""

    name: ClassVar[str] = "facts"
    popularity: np.ndarray
    liked: np.ndarray
    share: np.ndarray
    score: np.ndarray
    members: np.ndarray
    episodes: np.ndarray
    genres: np.ndarray
    kind: np.ndarray

    @cached_property
    def described(self) -> np.ndarray:
        """float32 [m, g]: the genres."""
        return self.genres.astype(np.float32)

    @cached_property
    def kinds(self) -> np.ndarray:
        """float32 [m, kinds]: one column for each type."""
        return (self.kind[:, None] == np.arange(max(self.kind.max(initial=0), 0) + 1)).astype(np.float32)


def facts(data: Ratings) -> Facts:
    """Counted from the ratings and copied from the catalogue, if there is one."""
    m, known = data.n_items, data.catalogue
    rows = np.bincount(data.item, minlength=m)
    liked = np.bincount(data.item[data.rating >= LIKED], minlength=m) / (rows + 5)
    nothing = np.zeros(m, np.float32)
    told = [nothing] * 3 if known is None else [np.nan_to_num(part, nan=0.0).astype(np.float32) for part in (
        known.score, np.log1p(known.members), np.log1p(known.episodes))]
    genres = np.zeros((m, 0), np.uint8) if known is None else known.genres.toarray().astype(np.uint8)
    kind = np.full(m, -1, np.int32) if known is None else known.kind.astype(np.int32)
    return Facts(np.log1p(rows).astype(np.float32), liked.astype(np.float32),
                 (rows / max(data.n_users, 1)).astype(np.float32), *told, genres, kind)


@dataclass(frozen=True)
class Members:
    """The fitted models that evidence is gathered from."""

    facts: Facts
    ease: Ease
    ials: Ials
    walks: Walks
    taste: Taste


def fit_members(data: Ratings, taste: Taste | None = None, ials: Ials | None = None,
                executor: Executor | None = None) -> Members:
    """All of them on the same rows; `taste` if it is fitted already, `ials` as fitted on most of the rows."""
    start = None if ials is None else ials.items
    return Members(facts(data), fit_ease(data, executor=executor), fit_ials(data, start=start, executor=executor),
                   fit_walks(data, executor=executor), taste or fit_taste(data, executor=executor))


def gather(people: Ratings, members: Members, rating: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(candidates int [k, c], evidence float32 [k, c, COLUMNS], key float32 [k, m]) of unseen items: the c first by `key`, the
    sum of EASE, iALS and a tenth of the item's share, -inf where seen. c is at most 200. rating: what `taste` expects, if
    it was asked before."""
    known, taste = members.facts, members.taste
    X = people.matrix()
    by_ease, by_ials = members.ease.score(people), members.ials.score(people)
    key = by_ease + by_ials + 0.1 * known.share
    key[people.user, people.item] = -np.inf
    c = min(CANDIDATES, people.n_items)
    chosen = np.argpartition(-key, c - 1, axis=1)[:, :c]
    place = np.arange(people.n_users)[:, None]
    rated = people.matrix(None, people.rated)
    watched, count = np.diff(X.indptr).astype(np.float32), np.diff(rated.indptr).astype(np.float32)
    some = np.maximum(watched, 1)[:, None]
    rating = taste.rate(people) if rating is None else rating
    kinds, genres = (X @ known.kinds) / some, (X @ known.described) / some
    stories = taste._stories
    by_walks = members.walks.score(people)
    columns = [by_ease[place, chosen], by_ials[place, chosen], by_walks[place, chosen], rating[place, chosen],
               taste.item[chosen], known.popularity[chosen], known.liked[chosen], known.score[chosen],
               known.members[chosen], known.episodes[chosen],
               np.take_along_axis(kinds, np.maximum(known.kind, 0)[chosen], 1),
               np.take_along_axis(genres @ known.described.T, chosen, 1),
               (X @ taste.close).toarray()[place, chosen],
               _closest(X, taste.close, chosen),
               (X @ stories).toarray()[place, taste.story[chosen]],
               (rated @ stories).toarray()[place, taste.story[chosen]],
               *(chosen / people.n_items - edge[:, None] for edge in _ages(X)),
               *(np.broadcast_to(value[:, None], chosen.shape) for value in (
                   np.log1p(watched), np.log1p(count), _habit(people, taste, count), (X @ known.popularity) / some[:, 0]))]
    return chosen, np.stack(columns, -1).astype(np.float32), key


def _closest(X: csr_array, close: csr_array, chosen: np.ndarray) -> np.ndarray:
    """float32 [k, c]: the largest entry of `close` between a candidate and anything the person watched."""
    found, best = np.zeros(chosen.shape, np.float32), np.zeros(X.shape[1], np.float32)
    for row in range(len(chosen)):
        near = close[X.indices[X.indptr[row]:X.indptr[row + 1]]]
        np.maximum.at(best, near.indices, near.data)
        found[row] = best[chosen[row]]
        best[near.indices] = 0
    return found


def _ages(X: csr_array) -> np.ndarray:
    """float64 [3, people]: median, ninth tenth and highest of a person's item codes, as shares: catalogues number their
    items in the order of time, and nobody watches what came after they left. Half where nothing is known."""
    found = np.full((3, X.shape[0]), 0.5)
    for row in np.flatnonzero(np.diff(X.indptr)):
        mine = X.indices[X.indptr[row]:X.indptr[row + 1]]  # ascending
        found[:, row] = mine[[len(mine) // 2, int(0.9 * (len(mine) - 1)), -1]] / X.shape[1]
    return found


def _habit(people: Ratings, taste: Taste, count: np.ndarray) -> np.ndarray:
    mine = people.keep(people.rated)
    left = mine.rating - taste.mean - taste.item[mine.item]
    return np.bincount(mine.user, left, minlength=people.n_users) / (count + 5)
