"""How good guesses are, each figure with its bootstrap interval; numpy only.

Every metric takes `counts` [n, B]: how often each row occurs in each of B resamples (all ones for the figure itself),
so that a whole bootstrap is a few array operations and the interval is of exactly the figure shown.
"""
from __future__ import annotations

from math import erfc, sqrt

import numpy as np

PAIRS = 2000  # pairs of ratings that are compared
CELLS = 1_000_000  # rows x resamples in memory at once


def mae(truth: np.ndarray, guess: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mean absolute error [B] in rating points."""
    return np.abs(truth - guess) @ counts / counts.sum(0)


def rmse(truth: np.ndarray, guess: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Root of the mean squared error [B] in rating points."""
    return np.sqrt((truth - guess) ** 2 @ counts / counts.sum(0))


def coverage(truth: np.ndarray, low: np.ndarray, high: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Share of ratings inside low..high [B]."""
    return ((truth >= low) & (truth <= high)) @ counts / counts.sum(0)


def midranks(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Rank [n, B] of each row within each resample, ties (and copies of a row) sharing the average of their ranks."""
    order, starts, inverse = _runs(values)
    sizes = np.add.reduceat(counts[order], starts, axis=0)
    ranks = np.cumsum(sizes, axis=0)
    ranks -= (sizes - 1) / 2
    return ranks[inverse]


def spearman(truth: np.ndarray, guess: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Spearman's rank correlation [B]: Pearson's of the midranks; 0 where either is constant."""
    return rank_correlation(midranks(truth, counts), midranks(guess, counts), counts)


def rank_correlation(a: np.ndarray, b: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Pearson's correlation [B] of two sets of midranks [n, B]."""
    middle = (counts.sum(0) + 1) / 2
    a, b = a - middle, b - middle
    weighted = counts * a
    across, left = np.einsum("ij,ij->j", weighted, b), np.einsum("ij,ij->j", weighted, a)
    scale = np.sqrt(left * np.einsum("ij,ij,ij->j", counts, b, b))
    return np.divide(across, scale, out=np.zeros_like(across), where=scale > 1e-9)


def ndcg_at_k(truth: np.ndarray, guess: np.ndarray, counts: np.ndarray, k: int = 10) -> np.ndarray:
    """NDCG@k [B] with linear gain: DCG = sum over the k best guessed of rating / log2(position + 1), divided by the
    DCG of the true order (Jarvelin & Kekalainen 2002). Ties of the guess share the average of their ratings
    (McSherry & Najork 2008), as in scikit-learn's `ndcg_score`. 0 where every rating is 0."""
    best = dcg_at_k(truth, truth, counts, k)
    return np.divide(dcg_at_k(truth, guess, counts, k), best, out=np.zeros_like(best), where=best > 0)


def dcg_at_k(truth: np.ndarray, guess: np.ndarray, counts: np.ndarray, k: int = 10) -> np.ndarray:
    """DCG@k [B], as in ndcg_at_k."""
    order, starts, _ = _runs(-guess)
    sizes = np.add.reduceat(counts[order], starts, axis=0)
    ends = np.cumsum(sizes, axis=0)
    last = int(np.argmax(ends.min(axis=1) >= k)) + 1 if ends[-1].min() >= k else len(starts)  # below, nothing counts
    stop = starts[last] if last < len(starts) else len(order)
    gains = np.add.reduceat(counts[order[:stop]] * truth[order[:stop], None], starts[:last], axis=0)
    discounts = np.concatenate([[0], np.cumsum(1 / np.log2(np.arange(2, k + 2)))])
    weights = np.diff(discounts[np.minimum(ends[:last], k).astype(int)], axis=0, prepend=0)
    return (gains / np.maximum(sizes[:last], 1) * weights).sum(0)


def pairs(truth: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(better, worse) rows of at most PAIRS random pairs that were rated differently."""
    n, rng = len(truth), np.random.default_rng(seed)
    if n * (n - 1) // 2 <= PAIRS:
        a, b = np.triu_indices(n, 1)
    else:
        a, b = rng.integers(n, size=(2, PAIRS))
    a, b = np.where(truth[a] > truth[b], a, b), np.where(truth[a] > truth[b], b, a)
    return a[truth[a] != truth[b]], b[truth[a] != truth[b]]


def pair_accuracy(guess: np.ndarray, drawn: tuple[np.ndarray, np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Share [B] of pairs (better, worse) whose better one was guessed higher; ties count half. weights: [pairs, B],
    how often each pair is in a resample. 0.5 where there are no pairs."""
    better, worse = drawn
    right = (np.sign(guess[better] - guess[worse]) + 1) / 2
    total = weights.sum(0)
    return np.divide(right @ weights, total, out=np.full(len(total), 0.5), where=total > 0)


def _runs(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(order that sorts, where each run of equal values starts in it, which run each row belongs to)."""
    order = np.argsort(values, kind="stable")
    steps = np.concatenate([[True], np.diff(values[order]) != 0])
    inverse = np.empty(len(values), int)
    inverse[order] = np.cumsum(steps) - 1
    return order, np.flatnonzero(steps), inverse


def resamples(units: np.ndarray, seed: int) -> list[np.ndarray]:
    """Bootstrap counts, float [n, B], in chunks; B is 200 to 1,000. Rows of one unit (int [n], from 0) are drawn
    together, since they are not independent (cluster bootstrap: Cameron, Gelbach, Miller 2008)."""
    rng, n, number = np.random.default_rng(seed), len(units), int(units.max()) + 1
    total = int(np.clip(400_000 / n, 200, 1000))
    step = max(1, CELLS // n)
    chunks = []
    for done in range(0, total, step):
        rows = min(step, total - done)
        drawn = rng.integers(number, size=(rows, number)) + number * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * number).reshape(rows, number)
        chunks.append(counts.T[units].astype(float))
    return chunks


def interval(values: np.ndarray, units: int) -> tuple[float, float]:
    """95 % interval from figures of resamples of `units` independent rows or groups: percentiles widened as Student's
    t widens the normal (expanded percentile: Hesterberg 2015, "What teachers should know about the bootstrap",
    section 5.3). Plain percentiles called noise a taste for 9 % of people with 6 ratings (measured)."""
    z, freedom = 1.959963984540054, max(1, units - 1)
    t = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)  # Abramowitz, 26.7.5
    tail = 50 * erfc(t * sqrt((freedom + 1) / freedom) / sqrt(2))
    low, high = np.percentile(values, [tail, 100 - tail])
    return float(low), float(high)
