"""What a person rates at all says something, too: people meet what they expect to like.

Interest is the logarithm of how much denser the rated items lie around an item than the library does (a density ratio:
Sugiyama, Suzuki, Kanamori 2012), from embeddings alone, in standard deviations over the library. On real people it goes with
ratings (rank correlation .06 to .10 with 50 to 300 ratings of films and of anime, as much as half of what all kernels reach
there); where the rated ones are a random draw of the library it is noise, and it shrinks by the share that luck has in it
(James and Stein 1961). How many points it is worth is decided in choice.py.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.kernels import NARROW, Geometry

if TYPE_CHECKING:
    from torch import Tensor

SAMPLED = 1000  # items of the library, and rated ones, that stand for all
FEWEST = 50  # items of the library below which nothing is said
EVEN = 10.0  # ratings as even as the library that are added to those there are: few ratings make no sharp densities
DRAWS = 8  # of as many items from the library, to see how uneven luck is
LEAST = 0.05  # share of the unevenness that is not luck, below which nothing is said
SUPPORTS, LANDMARKS = 300, 64  # rated and other items whose similarities give the interest of anything (correlation .95 to .98)
RIDGE = 1e-2  # of that fit, per landmark


@dataclass(frozen=True)
class Interest:
    """rows: float64 [n], of each rated item, from those of other folds. For others: level + weights on the narrow
    similarities to the rated rows `rated` (int [k]) and to `landmarks` (float64 [q, dim], centred): weights [k + q]."""

    rows: np.ndarray
    rated: np.ndarray
    landmarks: Tensor
    weights: np.ndarray
    level: float

    @classmethod
    def of(cls, X: np.ndarray, library: np.ndarray, fold_of: np.ndarray, seed: int) -> Interest | None:
        """From rated rows X, float32 [n, dim], their folds int [n] and the library, float32 [m, dim]; None where the rated
        ones are no more uneven than a random draw. `landmarks` are centred as Geometry.of(X, seed) has it."""
        import torch

        geometry = Geometry.of(X, seed)
        rng = np.random.default_rng(seed)
        drawn = np.sort(rng.permutation(len(library))[:SAMPLED])
        if len(drawn) < FEWEST:
            return None
        rated = np.sort(rng.permutation(len(X))[:SAMPLED])
        others, known = _centred(library[drawn], geometry), _centred(X[rated], geometry)
        near, alike = _alike(geometry, others, known), _alike(geometry, others, others)
        usual = alike.sums() / (len(drawn) - alike.same.sum(1)).clamp(min=1)
        even = EVEN * float(usual.mean())
        here = _ratio(near.sums(), near.same, len(rated), usual, even)
        uneven = max(float(here.var()), 1e-12)
        trust = 1 - _luck(alike.values, usual, len(rated), even, rng) / uneven
        if not trust >= LEAST:  # not a number where the library is one thing many times
            return None
        unit = trust / uneven**0.5
        own, there = _alike(geometry, _centred(X, geometry), known), _alike(geometry, _centred(X, geometry), others)
        own.same |= torch.from_numpy(fold_of[:, None] == fold_of[rated])
        density = there.sums() / (len(drawn) - there.same.sum(1)).clamp(min=1)
        rows = unit * _ratio(own.sums(), own.same, len(rated), density, even)
        chosen = np.sort(rng.permutation(len(rated))[:SUPPORTS])
        marks = others[:LANDMARKS]
        seen = torch.cat([_alike(geometry, others, known[chosen]).values, alike.values[:, :LANDMARKS]], dim=1)
        inner = torch.cat([known[chosen], marks])
        level = unit * float(here.mean())
        system = (seen.T @ seen + RIDGE * geometry.gram(NARROW, inner)).double() + 1e-4 * torch.eye(len(inner))
        weights = torch.linalg.solve(system, (seen.T @ (unit * here - level)).double())
        return cls(rows.double().numpy(), rated[chosen], marks.double(), weights.numpy(), level)


@dataclass
class _Alike:
    """values: [a, b], narrow similarities; same: bool [a, b], pairs that do not count: an item and itself."""

    values: Tensor
    same: Tensor

    def sums(self) -> Tensor:
        return self.values.masked_fill(self.same, 0).sum(1)


def _centred(X: np.ndarray, geometry: Geometry) -> Tensor:
    import torch

    return torch.from_numpy((X - geometry.centre).astype(np.float32))


def _alike(geometry: Geometry, A: Tensor, B: Tensor) -> _Alike:
    values = geometry.features(NARROW, A, B)
    return _Alike(values, values > 1 - 1e-5)


def _ratio(sums: Tensor, same: Tensor, count: int, usual: Tensor, even: float) -> Tensor:
    """Logarithm of the density of the rated ones over that of the library [m]."""
    return ((sums + even) / ((count - same.sum(1)) * usual + even)).log()


def _luck(alike: Tensor, usual: Tensor, count: int, even: float, rng: np.random.Generator) -> float:
    """Mean variance of the ratio over the library where as many are drawn from it by chance."""
    n, found = len(alike), []
    size = min(count, n // 2)
    for _ in range(DRAWS):
        order = rng.permutation(n)
        some, rest = order[:size], order[size:]
        sums = alike[rest][:, some].sum(1) * (count / size)
        ratio = ((sums + even) / (count * usual[rest] + even)).log()
        found.append(float(ratio.var()) * size / count)
    return float(np.mean(found))
