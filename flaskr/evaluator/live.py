"""What only time can tell: how well ratings were predicted before they were given, and how far anyone could get."""
from __future__ import annotations

from typing import Any

import numpy as np

from flaskr.evaluator import metrics

WINDOW = 30  # ratings per point of the curve
RESAMPLES = 500


def prequential(predictions: np.ndarray, ratings: np.ndarray, times: np.ndarray, *, window: int = WINDOW,
                seed: int = 0) -> dict[str, Any]:
    """How good predictions were that stood when each rating was given: nothing can flatter them (Dawid 1984).

    predictions: [n], NaN where none stood (such rows are left out); ratings: [n] in 0..10; times: [n] seconds. The
    curve walks through time in windows, each half over the last: {"n", "mae": overall {"value", "low", "high"} or None,
    "average": the same of guessing the average of all earlier ratings, "gain": by how much ours is off less, "window":
    ratings per point, "curve": {"time" (of the window's end), "mae", "low", "high", "average"}, lists of equal length}.
    Intervals: 95 % bootstrap of rows. ValueError on shapes.
    """
    predictions, ratings, times = (np.asarray(a, float) for a in (predictions, ratings, times))
    if not predictions.shape == ratings.shape == times.shape or ratings.ndim != 1:
        raise ValueError("predictions, ratings and times must be three lists of the same length")
    order = np.argsort(times, kind="stable")
    predictions, ratings, times = predictions[order], ratings[order], times[order]
    before = np.concatenate([[5.0], np.cumsum(ratings)[:-1] / np.maximum(np.arange(1, len(ratings)), 1)])[:len(ratings)]
    stood = np.isfinite(predictions)
    errors, plain, times = np.abs(predictions - ratings)[stood], np.abs(before - ratings)[stood], times[stood]
    curve: dict[str, list[float]] = {name: [] for name in ("time", "mae", "low", "high", "average")}
    n, width = len(errors), max(2, window)
    for end in range(width, n + 1, max(1, width // 2)):
        part = slice(end - width, end)
        said = _mean(errors[part], seed)
        for name, value in (("time", times[end - 1]), ("mae", said["value"]), ("low", said["low"]),
                            ("high", said["high"]), ("average", plain[part].mean())):
            curve[name].append(float(value))
    return {"n": n, "mae": _mean(errors, seed) if n else None, "average": _mean(plain, seed) if n else None,
            "gain": _mean(plain - errors, seed) if n else None, "window": width, "curve": curve}


def ceiling(first: np.ndarray, again: np.ndarray, *, spearman: float | None = None, mae: float | None = None,
            seed: int = 0) -> dict[str, Any]:
    """How far a perfect evaluator could get, from ratings [n] given twice to the same items, each in 0..10.

    Two ratings of one item differ by the person's own noise, which nobody can predict. With r the correlation between
    first and second rating (the reliability), no guess can correlate with single ratings by more than sqrt(r) (Spearman
    1904, attenuation); and with independent, alike noise the difference of two ratings is sqrt(2) times as large as
    that of a rating from the truth, so the least error is mean |difference| / sqrt(2). {"n", "spearman", "mae": each
    {"value", "low", "high"} or None below 5 pairs, "share": how much of the reachable order (`spearman` of the
    evaluator / ceiling, at most 1) is reached, or None; "excess": points of `mae` that are not the person's own noise}.
    """
    first, again = np.asarray(first, float), np.asarray(again, float)
    if first.shape != again.shape or first.ndim != 1:
        raise ValueError("first and second ratings must be two lists of the same length")
    n = len(first)
    if n < 5:
        return {"n": n, "spearman": None, "mae": None, "share": None, "excess": None}
    drawn = np.concatenate(metrics.resamples(np.arange(n), seed), axis=1)

    def order(counts: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(metrics.spearman(first, again, counts), 0))

    def error(counts: np.ndarray) -> np.ndarray:
        return metrics.mae(first, again, counts) / 2**0.5

    said = {name: _stated(figure(np.ones((n, 1)))[0], figure(drawn), n) for name, figure in
            (("spearman", order), ("mae", error))}
    top, least = said["spearman"]["value"], said["mae"]["value"]
    share = None if spearman is None or top <= 0 else float(np.clip(spearman / top, 0, 1))
    return {"n": n, **said, "share": share, "excess": None if mae is None else float(max(0.0, mae - least))}


def _mean(values: np.ndarray, seed: int) -> dict[str, float]:
    rows = np.random.default_rng(seed).integers(len(values), size=(RESAMPLES, len(values)))
    return _stated(values.mean(), values[rows].mean(1), len(values))


def _stated(value: float, drawn: np.ndarray, units: int) -> dict[str, float]:
    low, high = metrics.interval(drawn, units)
    return {"value": float(value), "low": low, "high": high}
