"""Small libraries to rank: every column has a harmless default, a test names only what it is about."""

import numpy as np
import pytest

from flaskr.ranking import Candidates

NOW = 1_750_000_000.0


@pytest.fixture
def now() -> float:
    return NOW


@pytest.fixture
def library():
    """library(n, **columns) -> Candidates; scalars are repeated."""

    def build(n: int, **columns) -> Candidates:
        defaults = {"id": np.arange(n) + 1, "rating": np.nan, "mean": np.nan, "spread": np.nan, "finished": 0,
                    "skipped": 0, "last_played": np.nan, "added": NOW - 86_400, "group": -1}
        return Candidates(**{name: np.array(np.broadcast_to(value, n)) for name, value in (defaults | columns).items()})

    return build


@pytest.fixture
def large(library):
    """50,000 songs by 2,000 artists, a few rated, most predicted, some heard."""
    rng, n = np.random.default_rng(0), 50_000
    predicted = rng.random(n) < 0.9
    return library(
        n, rating=np.where(rng.random(n) < 0.05, rng.integers(0, 11, n), np.nan),
        mean=np.where(predicted, rng.normal(5.5, 1.5, n).clip(0, 10), np.nan).astype(np.float32),
        spread=np.where(predicted, rng.uniform(0.5, 2, n), np.nan).astype(np.float32),
        finished=rng.poisson(0.5, n), skipped=rng.poisson(0.3, n), group=rng.integers(-1, 2000, n),
        last_played=np.where(rng.random(n) < 0.4, NOW - rng.random(n) * 1e7, np.nan))
