"""The models that every other has to beat: random, popularity, and the mean of the item plus the habit of the user."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from flaskr.collaborative.data import LIKED, TOP, Catalogue, Ratings

USER_SHRINK, ITEM_SHRINK = 5.0, 5.0  # ratings' worth of belief in "like everybody" and in "like what it resembles"


@dataclass(frozen=True)
class Random:
    """An order of its own for each person, from a seed and their first rows: what knowing nothing gives."""

    name: ClassVar[str] = "random"
    n_items: int
    seed: int = 0

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: uniform."""
        starts, found = people.starts, np.empty((people.n_users, self.n_items), np.float32)
        for user in range(people.n_users):
            first = map(int, people.item[starts[user]:starts[user + 1]][:8])
            found[user] = np.random.default_rng([self.seed, *first]).random(self.n_items, np.float32)
        return found

    def rate(self, people: Ratings) -> None:
        """No opinion."""


def fit_random(data: Ratings, *, seed: int = 0) -> Random:
    """Random over the items of `data`."""
    return Random(data.n_items, seed)


@dataclass(frozen=True)
class Popularity:
    """How many people liked each item: the same order for everybody. likes: float32 [m]."""

    name: ClassVar[str] = "popularity"
    likes: np.ndarray

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the number of likes."""
        return np.repeat(self.likes[None], people.n_users, axis=0)

    def rate(self, people: Ratings) -> None:
        """No opinion."""


def fit_popularity(data: Ratings) -> Popularity:
    """Ratings of at least 8 count 1, any other row a hundredth: it only breaks ties."""
    likes = np.bincount(data.item, np.where(data.rating >= LIKED, 1.0, 0.01), minlength=data.n_items)
    return Popularity(likes.astype(np.float32))


@dataclass(frozen=True)
class Bias:
    """Expected rating = mean + item + user. mean: of all ratings; item: float32 [m], each item's distance from it."""

    name: ClassVar[str] = "bias"
    mean: float
    item: np.ndarray

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the items' means, the same for everybody."""
        return np.repeat(self.item[None], people.n_users, axis=0)

    def rate(self, people: Ratings) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        return np.clip(self.mean + self.item + self.habit(people)[:, None], 0, 10).astype(np.float32)

    def habit(self, people: Ratings) -> np.ndarray:
        """float64 [people]: how far above the items' means each one rates, shrunk to 0 where they rated little."""
        rated = people.rated
        left = people.rating[rated] - self.mean - self.item[people.item[rated]]
        count = np.bincount(people.user[rated], minlength=people.n_users)
        return np.bincount(people.user[rated], left, minlength=people.n_users) / (count + USER_SHRINK)


def fit_bias(data: Ratings, *, rounds: int = 10) -> Bias:
    """Alternate user and item means; an item with few ratings is drawn to what the catalogue says of it (genres, type,
    length, score, members by weighted ridge), as a rare sequel is seldom average."""
    rated = data.rated
    user, item, rating = data.user[rated], data.item[rated], data.rating[rated].astype(np.float64)
    mean = float(rating.mean()) if len(rating) else 7.0
    users, items = (np.bincount(code, minlength=n) for code, n in ((user, data.n_users), (item, data.n_items)))
    described = np.column_stack([features(data), np.ones(data.n_items)]).astype(np.float64)
    weight = (items / (items + ITEM_SHRINK))[:, None]
    solved = np.linalg.solve((described * weight).T @ described + np.eye(described.shape[1]), (described * weight).T)
    habit, offset = np.zeros(data.n_users), np.zeros(data.n_items)
    for _ in range(rounds):
        left = np.bincount(item, rating - mean - habit[user], minlength=data.n_items)
        expected = described @ (solved @ (left / np.maximum(items, 1)))
        offset = (left + ITEM_SHRINK * expected) / (items + ITEM_SHRINK)
        habit = np.bincount(user, rating - mean - offset[item], minlength=data.n_users) / (users + USER_SHRINK)
    return Bias(mean, offset.astype(np.float32))


@dataclass(frozen=True)
class Site:
    """The site's own mean rating of each item, the same for everybody; who never was on that site has the mean of the rest.
    item: float32 [m], 0..10."""

    name: ClassVar[str] = "site"
    item: np.ndarray

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]."""
        return np.repeat(self.item[None], people.n_users, axis=0)

    def rate(self, people: Ratings) -> np.ndarray:
        """The same, read as ratings."""
        return self.score(people)


def fit_site(data: Ratings) -> Site:
    """From the catalogue; its scale is that of the ratings, or ends at 10."""
    given = data.rating[data.rated]
    score = np.full(data.n_items, np.nan, np.float32) if data.catalogue is None else data.catalogue.score
    known = score[np.isfinite(score)]
    unit = data.unit if len(known) and known.max() <= TOP * data.unit + 1e-6 else max(known.max(initial=0) / TOP, 1.0)
    usual = known.mean() / unit if len(known) else given.mean() if len(given) else 7.0
    return Site(np.clip(np.where(np.isfinite(score), score / unit, usual), 0, TOP).astype(np.float32))


def features(data: Ratings) -> np.ndarray:
    """float32 [m, f]: what the catalogue says of each item as centred columns, rows of mean square 1; f = 0 without one."""
    if data.catalogue is None:
        return np.zeros((data.n_items, 0), np.float32)
    known: Catalogue = data.catalogue
    kinds = (known.kind[:, None] == np.arange(known.kind.max(initial=-1) + 1)).astype(np.float32)
    columns = [known.genres.toarray().astype(np.float32), kinds]
    columns = [block - block.mean(0) for block in columns]
    columns += [_standard(value)[:, None] for value in (np.log1p(known.episodes), known.score, np.log1p(known.members))]
    found = np.hstack(columns)
    return (found / max(np.sqrt((found**2).sum(1).mean()), 1e-6)).astype(np.float32)


def _standard(values: np.ndarray) -> np.ndarray:
    """Mean 0, deviation 1, and 0 where unknown."""
    if np.isnan(values).all():
        return np.zeros(len(values), np.float32)
    return np.nan_to_num((values - np.nanmean(values)) / max(np.nanstd(values), 1e-6), nan=0.0).astype(np.float32)
