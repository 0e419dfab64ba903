"""How models are compared: which rows are hidden, drawn from fixed seeds in a fixed order, and never tuned on."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flaskr.collaborative.data import LIKED, Ratings, ratings

MANY = 20  # rated rows that a user must exceed (P1) or rows that they must have (P2)
EACH = 5  # items held out at each end of a user's ratings (P1)
COLD_USERS, COLD_RATED, COLD_LIKED = 500, 60, 30
AFTER = 0.8  # share of the hidden rows that must be their user's newest, for times to matter
KNOWN = (0, 1, 5, 10, 20)  # ratings that a cold user gives


@dataclass(frozen=True)
class Split:
    """train: what a model may see. held: int [h], rows of the whole data that are hidden, ascending. users: the users
    who are measured, ascending."""

    data: Ratings
    train: Ratings
    held: np.ndarray
    users: np.ndarray

    @property
    def hidden(self) -> Ratings:
        """The hidden rows as ratings of the same users and items."""
        return self.data.keep(self.held)


def liked_or_not(data: Ratings, seed: int = 1001, *, many: int = MANY) -> Split:
    """P1: of users with more than 20 ratings and q25 < q75, 5 items from rating <= q25 and 5 from >= q75. `many`: less than
    20 for a set where nobody has so many; then a quarter of it from each end."""
    each = min(EACH, max(many // 4, 1))
    rng, held, users = np.random.default_rng(seed), [], []
    rows = np.flatnonzero(data.rated)
    starts = np.searchsorted(data.user[rows], np.arange(data.n_users + 1))
    for user in range(data.n_users):
        mine = rows[starts[user]:starts[user + 1]]
        if len(mine) <= many:
            continue
        low = np.quantile(data.rating[mine], 0.25, method="lower")
        high = np.quantile(data.rating[mine], 0.75, method="higher")
        if low < high:
            held.append(rng.choice(mine[data.rating[mine] <= low], each, replace=False))
            held.append(rng.choice(mine[data.rating[mine] >= high], each, replace=False))
            users.append(user)
    return _split(data, held, users)


def next_liked(data: Ratings, seed: int = 1002, *, many: int = MANY) -> Split:
    """P2: of users with at least `many` rows, a fifth (rounded; at least 1) of their rows with rating >= 8; -1 stays in
    train. Where times matter, the newest fifth."""
    rng, held, users = np.random.default_rng(seed), [], []
    starts = data.starts
    for user in np.flatnonzero(np.diff(starts) >= many):
        liked = starts[user] + np.flatnonzero(data.rating[starts[user]:starts[user + 1]] >= LIKED)
        if count := round(0.2 * len(liked)):
            held.append(rng.choice(liked, count, replace=False) if data.time is None else newest(data, liked, count))
            users.append(user)
    return _split(data, held, users)


def some_ratings(data: Ratings, seed: int = 3003, share: float = 0.1) -> Split:
    """P3: a random tenth of the rated rows; where times matter, about the newest tenth of each user's."""
    rows = np.flatnonzero(data.rated)
    if data.time is not None:
        ends = np.cumsum(np.bincount(data.user[rows], minlength=data.n_users))
        held = [newest(data, mine, round(share * len(mine))) for mine in np.split(rows, ends[:-1])]
        return _split(data, held, np.unique(data.user[np.concatenate(held)]))
    held = np.random.default_rng(seed).choice(rows, round(share * len(rows)), replace=False)
    return _split(data, [held], np.unique(data.user[held]))


@dataclass(frozen=True)
class Cold:
    """train: everybody but the 500. people: the 500, who count from 0. known: int [500, 20], rows of `people` in the
    order in which they become known; relevant rows are those rated >= 8 that are not among them."""

    train: Ratings
    people: Ratings
    known: np.ndarray

    def after(self, n: int) -> Ratings:
        """The people with the first n of their known rows only."""
        return self.people.keep(np.sort(self.known[:, :n].ravel()))

    @property
    def rest(self) -> Ratings:
        """Everything of theirs that is never made known."""
        rows = np.ones(len(self.people), bool)
        rows[self.known.ravel()] = False
        return self.people.keep(rows)


def cold_start(data: Ratings, *, users_seed: int = 4001, items_seed: int = 4002) -> Cold:
    """Cold: 500 users (>= 60 rated, >= 30 of these >= 8) wholly out of training; 20 random rated rows of each."""
    rated = np.bincount(data.user[data.rated], minlength=data.n_users)
    liked = np.bincount(data.user[data.rating >= LIKED], minlength=data.n_users)
    able = np.flatnonzero((rated >= COLD_RATED) & (liked >= COLD_LIKED))
    count = min(COLD_USERS, len(able), data.n_users // 5)  # a small set keeps people to learn from
    chosen = np.sort(np.random.default_rng(users_seed).choice(able, count, replace=False))
    people, rng = data.of_users(chosen), np.random.default_rng(items_seed)
    rows = np.flatnonzero(people.rated)
    starts = np.searchsorted(people.user[rows], np.arange(len(chosen) + 1))
    known = [rng.choice(rows[start:end], max(KNOWN), replace=False) for start, end in zip(starts, starts[1:], strict=False)]
    out = np.ones(data.n_users, bool)
    out[chosen] = False
    return Cold(data.keep(out[data.user]), people, np.array(known, np.intp).reshape(len(chosen), max(KNOWN)))


def train_and_test(train: tuple[np.ndarray, ...], test: tuple[np.ndarray, ...], **further) -> Split:
    """A split that somebody else made. Both: user ids, item ids and ratings; a pair that stands in both is a test row.
    further: `items`, `catalogue` and `top` of `data.ratings`."""
    data = ratings(*(np.concatenate(both) for both in zip(train, test, strict=True)), **further)
    pair = data.user.astype(np.int64) * data.n_items + data.item
    hidden = np.searchsorted(data.user_ids, test[0]) * data.n_items + np.searchsorted(data.item_ids, test[1])
    held = np.flatnonzero(np.isin(pair, hidden))
    return _split(data, [held], np.unique(data.user[held]))


def newest(data: Ratings, rows: np.ndarray, count: int) -> np.ndarray:
    """The `count` rows of the latest time, those of unknown time first to stay."""
    return rows[np.argsort(np.nan_to_num(data.time[rows], nan=-np.inf), kind="stable")[len(rows) - count:]]


def forward(split: Split) -> bool:
    """Whether most of what is hidden came after everything that is known of its user."""
    if split.data.time is None or not len(split.held):
        return False
    last = np.full(split.data.n_users, -np.inf)
    np.fmax.at(last, split.train.user, split.train.time)
    hidden = split.hidden
    known = np.isfinite(last[hidden.user])
    return known.any() and float((hidden.time >= last[hidden.user])[known].mean()) >= AFTER


def without_times(split: Split) -> Split:
    """The same rows, of which nobody knows when."""
    return replace(split, data=replace(split.data, time=None), train=replace(split.train, time=None))


def enough(data: Ratings) -> int:
    """How many rows users must have to be measured: 20, as the protocols say, or what most users of a smaller set have."""
    rows = np.diff(data.starts)
    return next((many for many in (MANY, 12, 8) if (rows > many).sum() >= min(20, data.n_users / 2)), 4)


def _split(data: Ratings, held: list[np.ndarray], users: list[int] | np.ndarray) -> Split:
    rows = np.sort(np.concatenate(held)) if held else np.empty(0, np.intp)
    train = np.ones(len(data), bool)
    train[rows] = False
    return Split(data, data.keep(train), rows, np.asarray(users, np.int32))
