"""What is shown of an item: its medium's own guess and the universal one, each as far as it has proved itself."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from flaskr.evaluator import metrics
from flaskr.evaluator.blind import Blind
from flaskr.evaluator.choice import NORMAL, conformal, earned

LEAST = 0.02  # weight below which the universal guess is not asked: it costs time
PRIOR = 10  # ratings that speak for leaving the own guess as it is
FREE = 0.1  # points by which the universal guess may always move the own one for the order's sake: no error to speak of
USUAL, TRUST = 0.1, 20  # correlation that is expected of either before any rating, and the ratings which that is worth
FEW = 4  # ratings that weigh as much as the universal guess, where a medium has no evaluator of its own


@dataclass(frozen=True)
class Blend:
    """guess = level + own (own guess - level) + universal (universal guess - centre), in points.

    own, universal: weights, 0..1. level: the average of the medium's ratings; centre: the average of what the
    universal evaluator guesses for the same items. factor: by what the spread is multiplied to keep its word.
    """

    own: float = 1.0
    universal: float = 0.0
    level: float = 0.0
    centre: float = 0.0
    factor: float = 1.0

    @property
    def alone(self) -> bool:
        """Whether only the own guess counts."""
        return self.universal == 0

    def __call__(self, own: tuple[np.ndarray, np.ndarray] | None,
                 universal: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """(mean, spread), [m] each, of (mean, spread) by both; `own` None where the medium has no evaluator."""
        mean = self.level + self.universal * (universal[0] - self.centre)
        variance, total = self.universal * np.square(universal[1]), self.universal
        if own is not None:
            mean = mean + self.own * (own[0] - self.level)
            variance, total = variance + self.own * np.square(own[1]), total + self.own
        return np.clip(mean, 0, 10), self.factor * np.sqrt(variance / max(total, 1e-9))

    def as_dict(self) -> dict[str, float]:
        return {name: round(float(value), 6) for name, value in asdict(self).items()}


OWN = Blend()


def weigh(y: np.ndarray, own: Blind, universal: Blind) -> Blend:
    """The blend that ratings y [n] speak for, given what both evaluators said of them without having seen them.

    Weights by least squares, not negative (stacking: Breiman 1996), drawn to the own guess by the weight of PRIOR
    ratings; then only as much of the step is made as its gain exceeds chance (choice.earned), so that with nothing to
    gain the own guess stands as it is. But where that is timid, all but flat, the universal guess may help to order (_free).
    """
    from scipy.optimize import nnls

    level, centre = float(y.mean()), float(universal.mean.mean())
    deviations = np.stack([own.mean - own.centre, universal.mean - centre], axis=1)
    sizes = np.sqrt(PRIOR / len(y)) * np.sqrt(np.square(deviations).sum(0))
    left = np.concatenate([deviations, np.diag(sizes)])
    weights, _ = nnls(left, np.concatenate([y - own.centre, [sizes[0], 0.0]]))
    a, b = np.minimum(weights, 1.0)
    stacked = np.clip(own.centre + deviations @ np.array([a, b]), 0, 10)
    share = earned(np.abs(y - own.mean) - np.abs(y - stacked), 0.0)
    b = max(share * b, _free(y - own.centre, *deviations.T))
    if b < LEAST:
        return OWN
    blend = Blend(1 - share * (1 - a), b, level, centre)
    mean, spread = _around(blend, own, universal)
    return Blend(blend.own, blend.universal, level, centre, conformal(np.abs(y - mean) / spread) / NORMAL)


def _free(missed: np.ndarray, own: np.ndarray, universal: np.ndarray) -> float:
    """The weight of the universal guess that costs no error but may better the order, all [n] around their averages.

    Standardised, two guesses are mixed best in proportion to their correlations with the truth; these are drawn to USUAL by
    the weight of TRUST ratings. The result moves guesses by FREE points at most, usually; where the own guess is bolder than
    that it is worth its order, and nothing is added (measured: benchmarks.universal).
    """
    sizes, n = (float(own.std()), float(universal.std())), len(missed)
    if sizes[1] < 1e-9:
        return 0.0
    told = [(n * _correlation(missed, one) + TRUST * USUAL) / (n + TRUST) for one in (own, universal)]
    moved = min(FREE, sizes[0] * told[1] / max(told[0], 0.02))
    return moved / sizes[1] if moved > sizes[0] / 2 else 0.0


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 1e-9 else 0.0


def few(y: np.ndarray, universal: Blind | None) -> Blend:
    """The universal guess alone, for a medium with too few ratings y [n] (perhaps none) for an evaluator of its own: it
    is moved towards them, the less the fewer there are."""
    shift = float((y - universal.mean).sum() / (len(y) + FEW)) if universal is not None and len(y) else 0.0
    return Blend(0.0, 1.0, shift, 0.0)


def blended(y: np.ndarray, own: Blind, universal: Blind, place: np.ndarray) -> Blind:
    """What the blend says of each row when its weights, too, come from the other folds (place: int [n]) only."""
    mean, spread = own.mean.copy(), own.spread.copy()
    for fold in np.unique(place):
        hidden, rest = place == fold, np.flatnonzero(place != fold)
        blend = weigh(y[rest], own.of(rest), universal.of(rest))
        if not blend.alone:
            there = np.flatnonzero(hidden)
            mean[there], spread[there] = _around(blend, own.of(there), universal.of(there))
    return Blind(mean, spread, own.centre)


def gains(y: np.ndarray, ours: Blind, other: Blind, units: np.ndarray, seed: int = 0) -> dict[str, Any]:
    """By how much `ours` is better than `other` on ratings y [n]: {"mae", "spearman"}, each {"value", "low", "high"} (95 %
    bootstrap over units, both on the same resamples); above 0 is better."""
    codes = np.unique(units, return_inverse=True)[1]
    drawn = np.concatenate(metrics.resamples(codes, seed), axis=1)
    said = {}
    for name, figure in (("mae", _closer), ("spearman", _ordered)):
        values = [figure(y, ours, counts) - figure(y, other, counts) for counts in (np.ones((len(y), 1)), drawn)]
        low, high = metrics.interval(values[1], int(codes.max()) + 1)
        said[name] = {"value": float(values[0][0]), "low": low, "high": high}
    return said


def constant(value: Blind) -> Blind:
    """The guess that never looks at the item: the average of what the same evaluator learned from."""
    return Blind(value.centre, value.spread, value.centre)


def read(said: Mapping[str, Any]) -> Blend:
    """What as_dict wrote."""
    return Blend(**{name: float(said[name]) for name in ("own", "universal", "level", "centre", "factor")})


def _around(blend: Blend, own: Blind, universal: Blind) -> tuple[np.ndarray, np.ndarray]:
    """As calling it, but each row around the average of its own fold's training rows, as a guess without it would be."""
    mean, spread = blend((own.mean - own.centre + blend.level, own.spread), (universal.mean, universal.spread))
    return np.clip(mean - blend.level + own.centre, 0, 10), spread


def _closer(y: np.ndarray, guess: Blind, counts: np.ndarray) -> np.ndarray:
    return -metrics.mae(y, guess.mean, counts)


def _ordered(y: np.ndarray, guess: Blind, counts: np.ndarray) -> np.ndarray:
    return metrics.spearman(y, np.round(guess.mean - guess.centre, 9), counts)
