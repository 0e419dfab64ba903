"""Guesses for every rating by an evaluator that had not seen it, in folds that the caller gives."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.evaluator import baselines, closed_form, folds, large
from flaskr.evaluator.fit import EXACT, FEWEST, GROUPED, hidden, prepared
from flaskr.evaluator.threads import one_thread


@dataclass(frozen=True)
class Blind:
    """mean, spread: [n], guessed without the row's fold. centre: [n], the average of what each was guessed from."""

    mean: np.ndarray
    spread: np.ndarray
    centre: np.ndarray

    def of(self, rows: np.ndarray) -> Blind:
        """Of some rows only."""
        return Blind(self.mean[rows], self.spread[rows], self.centre[rows])


def blind(X: np.ndarray, y: np.ndarray, place: np.ndarray, *, units: np.ndarray, seed: int = 0,
          library: np.ndarray | None = None) -> Blind:
    """What the kernels of fit guess of each row when the rows of its fold are hidden, every choice included; no report and
    no predictor. X: float32 [n, dim]; y: [n], not all alike; place: int [n], the fold of each row, two at least; units:
    int [n], rows that belong together (they should lie in one fold); library: as fit's."""
    order = np.argsort(place, kind="stable")
    rows, truth = np.ascontiguousarray(X[order], np.float32), np.asarray(y, np.float64)[order]
    grouped = len(np.unique(units)) < (1 - GROUPED) * len(y)
    method = closed_form if len(y) <= EXACT else large
    with one_thread(), threadpool_limits(1, user_api="blas"):
        ready = prepared([rows], truth, place[order], grouped, [library], seed)
        splits, _, _ = method.splits(ready.known, ready.geometries, ready.ways, seed, lambda part, first: None)
    found = np.empty((3, len(y)))
    found[:, order] = *hidden(ready.known, splits), baselines.centres(truth, splits)
    return Blind(*found)
def learnable(y: np.ndarray, units: np.ndarray) -> bool:
    """Whether there is anything to learn from: enough ratings, not all alike, of enough independent things."""
    return len(y) >= FEWEST and y.min() != y.max() and len(np.unique(units)) >= FEWEST


def places(units: np.ndarray, seed: int = 0) -> np.ndarray:
    """Fold of each row, int [n], as fit would draw them: ten, with fewer units one each; five of very many."""
    codes = np.unique(units, return_inverse=True)[1]
    number = folds.FOLDS if len(units) <= EXACT else large.FOLDS
    return folds.assign(codes, min(number, int(codes.max(initial=0)) + 1), seed)
