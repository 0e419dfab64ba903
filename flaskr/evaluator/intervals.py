"""How sure a mean of ratings is, and a difference of two: the intervals that the taste page gives, honest with few ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
LENT = 4.0  # ratings' worth of scatter that each group borrows from all others


@dataclass(frozen=True)
class Figure:
    """A mean, or a difference, of n ratings and its interval."""

    value: float
    low: float
    high: float
    n: int

    @property
    def above(self) -> bool:
        return self.low > 0

    @property
    def below(self) -> bool:
        return self.high < 0


def scatter(groups: Sequence[np.ndarray]) -> float:
    """Variance of ratings within their groups, all groups together; that of ratings at large (4) where nothing is known."""
    known = [group for group in groups if len(group) > 1]
    free = sum(len(group) - 1 for group in known)
    return (sum(float(((group - group.mean()) ** 2).sum()) for group in known) + 4.0 * 2) / (free + 2)


def mean(ratings: np.ndarray, common: float, *, together: int = 1) -> Figure:
    """Mean of n >= 1 ratings. Its variance leans on the common one with the weight of LENT ratings (Smyth 2004, a moderated t).

    together: how many such intervals are shown at once: all of them hold in 95 of 100 cases (Bonferroni).
    """
    n = len(ratings)
    variance, free = _variance(ratings, common)
    half = quantile(free, together) * (variance / n) ** 0.5
    value = float(ratings.mean())
    return Figure(value, value - half, value + half, n)


def difference(before: np.ndarray, after: np.ndarray, common: float, *, together: int = 1) -> Figure:
    """Mean of `after` less that of `before`, each n >= 1; unequal variances (Welch 1947), moderated as in `mean`."""
    (one, free_one), (two, free_two) = _variance(before, common), _variance(after, common)
    parts = one / len(before), two / len(after)
    free = sum(parts) ** 2 / max(parts[0] ** 2 / free_one + parts[1] ** 2 / free_two, 1e-12)
    half = quantile(free, together) * sum(parts) ** 0.5
    value = float(after.mean() - before.mean())
    return Figure(value, value - half, value + half, len(before) + len(after))


def quantile(free: float, together: int = 1) -> float:
    """Two-sided quantile of Student's t at LEVEL, `together` at once; Abramowitz and Stegun 26.7.5, 1 % off at 4 degrees."""
    z = NormalDist().inv_cdf(1 - (1 - LEVEL) / (2 * together))
    terms = (z, (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
             (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160)
    return sum(term / free**power for power, term in enumerate(terms))


def _variance(ratings: np.ndarray, common: float) -> tuple[float, float]:
    """(variance, degrees of freedom), moderated."""
    own = float(((ratings - ratings.mean()) ** 2).sum())
    free = len(ratings) - 1 + LENT
    return (own + LENT * common) / free, free
