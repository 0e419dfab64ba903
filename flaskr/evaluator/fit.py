"""From one person's ratings to an evaluator, read top to bottom: look, hide, weigh, measure, keep."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.evaluator import baselines, closed_form, folds, large, metrics
from flaskr.evaluator.choice import NORMAL, PRIOR_VARIANCE, PRIOR_WEIGHT, Choice, Split, choose
from flaskr.evaluator.curve import learning_curve
from flaskr.evaluator.evaluator import Evaluator, Vectors
from flaskr.evaluator.kernels import MIDDLE, Candidate, Geometry, candidates
from flaskr.evaluator.known import Known, side_by_side
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.report import report, too_few
from flaskr.evaluator.telling import Progress, Telling
from flaskr.evaluator.threads import one_thread

FEWEST = 5
EXACT = 1500  # ratings up to which every pair is compared; above, landmarks stand for them
GROUPED = 0.05  # share of ratings with company from which choices, too, are made by leaving out whole groups


def fit(X: Vectors, y: np.ndarray, *, seed: int = 0, groups: np.ndarray | None = None, space: str = "",
        library: Vectors | None = None, progress: Progress | None = None) -> Evaluator:
    """Learn to guess ratings. Same arguments, same numbers.

    X: float32 [n, dim], unit rows, or a list of such arrays, the same items in several embedding spaces; y: [n] in
    0..10; groups: int [n] or None, items of one album or artist, which are always hidden together (-1: belongs to none;
    near duplicates are found by themselves). library: float32 [m, dim] (or a list, as X), items with or without
    rating; a sample of them shows how the library hangs together. space: the embedding space's name.
    progress(fraction, words, figures=None) is called now and then; it may leave out figures, a dict with the `mae` and
    `spearman` that are known so far, out of fold, and `n`. It may raise Enough (telling.py): then what is ready is
    finished, with its report, without the curve, and `report["stopped"]` is True; anything else it raises cancels.

    Raises ValueError where shapes disagree, a value is not finite or a rating is outside 0..10.
    """
    spaces, y, groups = _checked(X, y, groups)
    unrated = _library(library, spaces)
    tell = Telling(progress)
    about = {"dim": sum(X.shape[1] for X in spaces), "space": space, "n": len(y), "seed": seed,
             "created": datetime.now(UTC).isoformat(timespec="seconds")}
    with one_thread(), threadpool_limits(1, user_api="blas"):
        units = folds.units_of(len(y), groups)
        if len(y) >= FEWEST:
            units = folds.join_alike(units, side_by_side(spaces))
        known = Known.of(spaces, units, seed)
        problem = _problem(y, units)
        if problem:
            return Evaluator(_average(y, spaces), known, too_few(y, problem), {"kernels": []}, **about)
        predictors, said, found = _learn(spaces, y, seed, units, groups is not None, unrated, tell)
    return Evaluator(predictors, known, said, found, **about)


def _learn(spaces: list[np.ndarray], y: np.ndarray, seed: int, units: np.ndarray, named: bool,
           unrated: list[np.ndarray | None], tell: Telling) -> tuple[tuple[Predictor, ...], dict, dict]:
    """(predictors, report, hyperparameters) of ratings that differ."""
    exact, many = len(y) <= EXACT, int(units.max()) + 1
    grouped = many < (1 - GROUPED) * len(y)
    number = many if many <= folds.ALONE else folds.FOLDS if exact else large.FOLDS
    place = folds.assign(units, number, seed)
    order = np.argsort(place, kind="stable")  # folds become slices
    spaces, y, units = [X[order] for X in spaces], y[order], units[order]
    bounds = np.searchsorted(place[order], np.arange(number + 1)).tolist()
    geometries = [Geometry.of(X, seed, more) for X, more in zip(spaces, unrated, strict=True)]
    ways = candidates(len(spaces), [i for i, g in enumerate(geometries) if g.graph is not None])
    method = closed_form if exact else large
    tell(0.0, "Comparing what you rated")
    splits, whole, solved = method.splits(spaces, y, bounds, grouped, geometries, ways, seed,
                                          lambda part, ready: tell(0.7 * part, "Hiding some ratings, guessing them",
                                                                   _so_far(y, ready, grouped, tell)))
    ways = ways[:len(whole.errors)]
    choice = choose(whole, y, grouped)
    tell(0.7, "Putting the guesses together")
    predictors = tuple(method.finish(solved, choice))
    tell(0.8, "Measuring on ratings it had not seen")
    others = {"mean": baselines.average(y, splits), "median": baselines.median(y, splits),
              "ridge": baselines.ridge(y, splits),
              "knn": baselines.nearest(side_by_side(spaces), y, splits, grouped=grouped, seed=seed)}
    if named and many < len(y):
        others["group"] = baselines.of_group(y, units)
    said = report(y, out_of_fold(y, splits, grouped), others, folds=number, seed=seed, units=units)
    tell(0.9, "Asking what more ratings would bring")
    curve = None if tell.enough else learning_curve(spaces, y, units, geometries, said, seed)
    stopped = tell.enough  # what is said last can stop nothing any more
    tell(1.0, said["sentence"], {figure: said[figure]["value"] for figure in ("mae", "spearman")} | {"n": len(y)})
    return (predictors, said | {"curve": curve, "units": many, "stopped": stopped},
            _hyperparameters(choice, ways, geometries))


def _so_far(y: np.ndarray, ready: list[Split], grouped: bool, tell: Telling) -> dict[str, float] | None:
    """Figures of what is ready, as honest as those of the report; None for who wants none."""
    if not tell.wants_figures or len(ready[0].candidates) < 2:
        return None
    guess, once = out_of_fold(y, ready, grouped), np.ones((len(y), 1))
    return {"mae": float(metrics.mae(y, guess.mean, once)[0]), "n": len(y),
            "spearman": float(metrics.spearman(y, np.round(guess.ordering(), 9), once)[0])}


def out_of_fold(y: np.ndarray, splits: list[Split], grouped: bool) -> baselines.Guesses:
    """Guesses for each fold by an evaluator whose every choice was made without that fold."""
    mean, spread = np.empty(len(y)), np.empty(len(y))
    for split in splits:
        rows = split.fold
        mean[rows], spread[rows] = choose(split, y, grouped).guess(y[rows], split.errors[:, rows],
                                                                   split.variances[:, rows])
    return baselines.Guesses.around(mean, NORMAL * spread, baselines.centres(y, splits))


def _checked(X: Vectors, y: np.ndarray, groups: np.ndarray | None) -> tuple[list[np.ndarray], np.ndarray,
                                                                          np.ndarray | None]:
    spaces = [np.ascontiguousarray(rows, np.float32) for rows in (X if isinstance(X, list | tuple) else [X])]
    y = np.asarray(y, np.float64)
    if not spaces or any(rows.ndim != 2 or y.shape != rows.shape[:1] for rows in spaces):
        raise ValueError(f"embeddings [n, dim] and ratings [n] are needed, not {[r.shape for r in spaces]} and {y.shape}")
    if not all(np.isfinite(rows).all() for rows in spaces) or not np.isfinite(y).all():
        raise ValueError("an embedding or a rating is not a finite number")
    if len(y) and (y.min() < 0 or y.max() > 10):
        raise ValueError("ratings must lie between 0 and 10")
    if groups is not None:
        groups = np.asarray(groups)
        if groups.shape != y.shape or groups.dtype.kind not in "iu":
            raise ValueError("groups must be one whole number per rating")
        groups = np.maximum(groups.astype(np.int64), -1)
    return spaces, y, groups


def _library(library: Vectors | None, spaces: list[np.ndarray]) -> list[np.ndarray | None]:
    """The library's vectors in each space, or None for each."""
    if library is None:
        return [None] * len(spaces)
    found = [np.asarray(rows) for rows in (library if isinstance(library, list | tuple) else [library])]
    if [rows.shape[1:] for rows in found] != [rows.shape[1:] for rows in spaces]:
        raise ValueError("the library must lie in the same embedding spaces as what was rated")
    return found


def _problem(y: np.ndarray, units: np.ndarray) -> str:
    """Why nothing can be learned yet, in words; empty if something can."""
    if len(y) < FEWEST:
        return f"Only {len(y)} of the {FEWEST} ratings that are needed to learn anything."
    if y.min() == y.max():
        return f"All {len(y)} ratings are {y[0]:g}: there is no difference to learn from."
    if units.max() + 1 < FEWEST:
        return f"The {len(y)} ratings belong to fewer than {FEWEST} groups: too alike to learn from."
    return ""


def _average(y: np.ndarray, spaces: list[np.ndarray]) -> tuple[Predictor, ...]:
    """Guess the average, drawn to MIDDLE by the weight of one rating, with a spread of someone barely known."""
    mean = (MIDDLE + y.sum()) / (1 + len(y))
    variance = (2 * PRIOR_WEIGHT * PRIOR_VARIANCE + ((y - mean) ** 2).sum()) / (PRIOR_WEIGHT + len(y))
    first, *rest = [X.shape[1] for X in spaces]
    return (Predictor.constant(first, mean, float(variance) * (1 + 1 / (1 + len(y)))),
            *(Predictor.constant(dim, 0, 0) for dim in rest))


def _hyperparameters(choice: Choice, ways: Sequence[Candidate], geometries: list[Geometry]) -> dict[str, Any]:
    used = [{"kernel": c.kernel, "space": c.space, "shrinkage": c.shrinkage, "weight": float(w),
             "signal_sd": float(np.sqrt(s))}
            for c, w, s in zip(ways, choice.weights, choice.scales, strict=True) if w > 0]
    return {"kernels": used, "widths": [g.width for g in geometries], "width": geometries[0].width,
            "interval_factor": choice.factor, "boldness": choice.boldness, "shift": choice.shift}
