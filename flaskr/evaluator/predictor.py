"""A learned taste as arrays: guesses with their spread for any number of items, in single precision and in chunks."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.kernels import LINEAR, WIDE, one_thread, share

if TYPE_CHECKING:
    from torch import Tensor

CHUNK = 1024
RANK = 64  # directions of the variance that are kept
WORTH = 400  # supports from which a shorter basis saves more in predict than it costs in fit
KEPT = 0.998  # share of the rated items' variance that a shorter basis must keep


@dataclass(frozen=True)
class Part:
    """What one kernel adds, given its features k(x) [q]: to the mean k'mean; to the variance
    gain k(x,x) - 2 k'tilt - rest |k|^2 - sum of signs (k'root)^2. root: float32 [q, rank]; signs: [rank]."""

    kernel: str
    mean: np.ndarray
    tilt: np.ndarray
    root: np.ndarray
    signs: np.ndarray
    gain: float
    rest: float


@dataclass(frozen=True)
class Predictor:
    """centre: float32 [dim]. basis: float32 [dim, r], principal directions of the rated items, or [dim, 0] for none.
    supports: float32 [q, r or dim], centred and in that basis; norms: their full squared lengths [q]. Variances are
    in points^2; factor widens the spread to what was observed."""

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

    @classmethod
    def constant(cls, dim: int, mean: float, variance: float) -> Predictor:
        """Guess `mean` everywhere."""
        none = np.zeros((0, dim), np.float32)
        return cls(np.zeros(dim, np.float32), none.T, none, np.zeros(0, np.float32), 1.0, 1.0, float(mean),
                   float(variance), float(variance), 1.0)

    def predict(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mean, spread), float32 [m] each, of rows X, float32 [m, dim]."""
        import torch

        if X.ndim != 2 or X.shape[1] != len(self.centre):
            raise ValueError(f"embeddings of {len(self.centre)} numbers are needed, not an array of shape {X.shape}")
        rows = torch.from_numpy(np.ascontiguousarray(X, np.float32))
        means, variances = torch.empty(len(X)), torch.empty(len(X))
        with one_thread():
            fixed = _Fixed(self)

            def guess(start: int) -> None:
                block = slice(start, start + CHUNK)
                means[block], variances[block] = fixed.guess(rows[block])

            for _ in share(guess, range(0, len(X), CHUNK), len(X)):
                pass
        mean, variance = means.numpy(), variances.numpy()
        if not np.isfinite(mean).all():
            raise ValueError("an embedding is not a finite number")
        spread = np.float32(self.factor) * np.sqrt(np.maximum(variance, np.float32(self.floor)))
        return np.clip(mean, 0, 10), spread


def compress(Q: Tensor, metric: Tensor | None) -> tuple[np.ndarray, np.ndarray, float]:
    """(root, signs, rest) with k'Qk ~ rest |k|^2 + sum of signs (k'root)^2 for features k.

    With a kernel matrix as `metric`, the RANK directions in which features vary most are kept exactly; all others
    share the last one's value. Q grows towards weaker directions, so this can only widen the spread, and by little,
    since features hardly point there. Without a metric (linear features) Q's own strongest directions are kept.
    """
    import torch

    by = Q if metric is None else metric
    U = torch.linalg.eigh(by)[1].flip(1)[:, :RANK * (2 if metric is None else 1)]
    small = U.T @ Q @ U
    rest = float(small[-1, -1]) if metric is not None and U.shape[1] < len(Q) else 0.0
    values, V = torch.linalg.eigh((small + small.T) / 2)
    values = values - rest
    root = (U @ V) * values.abs().sqrt()
    return root.float().numpy(), np.sign(values.numpy()).astype(np.float32), rest


def shorter(supports: np.ndarray) -> np.ndarray:
    """Principal directions [dim, r] of centred rows that keep KEPT of their variance, or [dim, 0] if that saves too
    little: distances then cost r instead of dim per pair. Lengths stay exact, only cross terms are shortened."""
    import torch

    dim = supports.shape[1]
    if len(supports) < WORTH:
        return np.zeros((dim, 0), np.float32)
    values, V = torch.linalg.eigh(torch.from_numpy(supports.T @ supports))
    kept = np.cumsum(values.numpy()[::-1]) / max(float(values.sum()), 1e-12)
    r = int(np.searchsorted(kept, KEPT)) + 1
    return V.flip(1)[:, :r if r <= 0.6 * dim else 0].float().numpy().copy()


class _Fixed:
    """A predictor's arrays as tensors, joined so that a block of rows costs few passes over memory.

    Rows are never centred: what the centre c changes is a constant per column, (x - c)'B = x'B - c'B.
    """

    def __init__(self, p: Predictor) -> None:
        import torch

        self.p, centre = p, torch.from_numpy(p.centre)
        joined = {part.kernel: np.concatenate([part.root, part.mean[:, None], part.tilt[:, None]], axis=1)
                  for part in p.parts}
        self.parts = [(part, torch.from_numpy(joined[part.kernel]), torch.from_numpy(part.signs)) for part in p.parts]
        self.centre, self.inside = centre, float(centre @ centre)
        self.basis = torch.from_numpy(p.basis)
        self.curved = any(part.kernel != LINEAR for part in p.parts)
        supports, norms = torch.from_numpy(p.supports), torch.from_numpy(p.norms)
        away = centre @ self.basis if p.basis.shape[1] else centre
        self.slope = supports.T / p.width
        self.offset = -0.5 / p.width * norms - away @ self.slope if self.curved else None

    def guess(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """(mean, variance) [m] of rows [m, dim]."""
        import torch

        p = self.p
        lengths = torch.linalg.vector_norm(rows, dim=1).square() - 2 * (rows @ self.centre) + self.inside
        mean, variance = 0 * lengths + p.bias, 0 * lengths + p.base  # what is not finite shows, also where it is flat
        wide = self._wide(rows, lengths) if self.curved else None
        for part, joined, signs in self.parts:
            if part.kernel == LINEAR:
                out = (rows @ joined - self.centre @ joined) * p.spread**-0.5
                variance += part.gain / p.spread * lengths - part.rest / p.spread * lengths
            else:
                seen = wide if part.kernel == WIDE else wide.square().square_()
                out = seen @ joined
                variance += part.gain - part.rest * torch.linalg.vector_norm(seen, dim=1).square()
            mean += out[:, -2]
            variance -= 2 * out[:, -1] + out[:, :-2].square() @ signs
        return mean, variance

    def _wide(self, rows: Tensor, lengths: Tensor) -> Tensor:
        import torch

        short = rows @ self.basis if self.basis.shape[1] else rows
        exponent = torch.addmm(self.offset[None], short, self.slope)
        return exponent.add_((-0.5 / self.p.width * lengths)[:, None]).exp_()
