"""How much each candidate is believed, how boldly, and how wide its intervals must be: from training rows alone."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flaskr.evaluator.kernels import CANDIDATES, FLAT, NARROW, Candidate

COVERAGE = 0.8
NORMAL = 1.2815515655446004  # a normal interval of mean +- NORMAL sd covers 80 %
PRIOR_WEIGHT, PRIOR_VARIANCE = 2.0, 4.0  # before any rating: ratings vary by 4 points^2, worth two ratings
NEGLIGIBLE = 0.02  # candidates believed less than this are dropped: they cost time in predict
TEMPER = 0.5  # belief grows with the root of the likelihood: a mix of alike candidates beats the winner (measured)
PRIORS = {FLAT: 5.0, NARROW: 4.0}  # the average counts as a kernel with all its shrinkages; one width is usual
CURIOUS = 0.05  # belief that taste always keeps, so that there is an order even where nothing is certain
DOUBT = 1.645  # standard errors that a gain must exceed before it is acted upon: one in twenty does so by luck
STEEP = 4  # how soon doubt fades above that
TIMID = 0.03  # boldness that is always left, for the order's sake
MEDIAN_PRIOR = 10  # ratings that speak for not moving the average to the median


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
    candidates: Sequence[Candidate] = CANDIDATES

    @classmethod
    def empty(cls, candidates: Sequence[Candidate], n: int, fold: slice) -> Split:
        C = len(candidates)
        return cls(np.zeros((C, n)), np.ones((C, n)), np.zeros(C), fold, candidates)

    def first(self, count: int) -> Split:
        """The same of the first `count` candidates alone."""
        return Split(self.errors[:count], self.variances[:count], self.evidence[:count], self.fold, self.candidates[:count])

    def rest(self) -> np.ndarray:
        """Indices of the training rows."""
        return np.delete(np.arange(self.errors.shape[1]), self.fold)


@dataclass(frozen=True)
class Choice:
    """weights: [C], sum 1. scales: [C], signal variance in points^2. factor: widens intervals to what was seen.
    boldness: 0..1, how far guesses may depart from the average; shift: points added to all of them."""

    weights: np.ndarray
    scales: np.ndarray
    factor: float
    boldness: float = 1.0
    shift: float = 0.0

    def guess(self, y: np.ndarray, errors: np.ndarray, variances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mean, spread) of rows with ratings y [m] from candidates' errors and variances [C, m]; errors[0] is that
        of the average."""
        average, bold = y - errors[0], y - self.weights @ errors
        mean = average + self.boldness * (bold - average) + self.shift
        return np.clip(mean, 0, 10), self.factor * np.sqrt((self.weights * self.scales) @ variances)


def log_evidence(logdet: float, quadratic: float, n: int, shrinkage: float) -> float:
    """Log marginal likelihood of n ratings up to a constant, signal variance integrated out (normal-inverse-gamma:
    Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution", section 6)."""
    floor = PRIOR_WEIGHT * PRIOR_VARIANCE / (1 + shrinkage)
    return 0.5 * (-logdet + PRIOR_WEIGHT * np.log(floor) - (n + PRIOR_WEIGHT) * np.log(quadratic + floor))


def choose(split: Split, y: np.ndarray, grouped: bool) -> Choice:
    """Weigh the candidates by what they say of the training rows of `split` (all rows if its fold is empty).

    Weights are a tempered softmax of the mean of two log likelihoods: of each row given all others (leave-one-out,
    robust to a wrong kernel; Yao et al. 2018, "Using stacking to average Bayesian predictive distributions") and of
    all rows at once (evidence, the steadier one on noise). With groups only the first, since rows of a group are not
    independent. Least-squares stacking with non-negative weights was worse (measured: the wiki's decision page).

    Then the mix earns its boldness, and a move towards the median, by the absolute error saved on the same rows.
    """
    rest = split.rest()
    errors, variances, truth = split.errors[:, rest], split.variances[:, rest], y[rest]
    weights, scales = _believed(split, errors, variances, grouped)
    average, bold = truth - errors[0], truth - weights @ errors
    boldness = earned(np.abs(truth - average) - np.abs(truth - bold), TIMID)
    missed = truth - average - boldness * (bold - average)
    shift, alone = _median(missed)
    shift *= earned(np.abs(missed) - np.abs(missed - alone), 0.0)
    choice = Choice(weights, scales, 1.0, boldness, shift)
    mean, spread = choice.guess(truth, errors, variances)
    return Choice(weights, scales, conformal(np.abs(truth - mean) / spread) / NORMAL, boldness, shift)


def _believed(split: Split, errors: np.ndarray, variances: np.ndarray, grouped: bool) -> tuple[np.ndarray, np.ndarray]:
    """(weights, scales) [C] from the errors and variances [C, m] of training rows."""
    floors = PRIOR_WEIGHT * PRIOR_VARIANCE / (1 + np.array([c.shrinkage for c in split.candidates]))
    scales = ((errors**2 / variances).sum(1) + floors) / (errors.shape[1] + PRIOR_WEIGHT)
    spread2 = variances * scales[:, None]
    density = -0.5 * (np.log(spread2) + errors**2 / spread2).sum(1)
    likelihood = TEMPER * (density if grouped else (density + split.evidence) / 2)
    likelihood += np.log([PRIORS.get(c.kernel, 1.0) for c in split.candidates])
    weights = _softmax(likelihood)
    if weights[0] > 1 - CURIOUS:
        weights = np.concatenate([[1 - CURIOUS], CURIOUS * _softmax(likelihood[1:])])
    taste = weights[1:]
    taste[taste < min(NEGLIGIBLE * taste.sum(), taste.max())] = 0
    return weights / weights.sum(), scales


def earned(gains: np.ndarray, least: float, doubt: float = DOUBT) -> float:
    """How much of a change is made, least..1, that saves `gains` [n] points of error on rows it has not seen: none
    while their mean is within `doubt` standard errors of zero, soon all above (positive-part shrinkage: James and
    Stein 1961). With it one person in fifty or fewer is guessed worse than by their average; without, one in five."""
    error = gains.std(ddof=1) / len(gains) ** 0.5 if len(gains) > 1 else 0.0
    if error < 1e-12:
        return 1.0 if gains.mean() > 1e-12 else least
    return float(max(least, 1 - (doubt / max(gains.mean() / error, doubt)) ** STEEP))


def _median(missed: np.ndarray) -> tuple[float, np.ndarray]:
    """Where guesses should move to be off by least: the median of what they missed [n], drawn to 0; and the same [n]
    for each row without its own help."""
    ordered, n = np.sort(missed), len(missed)
    low, high = ordered[(n - 1) // 2], ordered[n // 2]
    before, after = ordered[max((n - 1) // 2 - 1, 0)], ordered[min(n // 2 + 1, n - 1)]
    if n % 2:
        alone = np.where(missed < low, (low + after) / 2, np.where(missed > low, (before + low) / 2, (before + after) / 2))
    else:
        alone = np.where(missed <= low, high, low)
    trust = n / (n + MEDIAN_PRIOR)
    return float(low + high) / 2 * trust, alone * trust


def conformal(scores: np.ndarray) -> float:
    """The score that a new one stays below with probability COVERAGE (Vovk, Gammerman, Shafer 2005; over left-out
    scores: Barber et al. 2021, "Predictive inference with the jackknife+").

    The exact rank is (n + 1) COVERAGE of n, rounded up. Half a rating is added here, and nothing rounded: left-out
    errors come from one rating less and are a little larger as it is; the exact rank covered 84 % (measured).
    """
    n = len(scores)
    return max(float(np.quantile(scores, min(1.0, COVERAGE * (n + 0.5) / n))), 0.05)


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max())
    return powers / powers.sum()
