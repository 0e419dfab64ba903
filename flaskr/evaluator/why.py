"""Why a guess is what it is: by how much each rated item pulled it up or down.

Once it is settled which candidates are believed, a guess is a weighted sum of the ratings (a linear smoother: Hastie,
Tibshirani and Friedman 2009, section 5.4): with h = G^-1 (k(x) + a 1) the weights of one candidate (closed_form.py), rating y_i
moves the guess by h_i (y_i - average). The weights are found anew from what was rated; nothing more has to be kept.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flaskr.evaluator.kernels import FLAT, MIDDLE, STRAIGHT, Candidate, Geometry
from flaskr.evaluator.predictor import Predictor
from flaskr.evaluator.threads import one_thread

if TYPE_CHECKING:
    from torch import Tensor

MOST = 1500  # ratings (fit.EXACT): above, what each one does is not kept apart


def why(predictors: Sequence[Predictor], hyperparameters: Mapping[str, Any], spaces: Sequence[np.ndarray],
        rated: Sequence[np.ndarray], ratings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(contributions float32 [m, n], base float32 [m]): base + the sum of a row is the guess, but for what the scale cuts
    off (0..10) and a little that predict saves from 400 ratings on by shorter distances.

    spaces: items asked about, float32 [m, dim] each; rated: the rows of fit [n, dim] each; ratings: [n]. What every item gives
    to every guess alike, the average, is in the base and in no contribution. Left out: that the ratings also chose candidates,
    boldness and the step to the middle, which is not linear in them, and ratings after training (update.py).
    """
    import torch

    n, m = len(ratings), len(spaces[0])
    if any(len(rows) != n for rows in rated) or n > MOST:
        raise ValueError("what each rated item contributes can't be told: train again" if n <= MOST else
                         f"what each rated item contributes is told up to {MOST} of them")
    used = hyperparameters["kernels"]
    if not used:
        return np.zeros((m, n), np.float32), np.full(m, sum(p.bias for p in predictors), np.float32)
    bold = float(hyperparameters["boldness"])
    with one_thread():
        weights = torch.zeros(m, n, dtype=torch.float64)
        for one in used:
            candidate = Candidate(one["kernel"], one["shrinkage"], one["space"])
            weights += bold * one["weight"] * _smoother(predictors[candidate.space], candidate, spaces[candidate.space],
                                                        rated[candidate.space])
    flat = Candidate(FLAT, 1.0)
    apart = ratings.astype(np.float64) - ratings.mean()
    whole = weights.sum(1).numpy() + (1 - bold) * n / (n + flat.shrinkage / flat.constant)
    base = MIDDLE + whole * (ratings.mean() - MIDDLE) + float(hyperparameters["shift"])
    local = weights - weights.mean(1, keepdim=True)  # what is the same for all cancels: the `apart` add up to 0
    return (local.numpy() * apart).astype(np.float32), base.astype(np.float32)


def _smoother(p: Predictor, candidate: Candidate, X: np.ndarray, known: np.ndarray) -> Tensor:
    """Weights [m, n] of the ratings of `known` [n, dim] in what one candidate guesses of X [m, dim]."""
    import torch

    if X.shape[1] != len(p.centre) or known.shape[1] != len(p.centre):
        raise ValueError(f"embeddings of {len(p.centre)} numbers are needed")
    geometry = Geometry(p.centre.astype(np.float64), p.spread, p.width, p.graph)
    here, there = (torch.from_numpy(rows.astype(np.float64) - geometry.centre) for rows in (X, known))
    G, k = geometry.gram(candidate.kernel, there) + candidate.constant, torch.zeros(len(X), len(known), dtype=torch.float64)
    G.diagonal().add_(candidate.shrinkage)
    if candidate.kernel in STRAIGHT:
        k = geometry.features(candidate.kernel, here, there) @ geometry.features(candidate.kernel, there, there).T
    elif candidate.kernel != FLAT:
        k = geometry.features(candidate.kernel, here, there)
    return torch.cholesky_solve((k + candidate.constant).T, torch.linalg.cholesky(G)).T
