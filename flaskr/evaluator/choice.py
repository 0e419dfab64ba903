"""How much each candidate is believed, how boldly, and how wide its intervals must be: from training rows alone."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from flaskr.evaluator.kernels import CANDIDATES, CLOSE, FLAT, GRAPH, LEARNED, LINEAR, NARROW, SMOOTH, Candidate

COVERAGE = 0.8
NORMAL = 1.2815515655446004  # a normal interval of mean +- NORMAL sd covers 80 %
PRIOR_WEIGHT, PRIOR_VARIANCE = 2.0, 4.0  # before any rating: ratings vary by 4 points^2, worth two ratings
NEGLIGIBLE = 0.02  # candidates believed less than this are dropped: they cost time in predict
STACKED = 1000  # ratings above which the mix is the one that misses least on left-out ones: by then that can be told (measured)
TEMPER = 0.5  # belief grows with the root of the likelihood: a mix of alike candidates beats the winner (measured)
PRIORS = {FLAT: 5.0, NARROW: 6.0, CLOSE: 4.0, SMOOTH: 3.0, LEARNED: 1.0, LINEAR: 0.3, GRAPH: 0.3}  # real tastes are so wide
CURIOUS = 0.05  # belief that taste always keeps, so that there is an order even where nothing is certain
DOUBT = 1.645  # standard errors that a gain must exceed before it is acted upon: one in twenty does so by luck
MEDIAN_DOUBT = 1.3  # ... of a step to the median, which costs less where it is wrong
STEEP = 4  # how soon doubt fades above that
TIMID = 0.005  # boldness that is always left: too little to be off by, enough for an order
MEDIAN_PRIOR = 10  # ratings that speak for not moving the average to the median
SLOPE = 0.04  # standard deviations of the ratings that one of interest is worth, give or take as much again (measured)
EDGE = 0.05  # by which the end of an interval is blurred: ratings are steps, and many lie just at it


@dataclass(frozen=True)
class Split:
    """What each of the C candidates says of each row when the rows of `fold` are unknown.

    errors: [C, n], rating minus guess. variances: [C, n] of that guess in signal variances. Inside `fold` they come
    from training on the rest; outside from leaving out that row (or its fold) as well. evidence: [C], log marginal
    likelihood of the rest. interest: [C, n] or None, the errors if not ratings but interest (interest.py) were guessed:
    what of it the candidate does not know by itself.
    """

    errors: np.ndarray
    variances: np.ndarray
    evidence: np.ndarray
    fold: slice
    candidates: Sequence[Candidate] = CANDIDATES
    interest: np.ndarray | None = None

    @classmethod
    def empty(cls, candidates: Sequence[Candidate], n: int, fold: slice, interest: bool = False) -> Split:
        C = len(candidates)
        return cls(np.zeros((C, n)), np.ones((C, n)), np.zeros(C), fold, candidates, np.zeros((C, n)) if interest else None)

    def first(self, count: int) -> Split:
        """The same of the first `count` candidates alone."""
        return Split(self.errors[:count], self.variances[:count], self.evidence[:count], self.fold, self.candidates[:count],
                     None if self.interest is None else self.interest[:count])

    def copy(self, other: Split, rows: slice) -> None:
        """Say of `rows` what the other says."""
        self.errors[:, rows], self.variances[:, rows] = other.errors[:, rows], other.variances[:, rows]
        if self.interest is not None:
            self.interest[:, rows] = other.interest[:, rows]

    def rest(self) -> np.ndarray:
        """Indices of the training rows."""
        return np.delete(np.arange(self.errors.shape[1]), self.fold)


@dataclass(frozen=True)
class Choice:
    """weights: [C], sum 1. scales: [C], signal variance in points^2. factor: widens intervals to what was seen.
    boldness: 0..1, how far guesses may depart from the average; shift: points added to all of them; slope: points that a
    unit of interest is worth."""

    weights: np.ndarray
    scales: np.ndarray
    factor: float
    boldness: float = 1.0
    shift: float = 0.0
    slope: float = 0.0

    def guess(self, y: np.ndarray, split: Split, rows: slice | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mean, spread) of `rows` of a split with ratings y [m]."""
        average, bold = y - split.errors[0, rows], y - self.errors(split, rows)
        mean = average + self.boldness * (bold - average) + self.shift
        return np.clip(mean, 0, 10), self.factor * np.sqrt((self.weights * self.scales) @ split.variances[:, rows])

    def errors(self, split: Split, rows: slice | np.ndarray) -> np.ndarray:
        """What the mix misses [m] in `rows`, guessing boldly."""
        missed = self.weights @ split.errors[:, rows]
        return missed if split.interest is None else missed - self.slope * (self.weights @ split.interest[:, rows])


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
    independent. Above STACKED ratings weights are those of the mix that misses least (stacking: Breiman 1996); with fewer that
    is luck, with more the likelihood believes one candidate alone, and not the best one (measured: the wiki's decision page).

    Interest is worth what is usual, corrected by these rows. Then the mix earns its boldness, and a move towards the
    median, by the absolute error saved on the same rows.
    """
    rest, truth = split.rest(), y[split.rest()]
    weights, scales = _believed(split, split.errors[:, rest], split.variances[:, rest], grouped)
    mix = Choice(weights, scales, 1.0, slope=_slope(split, rest, weights, truth))
    average, bold = truth - split.errors[0, rest], truth - mix.errors(split, rest)
    boldness = earned(np.abs(truth - average) - np.abs(truth - bold), TIMID)
    missed = truth - average - boldness * (bold - average)
    shift, alone = _median(missed)
    shift *= earned(np.abs(missed) - np.abs(missed - alone), 0.0, MEDIAN_DOUBT)
    mix = replace(mix, boldness=boldness, shift=shift)
    mean, spread = mix.guess(truth, split, rest)
    return replace(mix, factor=conformal(np.abs(truth - mean) / spread) / NORMAL)


def _slope(split: Split, rest: np.ndarray, weights: np.ndarray, truth: np.ndarray) -> float:
    """Points per unit of interest: the usual worth, moved by what it explains of the errors left here (Bayesian linear
    regression with one coefficient)."""
    if split.interest is None:
        return 0.0
    usual = SLOPE * max(float(truth.std()), 0.1)
    left, known = weights @ split.errors[:, rest], weights @ split.interest[:, rest]
    noise = max(float(np.mean((left - usual * known) ** 2)), 1e-6)
    return float((known @ left / noise + 1 / usual) / (known @ known / noise + usual**-2))


def _believed(split: Split, errors: np.ndarray, variances: np.ndarray, grouped: bool) -> tuple[np.ndarray, np.ndarray]:
    """(weights, scales) [C] from the errors and variances [C, m] of training rows."""
    floors = PRIOR_WEIGHT * PRIOR_VARIANCE / (1 + np.array([c.shrinkage for c in split.candidates]))
    scales = ((errors**2 / variances).sum(1) + floors) / (errors.shape[1] + PRIOR_WEIGHT)
    spread2 = variances * scales[:, None]
    density = -0.5 * (np.log(spread2) + errors**2 / spread2).sum(1)
    likelihood = TEMPER * (density if grouped else (density + split.evidence) / 2)
    likelihood += np.log([PRIORS.get(c.kernel, 1.0) for c in split.candidates])
    weights = _stacked(errors) if split.errors.shape[1] > STACKED else _softmax(likelihood)
    if weights[0] > 1 - CURIOUS:
        weights = np.concatenate([[1 - CURIOUS], CURIOUS * _softmax(likelihood[1:])])
    taste = weights[1:]
    taste[taste < min(NEGLIGIBLE * taste.sum(), taste.max())] = 0
    return weights / weights.sum(), scales


def _stacked(errors: np.ndarray) -> np.ndarray:
    """Weights [C], not negative, sum 1, of the mix with the least squared error on rows [C, m] (from their Gram matrix)."""
    from scipy.optimize import nnls

    gram = errors @ errors.T / errors.shape[1]
    size = float(np.trace(gram)) / len(gram)
    root = np.linalg.cholesky(gram / size + 1e-9 * np.eye(len(gram)))
    one = np.full((1, len(gram)), 1e3)  # a thousand times as weighty as the errors: the sum is 1
    weights, _ = nnls(np.concatenate([root.T, one]), np.append(np.zeros(len(gram)), one[0, 0]))
    return weights / weights.sum()


def earned(gains: np.ndarray, least: float, doubt: float = DOUBT) -> float:
    """How much of a change is made, least..1, that saves `gains` [n] points of error on rows it has not seen: none
    while their mean is within `doubt` standard errors of zero, soon all above (positive-part shrinkage: James and
    Stein 1961). With it one person in a hundred, on some data four, is guessed worse than by their average by more than
    1 %; without, one in five."""
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

    Ratings are steps, so many scores are nearly equal, and an end that lies exactly at them takes in all of them: 84 % were
    covered. Each score is therefore blurred by EDGE, and the end falls beyond such a heap or before it, whichever is
    nearer. Nothing is added for a new one: left-out errors come from one rating less and are a little larger as it is.
    """
    blurred = scores[:, None] * np.linspace(1 - EDGE, 1 + EDGE, 9)
    return max(float(np.quantile(blurred, COVERAGE)), 0.05)


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max())
    return powers / powers.sum()
