"""A learned taste as arrays: guesses with their spread for any number of items, in single precision and in chunks."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.graph import Graph
from flaskr.evaluator.kernels import GRAPH, LINEAR, STRAIGHT, bent
from flaskr.evaluator.threads import one_thread, share

if TYPE_CHECKING:
    from torch import Tensor

CHUNK = 1024


def _none() -> np.ndarray:
    return np.zeros((0, 0), np.float32)


@dataclass(frozen=True)
class Part:
    """What one kernel adds, given its features k(x) [q]: to the mean k'mean; to the variance
    gain k(x,x) - 2 k'tilt - rest |k|^2 - sum of signs (k'root)^2. root: float32 [q, rank]; signs: [rank]. joint:
    float32 [q, u], its share of what each of u later ratings explained (update.py)."""

    kernel: str
    mean: np.ndarray
    tilt: np.ndarray
    root: np.ndarray
    signs: np.ndarray
    gain: float
    rest: float
    joint: np.ndarray = field(default_factory=_none)

    def columns(self) -> np.ndarray:
        """All that its features are multiplied by, float32 [q, rank + 2 + u]."""
        joint = self.joint if self.joint.size else np.zeros((len(self.mean), 0), np.float32)
        return np.concatenate([self.root, self.mean[:, None], self.tilt[:, None], joint], axis=1)


@dataclass(frozen=True)
class Predictor:
    """centre: float32 [dim]. basis: float32 [dim, r], principal directions of the rated items, or [dim, 0] for none.
    supports: float32 [q, r or dim], centred and in that basis; norms: their full squared lengths [q]. Variances are
    in points^2; factor widens the spread to what was observed. moved: float64 [u], constants of the joint columns."""

    centre: np.ndarray
    basis: np.ndarray
    supports: np.ndarray
    norms: np.ndarray
    spread: float
    width: float
    bias: float
    base: float
    floor: float
    factor: float
    parts: tuple[Part, ...] = ()
    graph: Graph | None = None
    moved: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def constant(cls, dim: int, mean: float, variance: float) -> Predictor:
        """Guess `mean` everywhere."""
        none = np.zeros((0, dim), np.float32)
        return cls(np.zeros(dim, np.float32), none.T, none, np.zeros(0, np.float32), 1.0, 1.0, float(mean),
                   float(variance), float(variance), 1.0)


def together(predictors: Sequence[Predictor], spaces: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, spread), float32 [m] each, of items whose rows in each predictor's space are `spaces`, float32 [m, dim]."""
    import torch

    for p, X in zip(predictors, spaces, strict=True):
        if X.ndim != 2 or X.shape[1] != len(p.centre) or len(X) != len(spaces[0]):
            raise ValueError(f"embeddings of {len(p.centre)} numbers are needed, not an array of shape {X.shape}")
    rows = [torch.from_numpy(np.ascontiguousarray(X, np.float32)) for X in spaces]
    m = len(rows[0])
    means, variances = torch.empty(m), torch.empty(m)
    with one_thread():
        fixed = [Fixed(predictor) for predictor in predictors]

        def guess(start: int) -> None:
            block = slice(start, start + CHUNK)
            mean, variance, joint = (sum(said) for said in zip(*(one.guess(X[block]) for one, X in
                                                                 zip(fixed, rows, strict=True)), strict=True))
            means[block], variances[block] = mean, variance - joint.square().sum(1)

        for _ in share(guess, range(0, m, CHUNK), m):
            pass
    return finite(means.numpy(), variances.numpy(), predictors)


def finite(mean: np.ndarray, variance: np.ndarray, predictors: Sequence[Predictor]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, spread) on the scale, from sums over spaces; ValueError where an embedding was not finite."""
    if not np.isfinite(mean).all():
        raise ValueError("an embedding is not a finite number")
    floor = np.float32(sum(p.floor for p in predictors))
    return np.clip(mean, 0, 10), np.float32(predictors[0].factor) * np.sqrt(np.maximum(variance, floor))


class Fixed:
    """A predictor's arrays as tensors, joined so that a block of rows costs few passes over memory.

    Rows are never centred: what the centre c changes is a constant per column, (x - c)'B = x'B - c'B.
    """

    def __init__(self, p: Predictor) -> None:
        import torch

        self.p = p
        self.parts = [(part, torch.from_numpy(part.columns()), torch.from_numpy(part.signs)) for part in p.parts]
        self.centre = torch.from_numpy(p.centre)
        self.inside = float(self.centre @ self.centre)
        self.basis = torch.from_numpy(p.basis)
        self.curved = any(part.kernel not in STRAIGHT for part in p.parts)
        self.moved = torch.from_numpy(p.moved).float()
        supports, norms = torch.from_numpy(p.supports), torch.from_numpy(p.norms)
        away = self.centre @ self.basis if p.basis.shape[1] else self.centre
        self.slope = supports.T / p.width
        self.offset = -0.5 / p.width * norms - away @ self.slope if self.curved else None

    def guess(self, rows: Tensor, keep: list[Tensor] | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """(mean [m], variance [m] without later ratings, joint [m, u]) of rows [m, dim]. To `keep` is added, of each
        part, what its directions and its tilt say [m, rank + 1]."""
        import torch

        p, lengths = self.p, self.lengths(rows)
        mean, variance = 0 * lengths + p.bias, 0 * lengths + p.base  # what is not finite shows, also where it is flat
        joint = self.moved + torch.zeros(len(rows), 1)
        near = self._near(rows, lengths) if self.curved else None
        for part, columns, signs in self.parts:
            if part.kernel == LINEAR:
                out, power = (rows @ columns - self.centre @ columns) * p.spread**-0.5, lengths / p.spread
                variance += (part.gain - part.rest) * power
            else:
                seen = self._features(part.kernel, rows, near)
                out, power = seen @ columns, torch.linalg.vector_norm(seen[:, :self.first(part.kernel)], dim=1).square()
                variance += part.gain * (power if part.kernel == GRAPH else 1) - part.rest * power
            rank = len(signs)
            mean += out[:, rank]
            variance -= 2 * out[:, rank + 1] + out[:, :rank].square() @ signs
            joint += out[:, rank + 2:]
            if keep is not None:
                keep += [out[:, :rank], out[:, rank + 1:rank + 2]]
        return mean, variance, joint

    def first(self, kernel: str) -> int | None:
        """How many features a kernel had before later ratings added supports; None: it still has as many."""
        return None if kernel in STRAIGHT else len(self.p.supports) - len(self.p.moved)

    def lengths(self, rows: Tensor) -> Tensor:
        """Squared distances [m] from the centre."""
        import torch

        return torch.linalg.vector_norm(rows, dim=1).square() - 2 * (rows @ self.centre) + self.inside

    def features(self, kernel: str, rows: Tensor) -> Tensor:
        """What a kernel sees of rows [m, dim]: [m, q]."""
        if kernel == LINEAR:
            return (rows - self.centre) * self.p.spread**-0.5
        return self._features(kernel, rows, self._near(rows, self.lengths(rows)) if self.curved else None)

    def _features(self, kernel: str, rows: Tensor, near: Tensor | None) -> Tensor:
        if kernel == GRAPH:
            return self.p.graph.features(rows - self.centre)
        return bent(kernel, near)

    def _near(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """-d^2 / 2 width for distances d to the supports [m, q]."""
        import torch

        short = rows @ self.basis if self.basis.shape[1] else rows
        exponent = torch.addmm(self.offset[None], short, self.slope)
        return exponent.add_((-0.5 / self.p.width * lengths)[:, None])
