"""What more ratings would bring: the same learner on halves, quarters and eighths, and a step beyond what is there."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flaskr.evaluator import metrics
from flaskr.evaluator.choice import Split, choose, log_evidence
from flaskr.evaluator.closed_form import inverse
from flaskr.evaluator.kernels import CLOSE, FLAT, LINEAR, MIDDLE, NARROW, Candidate, Geometry
from flaskr.evaluator.threads import share

if TYPE_CHECKING:
    from torch import Tensor

DRAWS = 4
T_95 = 3.182  # Student's t with DRAWS - 1 degrees of freedom
LARGEST = 400  # ratings that the largest part may have: it is learned from DRAWS times
TESTED = 600  # hidden ratings each part is tested on, at most
FEWEST = 24  # ratings below which there is no curve
WAYS = tuple((kernel, s) for kernel in (LINEAR, NARROW, CLOSE) for s in (0.5, 2.5, 12.0))  # fewer than fit has: time


def learning_curve(spaces: Sequence[np.ndarray], y: np.ndarray, units: np.ndarray, geometries: Sequence[Geometry],
                   now: dict[str, dict[str, float]], seed: int) -> dict[str, Any] | None:
    """{"sizes": [k], "mae": [k], "spearman": [k], "twice": {"n", "mae", "spearman"}} or None with too few ratings.

    Each draw hides a random half (whole units, int [n]), learns from parts of the other half and is tested on the
    hidden one. Errors fall about as a + b / sqrt(size) (Viering and Loog 2023, "The shape of learning curves"), so b says
    what from n to 2n would change: `now` (figures of the report) + b (1 / sqrt(2n) - 1 / sqrt(n)), each {"value", "low",
    "high"} by Student's t over the draws. An extrapolation, no promise.
    """
    n, half = len(y), min(len(y) // 2, LARGEST)
    if n < FEWEST:
        return None
    sizes = sorted({size for size in (half // 4, half // 2, half) if size >= 6})
    rng = np.random.default_rng(seed)
    draws = [_draw(units, half, rng) for _ in range(DRAWS)]

    def measure(draw: tuple[np.ndarray, np.ndarray]) -> list[tuple[float, float]]:
        train, test = draw
        grams = _grams(spaces, geometries, np.concatenate([train, test]))
        return [_figures(grams, y[train], y[test], min(size, len(train))) for size in sizes]

    found = np.array(list(share(measure, draws, n)))  # [draws, sizes, figures]
    said: dict[str, Any] = {"sizes": sizes, "twice": {"n": 2 * n}}
    slopes = np.asarray(sizes) ** -0.5
    slopes -= slopes.mean()
    for i, figure in enumerate(("mae", "spearman")):
        said[figure] = found[:, :, i].mean(0).tolist()
        steps = found[:, :, i] @ slopes / (slopes @ slopes) * ((2 * n) ** -0.5 - n**-0.5)
        width = T_95 * steps.std(ddof=1) / DRAWS**0.5
        value = now[figure]["value"] + steps.mean()
        least, most = (0.0, 10.0) if figure == "mae" else (-1.0, 1.0)
        said["twice"][figure] = {name: float(np.clip(v, least, most)) for name, v in
                                 (("value", value), ("low", value - width), ("high", value + width))}
    return said


def _draw(units: np.ndarray, half: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(train, test) rows, no unit in both; train in random order."""
    order = rng.permutation(int(units.max()) + 1)
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    rows = np.argsort(place[units], kind="stable")
    cut = half
    while cut < len(rows) - 1 and units[rows[cut]] == units[rows[cut - 1]]:
        cut += 1
    return rng.permutation(rows[:cut]), rows[cut:][:TESTED]


def _grams(spaces: Sequence[np.ndarray], geometries: Sequence[Geometry],
           rows: np.ndarray) -> dict[Candidate, Tensor]:
    import torch

    found: dict[Candidate, Tensor] = {Candidate(FLAT, 1.0): torch.zeros(len(rows), len(rows))}
    for space, (X, geometry) in enumerate(zip(spaces, geometries, strict=True)):
        A = torch.from_numpy((X[rows] - geometry.centre).astype(np.float32))
        kernels = {kernel: geometry.gram(kernel, A) for kernel, _ in WAYS}
        found |= {Candidate(kernel, s, space): kernels[kernel] for kernel, s in WAYS}
    return found


def _figures(grams: dict[Candidate, Tensor], y: np.ndarray, truth: np.ndarray, size: int) -> tuple[float, float]:
    """(mae, spearman) on the hidden rows of a learner that knows the first `size` ratings y."""
    import torch

    known, hidden = slice(0, size), slice(len(y), len(y) + len(truth))
    t = torch.from_numpy(y[known] - MIDDLE).float()
    split = Split.empty(tuple(grams), size, slice(0, 0))
    guesses = np.empty((len(grams), len(truth)))
    for c, (candidate, K) in enumerate(grams.items()):
        P, logdet = inverse(K[known, known], candidate)
        alpha = P @ t
        split.errors[c], split.variances[c] = (alpha / P.diagonal()).numpy(), (1 / P.diagonal()).numpy()
        split.evidence[c] = log_evidence(logdet, float(t @ alpha), size, candidate.shrinkage)
        guesses[c] = MIDDLE + ((K[hidden, known] + candidate.constant) @ alpha).numpy()
    choice = choose(split, y[known], False)
    mean, _ = choice.guess(truth, Split(truth - guesses, np.ones_like(guesses), split.evidence, slice(0, 0)), slice(None))
    once = np.ones((len(truth), 1))
    return float(np.abs(mean - truth).mean()), float(metrics.spearman(truth, np.round(mean, 9), once)[0])
