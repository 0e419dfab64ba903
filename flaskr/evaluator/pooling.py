"""One vector from the passages of an item: their mean, or a weighted mean that looks at what the person reacts to."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flaskr.evaluator.choice import earned

SHARPNESS = (-8.0, 8.0, 25.0)  # below 0: looks at what is disliked
SHRINKAGE = 2.5  # of the ridges here, noise variance as a multiple of the taste's
DOUBT = 2.5  # standard errors: the best of three is tried, so more than for one
LEAST = 30  # items with several passages below which nothing is tried


@dataclass(frozen=True)
class Passages:
    """rows: float32 [p, dim], unit vectors of passages; owner: int [p], ascending, the item each belongs to."""

    rows: np.ndarray
    owner: np.ndarray


@dataclass(frozen=True)
class Pooling:
    """query: float32 [dim] or None for the plain mean; weights of passages are softmax(sharpness x query'passage)."""

    query: np.ndarray | None = None
    sharpness: float = 0.0

    def __call__(self, X: np.ndarray, passages: Passages | None) -> np.ndarray:
        """X, float32 [n, dim], the items' own vectors, with those of items that have passages replaced."""
        if self.query is None or passages is None or not len(passages.owner):
            return X
        looks = self.sharpness * (passages.rows @ self.query)
        starts = np.flatnonzero(np.diff(passages.owner, prepend=-1))
        sizes = np.diff([*starts, len(looks)])
        weights = np.exp(looks - np.repeat(np.maximum.reduceat(looks, starts), sizes))
        weights /= np.repeat(np.add.reduceat(weights, starts), sizes)
        pooled = np.add.reduceat(passages.rows * weights[:, None], starts, axis=0)
        result = np.array(X, np.float32)
        result[passages.owner[starts]] = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return result

    def as_dict(self) -> dict[str, Any]:
        if self.query is None:
            return {"kind": "mean"}
        return {"kind": "attention", "sharpness": self.sharpness, "query": [round(float(v), 5) for v in self.query]}


MEAN = Pooling()


def read(said: Mapping[str, Any] | None) -> Pooling:
    """What as_dict wrote."""
    if not said or said.get("kind") != "attention":
        return MEAN
    return Pooling(np.array(said["query"], np.float32), float(said["sharpness"]))


def choose_pooling(X: np.ndarray, y: np.ndarray, passages: Passages | None,
                   place: np.ndarray) -> tuple[Pooling, np.ndarray, dict[str, float]]:
    """(pooling, X pooled, figures) for items X float32 [n, dim] rated y [n], in folds `place` int [n].

    The query is the direction in which liking grows (a ridge on the items' vectors), a small attention with one head
    (attention pooling for bags of instances: Ilse, Tomczak, Welling 2018, with the query in closed form). It is kept only
    where guesses of hidden ratings, the query learned without them too, come nearer by more than chance. The pooled X
    are cross-fitted: each row's passages are weighed by a query that never saw its rating.
    figures: {"tried": items with several passages, "gain": points of error saved by the best}.
    """
    several = 0 if passages is None else int((np.bincount(passages.owner, minlength=len(y)) > 1).sum())
    if several < LEAST:
        return MEAN, X, {"tried": several, "gain": 0.0}
    parts = [(np.flatnonzero(place != fold), np.flatnonzero(place == fold)) for fold in np.unique(place)]
    queries = [_direction(X[rest], y[rest]) for rest, _ in parts]
    plain = _errors([X] * len(parts), y, parts)
    tried: dict[float, tuple[np.ndarray, Sequence[np.ndarray]]] = {}
    for sharpness in SHARPNESS:
        pooled = [Pooling(query, sharpness)(X, passages) for query in queries]
        tried[sharpness] = plain - _errors(pooled, y, parts), pooled
    best = max(tried, key=lambda sharpness: tried[sharpness][0].mean())
    saved, pooled = tried[best]
    figures = {"tried": several, "gain": float(saved.mean())}
    if earned(saved, 0.0, DOUBT) <= 0:
        return MEAN, X, figures
    crossed = X.copy()
    for (_, hidden), rows in zip(parts, pooled, strict=True):
        crossed[hidden] = rows[hidden]
    return Pooling(_direction(X, y), best), crossed, figures


def _direction(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The unit direction in which ratings grow, float32 [dim]."""
    centred = X - X.mean(0)
    query = centred.T @ _solved(centred, y - y.mean())
    return (query / max(float(np.linalg.norm(query)), 1e-12)).astype(np.float32)


def _errors(spaces: Sequence[np.ndarray], y: np.ndarray, parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Absolute errors [n] of a ridge in each fold's own space."""
    missed = np.empty(len(y))
    for X, (rest, hidden) in zip(spaces, parts, strict=True):
        centre, average = X[rest].mean(0), y[rest].mean()
        known = X[rest] - centre
        guess = average + (X[hidden] - centre) @ (known.T @ _solved(known, y[rest] - average))
        missed[hidden] = np.abs(y[hidden] - guess)
    return missed


def _solved(X: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Dual weights [n] of a ridge on centred X [n, dim]; the scale of a vector's square is taken from X."""
    K = X @ X.T / max(float(np.square(X).sum(1).mean()), 1e-12)
    return np.linalg.solve(K + SHRINKAGE * np.eye(len(X)), t) / max(float(np.square(X).sum(1).mean()), 1e-12)
