"""From one person's ratings to an evaluator, read top to bottom: look, hide, weigh, measure, keep."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.evaluator import baselines, closed_form, folds, large, metrics
from flaskr.evaluator.choice import NORMAL, PRIOR_VARIANCE, PRIOR_WEIGHT, Choice, Split, choose
from flaskr.evaluator.curve import learning_curve
from flaskr.evaluator.evaluator import Evaluator, Vectors
from flaskr.evaluator.interest import Interest
from flaskr.evaluator.kernels import MIDDLE, Candidate, Geometry, candidates
from flaskr.evaluator.known import Known, side_by_side
from flaskr.evaluator.lens import Lens
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.rated import Rated
from flaskr.evaluator.report import report, too_few
from flaskr.evaluator.telling import Progress, Telling
from flaskr.evaluator.threads import one_thread, share

FEWEST = 5
EXACT = 1500  # ratings up to which one inverse answers everything (closed_form.py); above, steps do (large.py)
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
        predictors, said, found, lenses = _learn(spaces, y, seed, units, groups is not None, unrated, tell)
    return Evaluator(predictors, known, said, found, **about, lenses=lenses)


def _learn(spaces: list[np.ndarray], y: np.ndarray, seed: int, units: np.ndarray, named: bool,
           unrated: list[np.ndarray | None], tell: Telling) -> tuple[tuple[Predictor, ...], dict, dict, tuple[Lens, ...]]:
    """(predictors, report, hyperparameters, lenses) of ratings that differ."""
    exact, many = len(y) <= EXACT, int(units.max()) + 1
    number = min(many, large.FOLDS) if not exact else many if many <= folds.ALONE else folds.FOLDS
    place = folds.assign(units, number, seed)
    order = np.argsort(place, kind="stable")
    spaces, y, units = [X[order] for X in spaces], y[order], units[order]
    ready = prepared(spaces, y, place[order], many < (1 - GROUPED) * len(y), unrated, seed)
    known, method = ready.known, closed_form if exact else large
    tell(0.0, "Comparing what you rated")
    splits, whole, solved = method.splits(known, ready.geometries, ready.ways, seed,
                                          lambda part, found: tell(0.7 * part, "Hiding some ratings, guessing them",
                                                                   _so_far(known, found, tell)))
    choice = choose(whole, y, known.grouped)
    tell(0.7, "Putting the guesses together")
    predictors = tuple(method.finish(solved, choice, ready.interest))
    tell(0.8, "Measuring on ratings it had not seen")
    others = {"mean": baselines.average(y, splits), "median": baselines.median(y, splits),
              "ridge": baselines.ridge(y, splits),
              "knn": baselines.nearest(side_by_side(spaces), y, splits, grouped=known.grouped, seed=seed)}
    if named and many < len(y):
        others["group"] = baselines.of_group(y, units)
    said = report(y, out_of_fold(known, splits), others, folds=number, seed=seed, units=units)
    tell(0.9, "Asking what more ratings would bring")
    curve = None if tell.enough else learning_curve(spaces, y, units, ready.geometries[:len(spaces)], said, seed)
    stopped = tell.enough  # what is said last can stop nothing any more
    tell(1.0, said["sentence"], {figure: said[figure]["value"] for figure in ("mae", "spearman")} | {"n": len(y)})
    return (predictors, said | {"curve": curve, "units": many, "stopped": stopped},
            _hyperparameters(choice, ready.ways[:len(whole.errors)], solved.geometries), ready.lenses or solved.lenses)


@dataclass(frozen=True)
class Ready:
    """What is compared, and the ways to guess from it; interest: of each item, or None."""

    known: Rated
    geometries: list[Geometry]
    lenses: tuple[Lens, ...]
    interest: Interest | None
    ways: tuple[Candidate, ...]


def prepared(spaces: list[np.ndarray], y: np.ndarray, place: np.ndarray, grouped: bool,
             unrated: list[np.ndarray | None], seed: int) -> Ready:
    """From rows sorted by fold (place: int [n], ascending): all that is made of vectors alone. unrated: the library in each
    space, or None. Above EXACT ratings these say it all: interest and lenses are left out."""
    looks = [partial(Geometry.of, X, seed, more) for X, more in zip(spaces, unrated, strict=True)]
    if len(y) <= EXACT:
        shown = [(space, more) for space, more in enumerate(unrated) if more is not None]
        looks += [partial(Lens.of, more, space, seed) for space, more in shown]
        looks += [partial(Interest.of, spaces[0], unrated[0], place, seed)] if shown and shown[0][0] == 0 else []
    found = list(share(lambda look: look(), looks, len(y)))
    geometries = [one for one in found if isinstance(one, Geometry)]
    lenses = tuple(one for one in found if isinstance(one, Lens))
    interest = next((one for one in found if isinstance(one, Interest)), None)
    seen = [lens(spaces[lens.space]) for lens in lenses]
    bounds = np.flatnonzero(np.diff(place, prepend=-1, append=place[-1] + 1)).tolist()
    known = Rated([*spaces, *seen], y, bounds, grouped, None if interest is None else interest.rows)
    ways = candidates(len(spaces), [i for i, g in enumerate(geometries) if g.graph is not None], len(lenses), len(y) > EXACT)
    return Ready(known, [*geometries, *(Geometry.of(X, seed) for X in seen)], lenses, interest, ways)


def _so_far(known: Rated, ready: list[Split], tell: Telling) -> dict[str, float] | None:
    """Figures of what is ready, as honest as those of the report; None for who wants none."""
    if not tell.wants_figures or len(ready[0].candidates) < 2:
        return None
    y, guess, once = known.y, out_of_fold(known, ready), np.ones((len(known.y), 1))
    return {"mae": float(metrics.mae(y, guess.mean, once)[0]), "n": len(y),
            "spearman": float(metrics.spearman(y, np.round(guess.ordering(), 9), once)[0])}


def out_of_fold(known: Rated, splits: list[Split]) -> baselines.Guesses:
    """Guesses for each fold by an evaluator whose every choice was made without that fold."""
    mean, spread = hidden(known, splits)
    return baselines.Guesses.around(mean, NORMAL * spread, baselines.centres(known.y, splits))


def hidden(known: Rated, splits: list[Split]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, spread) [n] of each fold, guessed likewise."""
    mean, spread = np.empty(len(known.y)), np.empty(len(known.y))
    for split in splits:
        rows = split.fold
        mean[rows], spread[rows] = choose(split, known.y, known.grouped).guess(known.y[rows], split, rows)
    return mean, spread


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
    if not all(np.isfinite(rows).all() for rows in found):
        raise ValueError("an embedding of the library is not a finite number")
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
            "interval_factor": choice.factor, "boldness": choice.boldness, "shift": choice.shift, "interest": choice.slope}
