"""Makes a predictor cheap: the variance in few directions, and distances in a shorter basis."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

RANK = 64  # directions of the variance that are kept
WORTH = 400  # supports from which a shorter basis saves more in predict than it costs in fit
KEPT = 0.998  # share of the rated items' variance that a shorter basis must keep
ROUNDS = 4  # of the subspace iteration


def compress(Q: Tensor, metric: Tensor | None) -> tuple[np.ndarray, np.ndarray, float]:
    """(root, signs, rest) with k'Qk ~ rest |k|^2 + sum of signs (k'root)^2 for features k.

    With a kernel matrix as `metric`, the RANK directions in which features vary most are kept exactly; all others share
    one value, the mean of theirs, each weighed by how much features vary in it (metric^2 is the second moment of the
    features of items like the supports). Without a metric (linear features) Q's own strongest directions are kept.
    """
    import torch

    U = strongest(Q if metric is None else metric, RANK * (2 if metric is None else 1))
    small, rest = U.T @ Q @ U, 0.0
    if metric is not None and U.shape[1] < len(Q):
        power = (U.T @ metric @ U).diagonal().square()
        left = float(metric.square().sum() - power.sum())
        missing = float(((Q @ metric) * metric).sum() - power @ small.diagonal())
        rest = missing / left if left > 1e-6 * float(power.sum()) else float(small[-1, -1])
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


def strongest(symmetric: Tensor, rank: int) -> Tensor:
    """Eigenvectors [n, rank] of the largest eigenvalues of a positive matrix [n, n], by subspace iteration where that is
    quicker (Halko, Martinsson, Tropp 2011, algorithm 4.4)."""
    import torch

    n = len(symmetric)
    if n < max(400, 3 * rank):
        return torch.linalg.eigh(symmetric)[1].flip(1)[:, :rank]
    Y = torch.randn(n, rank + rank // 2, generator=torch.Generator().manual_seed(0), dtype=symmetric.dtype)
    for _ in range(ROUNDS):
        Y = torch.linalg.qr(symmetric @ Y)[0]
    V = torch.linalg.eigh(Y.T @ symmetric @ Y)[1].flip(1)
    return Y @ V[:, :rank]
