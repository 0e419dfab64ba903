"""What a person said long ago counts less, as far as that is learnt to help: the half-life of a row."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from flaskr.collaborative import metrics
from flaskr.collaborative.data import LIKED, Ratings
from flaskr.collaborative.protocols import next_liked, some_ratings

HALF_LIVES = (1000.0, 365.0, 120.0, 40.0, 14.0)  # days that are tried beside 0, which is none
LEAST = 1e-3  # an old row never counts less
PEOPLE = 2000  # asked for each half-life


def fading(people: Ratings, half_life: float) -> np.ndarray | np.float32:
    """float32 [rows]: 1/2 for each half-life (days) that a row is older than its person's newest; 1 where times are unknown,
    and with 0."""
    if people.time is None or not half_life:
        return np.float32(1)
    last = np.full(people.n_users, -np.inf)
    np.fmax.at(last, people.user, people.time)
    return np.maximum(np.exp2((people.time - last[people.user]) / half_life), LEAST, dtype=np.float32,
                      where=np.isfinite(people.time), out=np.ones(len(people), np.float32), casting="same_kind")


def for_order(data: Ratings, fit: Callable[[Ratings], object]) -> float:
    """The half-life by which a model orders best what people liked next; 0, which is none, where nothing is surely better."""
    return _learn(data, next_liked, fit, _ndcg)


def for_ratings(data: Ratings, fit: Callable[[Ratings], object]) -> float:
    """The half-life by which a model guesses best how people rated next; 0, which is none, where nothing is surely better."""
    return _learn(data, some_ratings, fit, _closeness)


def _learn(data: Ratings, hide: Callable, fit: Callable, measure: Callable) -> float:
    if data.time is None:
        return 0.0
    split = hide(data)
    users = split.users
    if len(users) > PEOPLE:
        users = np.sort(np.random.default_rng(0).choice(users, PEOPLE, replace=False))
    if len(users) < 2:
        return 0.0
    model, known, hidden = fit(replace(split.train, time=None)), split.train.of_users(users), split.hidden.of_users(users)
    usual = measure(replace(model, half_life=0.0), known, hidden)
    found = {half: measure(replace(model, half_life=half), known, hidden) - usual for half in HALF_LIVES}
    best = max(found, key=lambda half: found[half].mean())
    return best if metrics.interval(found[best])[1] > 0 else 0.0


def _ndcg(model: object, known: Ratings, hidden: Ratings) -> np.ndarray:
    found = []
    for block in known.blocks():
        people, right = known.of_users(block), hidden.of_users(block)
        right = right.keep(right.rating >= LIKED)
        score = np.array(model.score(people), np.float32)
        score[people.user, people.item] = -np.inf
        found.append(metrics.ranking(score, np.split(right.item, right.starts[1:-1]), np.zeros(known.n_items))["ndcg10"])
    return np.concatenate(found)


def _closeness(model: object, known: Ratings, hidden: Ratings) -> np.ndarray:
    """Minus the mean squared error of each person."""
    found = []
    for block in known.blocks():
        right = hidden.of_users(block)
        error = (model.rate(known.of_users(block))[right.user, right.item] - right.rating) ** 2
        found.append(-np.bincount(right.user, error, len(block)) / np.maximum(np.bincount(right.user, minlength=len(block)), 1))
    return np.concatenate(found)
