"""What may be said of an evaluator: every figure from ratings it had not seen, with its interval, and in words."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from flaskr.evaluator import metrics
from flaskr.evaluator.baselines import Guesses

POINTS = 500  # dots of the scatter chart
SKILL = ((0.05, "slight"), (0.15, "fair"), (0.30, "good"))  # share of the average's error that is gone: below this


def report(y: np.ndarray, ours: Guesses, baselines: Mapping[str, Guesses], *, folds: int, seed: int,
           units: np.ndarray) -> dict[str, Any]:
    """A plain dict for JSON: n, folds, verdict, sentence, skill; mae, rmse, spearman, ndcg10, coverage80 (each
    {"value", "low", "high"}, 95 % bootstrap); baselines {name: the same}; gain, the MAE of "mean" minus ours on the
    same resamples; points [[rating, guess, low, high]].

    Two choices keep it honest: intervals resample units (int [n], folds.units_of), so groups, not rows; and ranks
    are taken relative to each fold's own average (Guesses.ordering).
    """
    everyone = {"ours": ours, **baselines}
    number = int(units.max()) + 1
    values = _figures(y, everyone, np.ones((len(y), 1)))
    drawn = [_figures(y, everyone, counts) for counts in metrics.resamples(units, seed)]
    said: dict[str, dict[str, Any]] = {name: {} for name in everyone}
    for name in everyone:
        for figure, value in values[name].items():
            said[name][figure] = _stated(value[0], np.concatenate([chunk[name][figure] for chunk in drawn]), number)
    gains = np.concatenate([chunk["mean"]["mae"] - chunk["ours"]["mae"] for chunk in drawn])
    gain = _stated(values["mean"]["mae"][0] - values["ours"]["mae"][0], gains, number)
    beaten = {name: said[name] for name in baselines}
    return {"n": len(y), "folds": folds, **_words(len(y), float(y.mean()), said["ours"], beaten["mean"], gain),
            **said["ours"], "baselines": beaten, "gain": gain, "points": _points(y, ours, seed)}


def too_few(y: np.ndarray, sentence: str) -> dict[str, Any]:
    """The report when nothing could be measured."""
    return {"n": len(y), "folds": 0, "verdict": "too_few", "skill": "none", "sentence": sentence, "mae": None,
            "rmse": None, "spearman": None, "ndcg10": None, "coverage80": None, "baselines": {}, "gain": None,
            "points": []}


def _figures(y: np.ndarray, everyone: Mapping[str, Guesses], counts: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Each figure [B] of each guesser on resamples `counts` [n, B]; what depends on y alone is computed once."""
    ranks, best = metrics.midranks(y, counts), metrics.dcg_at_k(y, y, counts)
    best = np.where(best > 0, best, 1)
    found = {}
    for name, guess in everyone.items():
        order = np.round(guess.ordering(), 9)  # rounding errors of equal guesses are no order
        found[name] = {
            "mae": metrics.mae(y, guess.mean, counts), "rmse": metrics.rmse(y, guess.mean, counts),
            "spearman": metrics.rank_correlation(ranks, metrics.midranks(order, counts), counts),
            "ndcg10": metrics.dcg_at_k(y, order, counts) / best,
            "coverage80": metrics.coverage(y, guess.low, guess.high, counts)}
    return found


def _stated(value: float, drawn: np.ndarray, units: int) -> dict[str, float]:
    low, high = metrics.interval(drawn, units)
    return {"value": float(value), "low": low, "high": high}


def _words(n: int, average: float, ours: Mapping[str, Any], mean: Mapping[str, Any],
           gain: Mapping[str, float]) -> dict[str, str]:
    error, other = ours["mae"], mean["mae"]["value"]
    if not gain["low"] > 0:
        return {"verdict": "no_better", "skill": "none", "sentence":
                f"From {n} ratings it cannot yet do better than guessing your average ({average:.1f})."}
    share = gain["value"] / other
    skill = next((word for limit, word in SKILL if share < limit), "strong")
    digits = 1 if round(error["value"], 1) != round(other, 1) else 2
    return {"verdict": "better", "skill": skill, "sentence":
            f"Its guesses on items it had not seen are off by {error['value']:.{digits}f} points on average "
            f"({error['low']:.{digits}f} to {error['high']:.{digits}f}); guessing your average would be off by "
            f"{other:.{digits}f}."}


def _points(y: np.ndarray, guess: Guesses, seed: int) -> list[list[float]]:
    rows = np.sort(np.random.default_rng(seed).permutation(len(y))[:POINTS])
    table = np.stack([y, guess.mean, guess.low, guess.high], axis=1)[rows]
    return [[round(float(v), 3) for v in row] for row in table]
