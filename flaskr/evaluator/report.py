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
    """A plain dict for JSON: n, folds, verdict, sentence, skill; mae, rmse, spearman, pairs (share of pairs in the right
    order), ndcg10, coverage80 (each {"value", "low", "high"}, 95 % bootstrap); baselines {name: the same}; gain, the
    MAE of "mean" minus ours on the same resamples; ahead {name: {"mae", "spearman", "ndcg10"}}, by how much ours is
    better than each baseline, on the same resamples; points [[rating, guess, low, high]]. fit adds curve
    (curve.learning_curve), units, how many independent things were rated, and stopped, whether the caller had enough.

    Three choices keep it honest: intervals resample units (int [n], folds.units_of), so groups, not rows; ranks are
    taken relative to each fold's own average (Guesses.ordering); and if `baselines` has "median", the best guess
    that is the same for everything, only what is gained on that one, too (`taste`), makes the verdict "better".
    """
    everyone = {"ours": ours, **baselines}
    number = int(units.max()) + 1
    some = metrics.pairs(y, seed)
    values = _figures(y, everyone, np.ones((len(y), 1)), some)
    drawn = [_figures(y, everyone, counts, some) for counts in metrics.resamples(units, seed)]
    said: dict[str, dict[str, Any]] = {name: {} for name in everyone}
    for name in everyone:
        for figure, value in values[name].items():
            said[name][figure] = _stated(value[0], np.concatenate([chunk[name][figure] for chunk in drawn]), number)
    ahead = {name: {figure: _ahead(figure, name, values, drawn, number) for figure in ("mae", "spearman", "ndcg10")}
             for name in baselines}
    gain, taste = ahead["mean"]["mae"], ahead.pop("median", ahead["mean"])["mae"]
    beaten = {name: said[name] for name in baselines if name != "median"}
    words = _words(len(y), float(y.mean()), said["ours"], beaten["mean"], min(gain, taste, key=lambda g: g["low"]))
    return {"n": len(y), "folds": folds, **words, **said["ours"], "baselines": beaten, "gain": gain, "taste": taste,
            "ahead": ahead, "points": _points(y, ours, seed)}


def too_few(y: np.ndarray, sentence: str) -> dict[str, Any]:
    """The report when nothing could be measured."""
    return {"n": len(y), "folds": 0, "verdict": "too_few", "skill": "none", "sentence": sentence, "mae": None,
            "rmse": None, "spearman": None, "pairs": None, "ndcg10": None, "coverage80": None, "baselines": {},
            "gain": None, "taste": None, "ahead": {}, "points": [], "curve": None, "units": len(y),
            "stopped": False}


def _figures(y: np.ndarray, everyone: Mapping[str, Guesses], counts: np.ndarray,
             some: tuple[np.ndarray, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """Each figure [B] of each guesser on resamples `counts` [n, B] and on `some` pairs; what depends on y alone is
    computed once."""
    ranks, best = metrics.midranks(y, counts), metrics.dcg_at_k(y, y, counts)
    best = np.where(best > 0, best, 1)
    found, weights = {}, counts[some[0]] * counts[some[1]]
    for name, guess in everyone.items():
        order = np.round(guess.ordering(), 9)  # rounding errors of equal guesses are no order
        found[name] = {
            "mae": metrics.mae(y, guess.mean, counts), "rmse": metrics.rmse(y, guess.mean, counts),
            "spearman": metrics.rank_correlation(ranks, metrics.midranks(order, counts), counts),
            "pairs": metrics.pair_accuracy(order, some, weights),
            "ndcg10": metrics.dcg_at_k(y, order, counts) / best,
            "coverage80": metrics.coverage(y, guess.low, guess.high, counts)}
    return found


def _ahead(figure: str, name: str, values: Mapping[str, Any], drawn: list, units: int) -> dict[str, float]:
    """Ours better than a baseline by so much; errors count downwards."""
    sign = -1 if figure == "mae" else 1
    return _stated(sign * (values["ours"][figure][0] - values[name][figure][0]), np.concatenate(
        [sign * (chunk["ours"][figure] - chunk[name][figure]) for chunk in drawn]), units)


def _stated(value: float, drawn: np.ndarray, units: int) -> dict[str, float]:
    low, high = metrics.interval(drawn, units)
    return {"value": float(value), "low": low, "high": high}


def _words(n: int, average: float, ours: Mapping[str, Any], mean: Mapping[str, Any],
           gain: Mapping[str, float]) -> dict[str, str]:
    error, other = ours["mae"], mean["mae"]["value"]
    if not gain["low"] > 0:
        said = (f"it is off by {error['value']:.2f} points and your average by {other:.2f}, which may be chance."
                if error["value"] < other - 0.005 else
                f"guessing {average:.1f} for everything would be off by as little.")
        return {"verdict": "no_better", "skill": "none",
                "sentence": f"After {n} ratings it is no better than your average yet: {said}"}
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
