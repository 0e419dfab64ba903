"""Makes a predictor cheap: the variance in few directions, and distances along the few that guesses depend on."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.distances import squared_distances
from flaskr.evaluator.kernels import POWERS, STRAIGHT, bent

if TYPE_CHECKING:
    from torch import Tensor

    from flaskr.evaluator.predictor import Part

RANK, BRIEF = 64, 16  # directions of the variance that are kept; of a curved kernel with more than WORTH supports
FEW = 128  # coordinates of which all directions are kept
WORTH = 400  # supports from which a shorter basis saves more in predict than it costs in fit
LENGTHS = (32, 64, 96, 128, 160, 192, 224, 256)  # of a shorter basis; each multiple of 32 is a whole step of the processor
NEARLY = 0.05  # error of shortened guesses of new items, as a share of their deviation: correlation .999; half at made-up ones
POINTS = 1000  # supports at which slopes are looked at; guesses there, of what was learned from, tell nothing of new items
LIKE, HEAD = 512, 32  # made-up items; principal directions in which they are like real ones
ROUNDS = 4  # of the subspace iteration


def compress(Q: Tensor, metric: Tensor, tilt: Tensor, explained: float) -> tuple[np.ndarray, np.ndarray, float]:
    """(root, signs, rest) with k'Qk ~ rest |k|^2 + sum of signs (k'root)^2 for features k.

    With a kernel matrix as `metric`, the directions in which features vary most are kept exactly; all others share
    one value, such that k'Qk + 2 k'tilt is `explained` on average for features of new items, which see the supports as a
    support sees the others.
    """
    U = strongest(metric, RANK if len(Q) <= WORTH else BRIEF)
    small, rest = U.T @ Q @ U, 0.0
    if U.shape[1] < len(Q):
        others = metric - metric.diagonal().diag()
        seen = U.T @ others
        left = float(others.square().sum() - seen.square().sum())
        known = float((small @ seen * seen).sum() + 2 * (others @ tilt).sum())
        rest = float(np.clip((explained * len(Q) - known) / max(left, 1e-9), 0, float(Q.diagonal().max())))
    return *_root(U, small, rest), rest


def straight(Q: Tensor, moments: Tensor, explained: float) -> tuple[np.ndarray, np.ndarray, float]:
    """The same for coordinates k, of which `moments` [p, p] is the mean of k k': the strongest directions of Q are kept, of few
    coordinates all."""
    U = strongest(Q, len(Q) if len(Q) <= FEW else RANK)
    small, rest = U.T @ Q @ U, 0.0
    if U.shape[1] < len(Q):
        inside = U.T @ moments @ U
        left = float(moments.trace() - inside.trace())
        rest = float(np.clip((explained - float((small * inside).sum())) / max(left, 1e-9), 0, float(small.diagonal().max())))
    return *_root(U, small, rest), rest


def _root(U: Tensor, small: Tensor, rest: float) -> tuple[np.ndarray, np.ndarray]:
    """(root, signs) of U small U' less `rest` along U."""
    import torch

    values, V = torch.linalg.eigh((small + small.T) / 2)
    values = values - rest
    root = (U @ V) * values.abs().sqrt()
    return root.float().numpy(), np.sign(values.numpy()).astype(np.float32)


def shorter(supports: Tensor, width: float, parts: Sequence[Part], library: Tensor | None = None) -> np.ndarray:
    """Directions [dim, r] such that guesses hardly change when the products in distances are taken along them alone, or
    [dim, 0] if that saves too little: distances then cost r instead of dim per pair; lengths stay exact.

    They are those in which means and variances slope (active subspace: Constantine 2015) at POINTS of the supports [q, dim],
    each without itself. How many are enough is seen at items of the library, centred rows [m, dim], or at made-up ones.
    """
    import torch

    q, dim = supports.shape
    curved = [part for part in parts if part.kernel not in STRAIGHT]
    none = np.zeros((dim, 0), np.float32)
    if q < WORTH or not curved:
        return none
    rows, lengths = supports.float(), supports.float().square().sum(1)
    exponent = squared_distances(rows[:POINTS], rows).mul_(-0.5 / width)
    exponent.fill_diagonal_(-torch.inf)
    G = torch.zeros(dim, dim)
    for weights in _slopes(curved, exponent):
        slope = weights @ rows
        G += slope.T @ slope / slope.square().sum().clamp(min=1e-20)
    directions = torch.linalg.eigh(G)[1].flip(1)
    new, near = (like(rows), NEARLY / 2) if library is None else (library.float(), NEARLY)
    exact, far = _said(curved, squared_distances(new, rows).mul_(-0.5 / width)), new.square().sum(1, keepdim=True)
    for r in LENGTHS:
        if r > 0.6 * dim:
            break
        product = (new @ directions[:, :r]) @ (rows @ directions[:, :r]).T
        exponent = product.mul_(2).sub_(lengths).sub_(far).clamp_(max=0).mul_(0.5 / width)
        off = [float((a - b).std() / a.std().clamp(min=1e-12)) for a, b in zip(exact, _said(curved, exponent), strict=True)]
        if off[0] < near and off[1] < 3 * near:
            return directions[:, :r].numpy().copy()
    return none


def like(rows: Tensor) -> Tensor:
    """Made-up new items [LIKE, dim] like centred rows [q, dim]: HEAD principal coordinates of one row, and in the others
    sums of four rows' with random signs, so that in what is particular to each they are like none."""
    import torch

    lot = torch.Generator().manual_seed(0)
    V = torch.linalg.eigh(rows.T @ rows)[1].flip(1)[:, :HEAD]
    head, four = rows[torch.randint(len(rows), (LIKE,), generator=lot)], torch.zeros(LIKE, rows.shape[1])
    for _ in range(4):
        signs = torch.randint(2, (LIKE, 1), generator=lot) - 0.5
        four += signs * rows[torch.randint(len(rows), (LIKE,), generator=lot)]
    return four + ((head - four) @ V) @ V.T


def _said(parts: Sequence[Part], exponent: Tensor) -> tuple[Tensor, Tensor]:
    """(mean, explained variance) [m] of the curved parts for exponents [m, q]."""
    import torch

    mean = variance = torch.zeros(len(exponent))
    for part in parts:
        seen = bent(part.kernel, exponent)
        mean = mean + seen @ torch.from_numpy(part.mean)
        variance = variance + (seen @ torch.from_numpy(part.root)).square() @ torch.from_numpy(part.signs)
    return mean, variance


def _slopes(parts: Sequence[Part], exponent: Tensor) -> list[Tensor]:
    """[points, q] each, of mean and of variance: weights of the supports in its slope at each of the points."""
    import torch

    means = variances = torch.zeros_like(exponent)
    for part in parts:
        seen = bent(part.kernel, exponent)
        steep = seen * POWERS[part.kernel]
        means = means + steep * torch.from_numpy(part.mean)
        root = torch.from_numpy(part.root)
        variances = variances + steep * ((seen @ root * torch.from_numpy(part.signs)) @ root.T)
    return [means, variances]


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
