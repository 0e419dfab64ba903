"""From one person's ratings to an evaluator, read top to bottom: look, hide, weigh, measure, keep."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from flaskr.evaluator import baselines, closed_form, folds, large
from flaskr.evaluator.choice import NORMAL, PRIOR_VARIANCE, PRIOR_WEIGHT, Choice, Split, choose
from flaskr.evaluator.evaluator import Evaluator
from flaskr.evaluator.kernels import CANDIDATES, MIDDLE, Geometry, one_thread
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.report import report, too_few

FEWEST = 5
EXACT = 2000  # ratings up to which every pair is compared; above, landmarks stand for them
Progress = Callable[[float, str], None]


def fit(X: np.ndarray, y: np.ndarray, *, seed: int = 0, groups: np.ndarray | None = None, space: str = "",
        progress: Progress | None = None) -> Evaluator:
    """Learn to guess ratings. Same arguments, same numbers.

    X: float32 [n, dim], unit rows; y: [n] in 0..10; groups: int [n] or None, items of one album, artist or cluster of
    near duplicates, which are always hidden together (-1: belongs to none). space: the embedding space's name.
    progress(fraction, words) is called now and then and may raise to cancel.

    Raises ValueError where shapes disagree, a value is not finite or a rating is outside 0..10.
    """
    X, y, groups = _checked(X, y, groups)
    tell = progress or (lambda fraction, words: None)
    about = {"dim": X.shape[1], "space": space, "n": len(y), "seed": seed,
             "created": datetime.now(UTC).isoformat(timespec="seconds")}
    problem = _problem(y, groups)
    if problem:
        return Evaluator(_average(y, X.shape[1]), too_few(y, problem), {"kernels": []}, **about)
    with one_thread():
        return _learn(X, y, seed, groups, tell, about)


def _learn(X: np.ndarray, y: np.ndarray, seed: int, groups: np.ndarray | None, tell: Progress,
           about: dict[str, Any]) -> Evaluator:
    units = folds.units_of(len(y), groups)
    exact, many = len(y) <= EXACT, int(units.max()) + 1
    grouped = many < len(y)
    number = many if many <= folds.ALONE else folds.FOLDS if exact else large.FOLDS
    place = folds.assign(units, number, seed)
    order = np.argsort(place, kind="stable")  # folds become slices
    X, y, units = X[order], y[order], units[order]
    bounds = np.searchsorted(place[order], np.arange(number + 1)).tolist()
    geometry = Geometry.of(X, seed)
    method = closed_form if exact else large
    tell(0.0, "Comparing what you rated")
    splits, whole, solved = method.splits(X, y, bounds, grouped, geometry, seed,
                                          lambda part: tell(0.7 * part, "Hiding some ratings, guessing them"))
    choice = choose(whole, y, grouped)
    tell(0.7, "Putting the guesses together")
    predictor = method.finish(solved, choice)
    tell(0.85, "Measuring on ratings it had not seen")
    ours = out_of_fold(y, splits, grouped)
    others = {"mean": baselines.average(y, splits), "ridge": baselines.ridge(y, splits),
              "knn": baselines.nearest(X, y, splits, grouped=grouped, seed=seed)}
    said = report(y, ours, others, folds=number, seed=seed, units=units)
    tell(1.0, said["sentence"])
    return Evaluator(predictor, said, _hyperparameters(choice, geometry), **about)


def out_of_fold(y: np.ndarray, splits: list[Split], grouped: bool) -> baselines.Guesses:
    """Guesses for each fold by an evaluator whose every choice was made without that fold."""
    mean, spread = np.empty(len(y)), np.empty(len(y))
    for split in splits:
        rows = split.fold
        mean[rows], spread[rows] = choose(split, y, grouped).guess(y[rows], split.errors[:, rows],
                                                                   split.variances[:, rows])
    return baselines.Guesses.around(mean, NORMAL * spread, baselines.centres(y, splits))


def _checked(X: np.ndarray, y: np.ndarray, groups: np.ndarray | None) -> tuple[np.ndarray, np.ndarray,
                                                                              np.ndarray | None]:
    X, y = np.ascontiguousarray(X, np.float32), np.asarray(y, np.float64)
    if X.ndim != 2 or y.shape != X.shape[:1]:
        raise ValueError(f"embeddings [n, dim] and ratings [n] are needed, not {X.shape} and {y.shape}")
    if not np.isfinite(X).all() or not np.isfinite(y).all():
        raise ValueError("an embedding or a rating is not a finite number")
    if len(y) and (y.min() < 0 or y.max() > 10):
        raise ValueError("ratings must lie between 0 and 10")
    if groups is not None:
        groups = np.asarray(groups)
        if groups.shape != y.shape or groups.dtype.kind not in "iu":
            raise ValueError("groups must be one whole number per rating")
        groups = np.maximum(groups.astype(np.int64), -1)
    return X, y, groups


def _problem(y: np.ndarray, groups: np.ndarray | None) -> str:
    """Why nothing can be learned yet, in words; empty if something can."""
    if len(y) < FEWEST:
        return f"Only {len(y)} of the {FEWEST} ratings that are needed to learn anything."
    if y.min() == y.max():
        return f"All {len(y)} ratings are {y[0]:g}: there is no difference to learn from."
    if folds.units_of(len(y), groups).max() + 1 < FEWEST:
        return f"The {len(y)} ratings belong to fewer than {FEWEST} groups: too alike to learn from."
    return ""


def _average(y: np.ndarray, dim: int) -> Predictor:
    """Guess the average, drawn to MIDDLE by the weight of one rating, with a spread of someone barely known."""
    mean = (MIDDLE + y.sum()) / (1 + len(y))
    variance = (2 * PRIOR_WEIGHT * PRIOR_VARIANCE + ((y - mean) ** 2).sum()) / (PRIOR_WEIGHT + len(y))
    return Predictor.constant(dim, mean, float(variance) * (1 + 1 / (1 + len(y))))


def _hyperparameters(choice: Choice, geometry: Geometry) -> dict[str, Any]:
    used = [{"kernel": c.kernel, "shrinkage": c.shrinkage, "weight": float(w), "signal_sd": float(np.sqrt(s))}
            for c, w, s in zip(CANDIDATES, choice.weights, choice.scales, strict=True) if w > 0]
    return {"kernels": used, "width": geometry.width, "interval_factor": choice.factor}
