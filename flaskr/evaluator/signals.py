"""What plays say beside the ratings: a small head of its own that counts as far as ratings have proved it right."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flaskr.evaluator.choice import earned

PLAYS, SKIPS, DWELL = "plays", "skips", "dwell"
SIGNS = {PLAYS: 1.0, SKIPS: -1.0, DWELL: 1.0}  # to be heard to the end may only speak for an item, to be skipped against
PRIOR = 10  # ratings that speak for hearing nothing in them
LEAST = 10  # rated items with signals below which nothing is said
MOST = 3.0  # points by which signals may move a guess


@dataclass(frozen=True)
class Heard:
    """What was done with n items: finished, skipped: [n] counts; share: [n], how much of it was heard on average, 0..1
    (NaN where that is not known)."""

    finished: np.ndarray
    skipped: np.ndarray
    share: np.ndarray

    def there(self) -> np.ndarray:
        """Whether anything was recorded, bool [n]."""
        return (self.finished + self.skipped > 0) | np.isfinite(self.share)

    def columns(self, names: Sequence[str]) -> np.ndarray:
        """float [n, len(names)]; counts as logarithms: the tenth play says less than the second."""
        found = {PLAYS: np.log1p(self.finished), SKIPS: np.log1p(self.skipped), DWELL: self.share}
        return np.stack([found[name] for name in names], axis=1) if names else np.zeros((len(self.finished), 0))


@dataclass(frozen=True)
class Head:
    """move = share x sum of weights (column - centre), 0 where nothing was recorded. share: 0..1, what validation
    allowed. saved: points of error on hidden ratings that it saves (or would, if it were used); n: what it was validated on."""

    names: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    centres: tuple[float, ...] = ()
    share: float = 0.0
    saved: float = 0.0
    n: int = 0

    def __call__(self, heard: Heard) -> np.ndarray:
        """Points by which each guess moves, [n]."""
        if not self.share or not self.names:
            return np.zeros(len(heard.finished))
        columns = heard.columns(self.names) - np.array(self.centres)
        move = self.share * np.where(np.isfinite(columns), columns, 0) @ np.array(self.weights)
        return np.where(heard.there(), np.clip(move, -MOST, MOST), 0)

    def as_dict(self) -> dict[str, Any]:
        return {"names": list(self.names), "weights": [round(w, 5) for w in self.weights],
                "centres": [round(c, 5) for c in self.centres], "share": round(self.share, 5),
                "saved": round(self.saved, 5), "n": self.n}


def read(said: Mapping[str, Any] | None) -> Head:
    """What as_dict wrote; a head that says nothing where there is none."""
    if not said:
        return Head()
    return Head(tuple(said["names"]), tuple(said["weights"]), tuple(said["centres"]), said["share"], said["saved"], said["n"])


def listen(y: np.ndarray, guess: np.ndarray, heard: Heard, names: Sequence[str], place: np.ndarray) -> Head:
    """The head that ratings y [n] allow, given `guess` [n] that was made without seeing them and what had been recorded
    of the items before they were rated.

    Weights by non-negative least squares on what the guesses missed (each signal with its sign, SIGNS), drawn to 0. Their
    gain is measured on folds (place: int [n]) that they were not learned from, and only the part of it that exceeds
    chance counts: with nothing to gain, share is 0.
    """
    rows = np.flatnonzero(heard.there())
    names = tuple(names)
    if not names or len(rows) < LEAST:
        return Head(names, n=len(rows))
    columns, missed, fold = heard.columns(names)[rows], (y - guess)[rows], place[rows]
    moves = np.zeros(len(rows))
    for one in np.unique(fold):
        hidden = fold == one
        if (~hidden).sum() >= 2:
            weights, centres = _fitted(columns[~hidden], missed[~hidden], names)
            moves[hidden] = _moved(columns[hidden], weights, centres)
    before = np.clip(guess[rows], 0, 10)
    gained = np.abs(y[rows] - before) - np.abs(y[rows] - np.clip(before + np.clip(moves, -MOST, MOST), 0, 10))
    weights, centres = _fitted(columns, missed, names)
    share = earned(gained, 0.0) if weights.any() else 0.0
    return Head(names, tuple(weights.tolist()), tuple(centres.tolist()), share, float(gained.mean()), len(rows))


def _fitted(columns: np.ndarray, missed: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(weights, centres) [k]; what was missed on average belongs to the blend, not to the signals."""
    from scipy.optimize import nnls

    known = np.isfinite(columns)
    centres = np.where(known, columns, 0).sum(0) / np.maximum(known.sum(0), 1)
    signs = np.array([SIGNS[name] for name in names])
    inner = np.where(known, columns - centres, 0) * signs
    sizes = np.sqrt(PRIOR * np.square(inner).mean(0))
    weights, _ = nnls(np.concatenate([inner, np.diag(sizes)]), np.concatenate([missed - missed.mean(), np.zeros(len(signs))]))
    return weights * signs, centres


def _moved(columns: np.ndarray, weights: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(columns), columns - centres, 0) @ weights
