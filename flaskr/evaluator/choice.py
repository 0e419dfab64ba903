"""How much each candidate is believed, and how wide its intervals must be: chosen on training rows alone."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flaskr.evaluator.kernels import CANDIDATES, FLAT, SHRINKAGES

COVERAGE = 0.8
NORMAL = 1.2815515655446004  # a normal interval of mean +- NORMAL sd covers 80 %
PRIOR_WEIGHT, PRIOR_VARIANCE = 2.0, 4.0  # before any rating: ratings vary by 4 points^2, worth two ratings
NEGLIGIBLE = 0.01  # candidates believed less than this are dropped: they cost time in predict
_PRIOR = np.array([len(SHRINKAGES) if c.kernel == FLAT else 1 for c in CANDIDATES])  # the average counts as a kernel
_SHRINKAGES = np.array([c.shrinkage for c in CANDIDATES])
_FLOORS = PRIOR_WEIGHT * PRIOR_VARIANCE / (1 + _SHRINKAGES)


@dataclass(frozen=True)
class Split:
    """What each of the C candidates says of each row when the rows of `fold` are unknown.

    errors: [C, n], rating minus guess. variances: [C, n] of that guess in signal variances. Inside `fold` they come
    from training on the rest; outside from leaving out that row (or its fold) as well. evidence: [C], log marginal
    likelihood of the rest.
    """

    errors: np.ndarray
    variances: np.ndarray
    evidence: np.ndarray
    fold: slice

    @classmethod
    def empty(cls, candidates: int, n: int, fold: slice) -> Split:
        return cls(np.zeros((candidates, n)), np.ones((candidates, n)), np.zeros(candidates), fold)

    def rest(self) -> np.ndarray:
        """Indices of the training rows."""
        return np.delete(np.arange(self.errors.shape[1]), self.fold)


@dataclass(frozen=True)
class Choice:
    """weights: [C], sum 1. scales: [C], signal variance in points^2. factor: widens intervals to what was seen."""

    weights: np.ndarray
    scales: np.ndarray
    factor: float

    def guess(self, y: np.ndarray, errors: np.ndarray, variances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mean, spread) of rows with ratings y [m] from candidates' errors and variances [C, m]."""
        mean = np.clip(y - self.weights @ errors, 0, 10)
        return mean, self.factor * np.sqrt((self.weights * self.scales) @ variances)


def log_evidence(logdet: float, quadratic: float, n: int, shrinkage: float) -> float:
    """Log marginal likelihood of n ratings up to a constant, signal variance integrated out (normal-inverse-gamma:
    Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution", section 6)."""
    floor = PRIOR_WEIGHT * PRIOR_VARIANCE / (1 + shrinkage)
    return 0.5 * (-logdet + PRIOR_WEIGHT * np.log(floor) - (n + PRIOR_WEIGHT) * np.log(quadratic + floor))


def choose(split: Split, y: np.ndarray, grouped: bool) -> Choice:
    """Weigh the candidates by what they say of the training rows of `split` (all rows if its fold is empty).

    Weights are a softmax of the mean of two log likelihoods: of each row given all others (leave-one-out, robust to a
    wrong kernel; Yao et al. 2018, "Using stacking to average Bayesian predictive distributions") and of all rows at
    once (evidence, the steadier one on noise). With groups only the first, since rows of a group are not independent.
    A choice by the least error alone was worse on noise and no better elsewhere (measured).
    """
    rest = split.rest()
    errors, variances, truth = split.errors[:, rest], split.variances[:, rest], y[rest]
    n = len(rest)
    scales = ((errors**2 / variances).sum(1) + _FLOORS) / (n + PRIOR_WEIGHT)
    spread2 = variances * scales[:, None]
    density = -0.5 * (np.log(spread2) + errors**2 / spread2).sum(1)
    weights = _softmax(np.log(_PRIOR) + (density if grouped else (density + split.evidence) / 2))
    weights = np.where(weights < min(NEGLIGIBLE, weights.max()), 0, weights)
    choice = Choice(weights / weights.sum(), scales, 1.0)
    mean, spread = choice.guess(truth, errors, variances)
    return Choice(choice.weights, scales, conformal(np.abs(truth - mean) / spread) / NORMAL)


def conformal(scores: np.ndarray) -> float:
    """The score that a new one stays below with probability COVERAGE: the ceil((n + 1) COVERAGE)-th smallest (Vovk,
    Gammerman, Shafer 2005; over leave-one-out scores: Barber et al. 2021, "Predictive inference with the jackknife+").
    """
    rank = min(len(scores), int(np.ceil((len(scores) + 1) * COVERAGE)))
    return max(float(np.partition(scores, rank - 1)[rank - 1]), 0.05)


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max())
    return powers / powers.sum()
