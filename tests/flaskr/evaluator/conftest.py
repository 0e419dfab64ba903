"""Simulated people: clustered unit vectors and a taste over them."""

from collections.abc import Callable

import numpy as np
import pytest

from flaskr.evaluator import Evaluator, fit


@pytest.fixture
def person() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """person(n, seed, dim, signal, noise) -> X float32 [n, dim] unit rows, y [n] whole ratings; a taste of `signal`
    points over 12 clusters, and `noise` points that nothing explains."""

    def make(n: int, seed: int = 0, dim: int = 32, signal: float = 1.5, noise: float = 1.0):
        rng = np.random.default_rng(seed)
        centres = rng.normal(size=(12, dim))
        cluster = rng.integers(12, size=n)
        X = centres[cluster] + 0.6 * rng.normal(size=(n, dim))
        X /= np.linalg.norm(X, axis=1, keepdims=True)
        liking = rng.normal(size=12)
        y = 6 + signal * (liking - liking.mean())[cluster] + noise * rng.normal(size=n)
        return X.astype(np.float32), np.clip(np.round(y), 0, 10)

    return make


@pytest.fixture
def trained(person) -> Evaluator:
    X, y = person(60)
    return fit(X, y, space="sound:test")
