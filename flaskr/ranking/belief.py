"""How much each item is believed to be liked, and how sure that is: rated, predicted or unknown."""

from dataclasses import dataclass, fields

import numpy as np

MIDDLE = 5.0  # the mean rating of a library in which nothing is rated yet
RATED_SPREAD = 0.5  # people who rate the same thing again differ from themselves by about half a point
WIDE_SPREAD = 2.5  # standard deviation of ratings before any are known
WIDE_WEIGHT = 5  # ... which counts as much as this many ratings
LEAST_UNKNOWN_SPREAD = 1.0  # an item about which nothing is known is never taken for certain


@dataclass(frozen=True, eq=False)
class Candidates:
    """The items to rank, as columns of equal length [n]; row i of every column is the same item.

    Float columns may be float32 or float64 and use NaN for "none": `rating` 0..10, `mean` and `spread` the
    evaluator's prediction, `last_played` and `added` in unix seconds. `finished` and `skipped` are counts,
    `group` is a code for the artist, -1 where unknown. ValueError names the column that does not fit.
    """

    id: np.ndarray
    rating: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    finished: np.ndarray
    skipped: np.ndarray
    last_played: np.ndarray
    added: np.ndarray
    group: np.ndarray

    def __post_init__(self) -> None:
        for column in fields(self):
            values = np.asarray(getattr(self, column.name))
            whole = column.name in ("id", "finished", "skipped", "group")
            if values.size == 0:
                values = values.astype(np.int64 if whole else np.float32)
            object.__setattr__(self, column.name, values)
            if values.ndim != 1:
                raise ValueError(f"column '{column.name}' must have one dimension, it has shape {values.shape}")
            if len(values) != len(self.id):
                raise ValueError(f"column '{column.name}' has {len(values)} rows, but 'id' has {len(self.id)}")
            if values.dtype.kind not in ("iu" if whole else "iuf"):
                wanted = "whole numbers" if whole else "numbers (NaN for none)"
                raise ValueError(f"column '{column.name}' must hold {wanted}, it holds {values.dtype}")

    def __len__(self) -> int:
        return len(self.id)

    def take(self, rows: np.ndarray) -> "Candidates":
        """The same columns, of these rows only."""
        return Candidates(*(getattr(self, column.name)[rows] for column in fields(self)))


def prior(rating: np.ndarray) -> tuple[float, float]:
    """What to believe of an item about which nothing is known: (mean, spread), from the ratings [n], NaN = unrated.

    The mean rating, drawn to 5 while they are few, (5 * 5 + sum) / (5 + k) for k ratings: who rated one song 10 does
    not think 10 of everything. Their standard deviation, held wide: sqrt((5 * 2.5^2 + k * var) / (5 + k)), never below 1.
    """
    known = rating[np.isfinite(rating)].astype(np.float64)
    if known.size == 0:
        return MIDDLE, WIDE_SPREAD
    variance = (WIDE_WEIGHT * WIDE_SPREAD**2 + known.size * known.var()) / (WIDE_WEIGHT + known.size)
    mean = (WIDE_WEIGHT * MIDDLE + known.sum()) / (WIDE_WEIGHT + known.size)
    return float(mean), max(float(np.sqrt(variance)), LEAST_UNKNOWN_SPREAD)


def belief(c: Candidates, unknown: tuple[float, float] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The expected rating and its standard deviation: (mean, spread), both float32 [n], mean in 0..10.

    Rated: the rating, +- 0.5; a rating of exactly 0 is a refusal, not a measurement, and has spread 0.
    Else predicted: the prediction and its spread. Else `unknown`, by default `prior(c.rating)`.
    """
    mean, spread = unknown or prior(c.rating)
    means, spreads = c.mean.astype(np.float32), c.spread.astype(np.float32)
    # rows by number, as either kind is mostly the rarer one: a mask over everything takes twice as long
    bare = np.flatnonzero(~np.isfinite(means))
    means[bare], spreads[bare] = mean, spread
    spreads[np.flatnonzero(~np.isfinite(spreads))] = spread
    rated = np.flatnonzero(np.isfinite(c.rating))
    means[rated], spreads[rated] = c.rating[rated], RATED_SPREAD
    spreads[np.flatnonzero(c.rating == 0)] = 0
    return np.clip(means, 0, 10, out=means), np.maximum(spreads, 0, out=spreads)
