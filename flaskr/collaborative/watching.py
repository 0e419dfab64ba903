"""The ranking head: trees that learn from hidden rows which unseen items a person goes on to watch and like."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from flaskr.collaborative.blocks import each, shared
from flaskr.collaborative.data import LIKED, Ratings
from flaskr.collaborative.evidence import CANDIDATES, COLUMNS, Members, gather
from flaskr.collaborative.forest import Forest, grow
from flaskr.collaborative.protocols import Split, next_liked, some_ratings

PEOPLE, NEWCOMERS, NEWCOMER_ROWS = 4000, 600, 30
BEGINNINGS = 3  # times that each newcomer begins anew, with other rows
FEW = 25  # up to so many rows a person is asked about in the newcomers' trees
KNOWN = np.array([1, 2, 3, 5, 5, 8, 10, 10, 15, 20, 20, 30])  # rated rows that people who play newcomers keep
MISSES = 0.3  # part of the candidates that were not liked which the trees see
TAILS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)  # tried against popularity on people who were not learnt from; the best is kept
ENOUGH = 300  # hits below which no trees are grown


@dataclass(frozen=True)
class Inner:
    """A split for learning the heads. split: of people who stay in training; its train has no row of the newcomers.
    newcomers: what some people who are wholly out of it rated first; likes: the rest of what these like."""

    split: Split
    newcomers: Ratings
    likes: Ratings


def inner(data: Ratings, seed: int) -> Inner:
    """Hide a tenth of all ratings, then a fifth of the likes that are left (so that both heads learn from one fit), and take
    some people wholly out: they begin anew with 1 to 30 ratings."""
    some = some_ratings(data, seed + 1002)
    left = np.setdiff1d(np.arange(len(data)), some.held, assume_unique=True)
    liked = next_liked(some.train, seed)
    rng, rated = np.random.default_rng(seed), np.bincount(data.user[data.rated], minlength=data.n_users)
    able = np.flatnonzero(rated >= NEWCOMER_ROWS)
    chosen = np.sort(rng.choice(able, min(NEWCOMERS, len(able) // 8), replace=False))
    out = np.zeros(data.n_users, bool)
    out[chosen] = True
    held = np.union1d(some.held, left[liked.held])
    train = np.ones(len(data), bool)
    train[held] = False
    held = held[~out[data.user[held]]]
    split = Split(data, data.keep(train & ~out[data.user]), held, np.unique(data.user[held]))
    chosen = np.repeat(chosen, BEGINNINGS)
    theirs = data.of_users(chosen)
    order = np.lexsort((rng.random(len(theirs)) + 2 * ~theirs.rated, theirs.user))  # rated rows first, at random
    rank = np.empty(len(theirs), np.intp)
    rank[order] = np.arange(len(theirs)) - np.repeat(theirs.starts[:-1], np.diff(theirs.starts))
    first = (rank < rng.choice(KNOWN, len(chosen))[theirs.user]) & theirs.rated
    return Inner(split, theirs.keep(first), theirs.keep(~first & (theirs.rating >= LIKED)))


def learn(case: Inner, members: Members, *, seed: int = 0,
          executor: Executor | None = None) -> tuple[Forest | None, Forest | None, dict]:
    """(trees, trees for people with few rows, NDCG@10 of both and of the members) from members that were fitted on
    `case.split.train`. The first see settled people only: with newcomers among them they are worse for the settled."""
    rng, hidden, users = np.random.default_rng(seed), case.split.hidden, case.split.users
    if len(users) > PEOPLE:
        users = np.sort(rng.choice(users, PEOPLE, replace=False))
    warm = examples(case.split.train.of_users(users), hidden.keep(hidden.rating >= LIKED).of_users(users), members, executor)
    cold = examples(case.newcomers, case.likes, members, executor)
    settled, said = _grow(*warm, np.ones(len(warm[0]), bool), rng, seed)
    both = [np.concatenate(parts) for parts in zip(warm, cold, strict=True)]
    beginners, also = _grow(*both, np.arange(len(both[0])) >= len(warm[0]), rng, seed)
    return settled, beginners, {"settled": said, "beginners": also}


def _grow(rows: np.ndarray, hit: np.ndarray, judged: np.ndarray, rng: np.random.Generator,
          seed: int) -> tuple[Forest | None, dict]:
    """Trees from four fifths of the people, compared on those `judged` among the last fifth; None, if they are not better
    there than the best member, or if there is too little to learn from: then the members' sum orders."""
    check = np.arange(len(rows)) // BEGINNINGS % 5 == 4  # who begins thrice is wholly on one side
    used = (hit | (rng.random(hit.shape) < MISSES)) & ~check[:, None]
    if hit[used].sum() < ENOUGH:
        return None, {"hits": int(hit.sum())}
    forest = grow(rows[used], hit[used], share=MISSES, seed=seed)
    rows, hit = rows[check & judged], hit[check & judged]
    said = {name: _ndcg(rows[..., place], hit) for place, name in enumerate(COLUMNS[:3])}
    said["popularity"] = _ndcg(rows[..., COLUMNS.index("popularity")], hit)
    logit = ordered(forest, rows)
    said["trees"] = _ndcg(logit, hit)
    if said["trees"] < max(said.values()):
        return None, said
    popularity = rows[..., COLUMNS.index("popularity")]
    said["tail"] = max(TAILS, key=lambda tail: _ndcg(logit - tail * popularity, hit))
    return replace(forest, tail=said["tail"]), said


def ordered(forest: Forest, rows: np.ndarray) -> np.ndarray:
    """float32 [k, c]: the forest's logit of evidence float32 [k, c, columns], less its `tail` x log popularity."""
    logit = forest.logit(rows.reshape(-1, rows.shape[-1])).reshape(rows.shape[:-1])
    return logit - np.float32(forest.tail) * rows[..., COLUMNS.index("popularity")] if forest.tail else logit


def examples(people: Ratings, likes: Ratings, members: Members,
             executor: Executor | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(evidence float32 [k, c, columns], hit bool [k, c]) of each person's candidates, block by block of people."""
    people, likes, told = replace(people, catalogue=None), replace(likes, catalogue=None), shared(members, executor)
    some = ((people.of_users(block), likes.of_users(block), told) for block in people.blocks(256))
    found = list(each(_examples, some, executor))
    rows, hits = [one for one, _ in found], [one for _, one in found]
    if not rows:
        c = min(CANDIDATES, people.n_items)
        return np.empty((0, c, len(COLUMNS)), np.float32), np.empty((0, c), bool)
    return np.concatenate(rows), np.concatenate(hits)


def _examples(people: Ratings, likes: Ratings, members: Members) -> tuple[np.ndarray, np.ndarray]:
    chosen, evidence, _ = gather(people, members)
    return evidence, likes.matrix().toarray()[np.arange(people.n_users)[:, None], chosen] > 0


def _ndcg(score: np.ndarray, hit: np.ndarray) -> float:
    """Mean NDCG@10 among the candidates of people who have a hit there."""
    some = hit.any(1)
    order = np.argsort(-score[some], axis=1, kind="stable")[:, :10]
    discount = 1 / np.log2(np.arange(2, order.shape[1] + 2))
    gain = (np.take_along_axis(hit[some], order, 1) * discount).sum(1)
    ideal = np.cumsum(discount)[np.minimum(hit[some].sum(1), order.shape[1]) - 1]
    return float((gain / ideal).mean()) if some.any() else 0.0
