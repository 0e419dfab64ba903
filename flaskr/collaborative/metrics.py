"""Figures of one ranking or of one set of expected ratings, each per user, and intervals over users."""
from __future__ import annotations

import numpy as np

BOOTSTRAPS, SEED = 1000, 7
AT, DEEP = 10, 20


def pair_auc(score: np.ndarray, rating: np.ndarray, user: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(users [k], AUC [k]): the share of each user's pairs of differing halves that `score` orders as `rating` does; a
    tie is half. All arrays [n], sorted by user; the lower half of a user's ratings is against the upper (P1 holds 5 of each);
    users whose ratings are all the same are left out."""
    users, values = [], []
    for one, start in zip(*np.unique(user, return_index=True), strict=True):
        mine = slice(start, np.searchsorted(user, one, "right"))
        order = np.argsort(rating[mine], kind="stable")
        if rating[mine][order[0]] == rating[mine][order[-1]]:
            continue
        low, high = np.array_split(score[mine][order], 2)
        users.append(one)
        values.append(((high[:, None] > low) + 0.5 * (high[:, None] == low)).mean())
    return np.array(users, int), np.array(values)


def pairwise(score: np.ndarray, rating: np.ndarray, user: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(users [k], accuracy [k]): the share of each user's pairs of different ratings that `score` orders as they do, a tie is
    half; users without such a pair are left out. All arrays [n], sorted by user; of somebody's rows at most the first 400."""
    users, values = [], []
    for one, start in zip(*np.unique(user, return_index=True), strict=True):
        mine = slice(start, min(np.searchsorted(user, one, "right"), start + 400))
        more = rating[mine][:, None] > rating[mine]
        if more.any():
            gap = (score[mine][:, None] - score[mine])[more]
            users.append(one)
            values.append(((gap > 0) + 0.5 * (gap == 0)).mean())
    return np.array(users, int), np.array(values)


def ranking(score: np.ndarray, relevant: list[np.ndarray], popularity: np.ndarray) -> dict[str, np.ndarray]:
    """Per-user figures of `score` [k, m] (-inf = not a candidate) against relevant item codes of each: ndcg10, recall20, mrr,
    percentile (mean popularity rank of the ten, 1 = most popular), novelty (mean -log2 of the share of users who know
    them) and `top` int [k, 10]. popularity: float [m], the share of users who know each item.
    NDCG: binary gains, ideal of min(10, n) (Jarvelin and Kekalainen 2002)."""
    depth = min(DEEP, score.shape[1])
    deep = np.argpartition(score, -depth, axis=1)[:, -depth:]
    deep = np.take_along_axis(deep, np.argsort(-np.take_along_axis(score, deep, 1), axis=1, kind="stable"), 1)
    discount = 1 / np.log2(np.arange(2, AT + 2))
    rank = np.empty(len(popularity))
    rank[np.argsort(popularity, kind="stable")] = np.linspace(0, 1, len(popularity))
    ndcg, recall, mrr = (np.zeros(len(score)) for _ in range(3))
    for row, mine in enumerate(relevant):
        hits = np.isin(deep[row], mine)
        hits &= score[row, deep[row]] > -np.inf
        ndcg[row] = (hits[:AT] * discount[:depth]).sum() / discount[:min(AT, len(mine))].sum()
        recall[row] = hits.sum() / len(mine)
        best = score[row, mine].max()  # among equals it stands in the middle
        mrr[row] = 1 / (1 + (score[row] > best).sum() + ((score[row] == best).sum() - 1) / 2) if best > -np.inf else 0
    top = deep[:, :AT]
    return {"ndcg10": ndcg, "recall20": recall, "mrr": mrr, "percentile": rank[top].mean(1),
            "novelty": -np.log2(np.maximum(popularity[top], 1e-6)).mean(1), "top": top}


def coverage(top: np.ndarray, n_items: int) -> float:
    """The share of the catalogue that stands on at least one of the pages `top` [k, 10]."""
    return len(np.unique(top)) / n_items


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """(mean, low, high): 95 % percentile bootstrap over users (Efron 1979)."""
    if len(values) == 0:
        return float("nan"), float("nan"), float("nan")
    means = resampled(values)
    return float(values.mean()), *map(float, np.quantile(means, [0.025, 0.975]))


def resampled(values: np.ndarray) -> np.ndarray:
    """float [1000]: the mean over users drawn with replacement; the same draws for arrays of one length, so that the
    difference of two results is the paired bootstrap of their difference."""
    rng = np.random.default_rng(SEED)
    return np.array([values[rng.integers(0, len(values), len(values))].mean() for _ in range(BOOTSTRAPS)])


def paired(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float, float]:
    """(mean of one - other, low, high, p): two results of the same users in pairs; p: two-sided, by the same bootstraps."""
    means = resampled(one - other)
    p = 2 * min((means <= 0).mean(), (means >= 0).mean())
    return float((one - other).mean()), *map(float, np.quantile(means, [0.025, 0.975])), float(min(max(p, 1 / BOOTSTRAPS), 1))


def rmse_interval(squares: np.ndarray, counts: np.ndarray) -> tuple[float, float, float]:
    """(RMSE, low, high) from sums of squared errors and counts per user: users are drawn, their rows come with them."""
    low, high = np.quantile(resampled_ratio(squares, counts), [0.025, 0.975]) ** 0.5
    return float((squares.sum() / counts.sum()) ** 0.5), float(low), float(high)


def resampled_ratio(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float [1000]: sum of `sums` over sum of `counts` of users drawn with replacement: a mean over rows, by users."""
    rng, found = np.random.default_rng(SEED), []
    for _ in range(BOOTSTRAPS):
        drawn = rng.integers(0, len(counts), len(counts))
        found.append(sums[drawn].sum() / counts[drawn].sum())
    return np.array(found)
