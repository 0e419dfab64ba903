"""A Gaussian process on all pairs of thousands of ratings, solved by steps for many training sets at once.

Conjugate gradients need only products of the kernel matrix, and one product serves every training set and shrinkage side
by side: each is a column, zero where the set lacks a row. Preconditioned by landmarks (FALKON: Rudi, Carratino, Rosasco
2017), a column takes 5 to 40 steps.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.choice import Split
from flaskr.evaluator.kernels import Candidate, Geometry
from flaskr.evaluator.rated import Rated
from flaskr.evaluator.ridges import Set, sets
from flaskr.evaluator.threads import accelerator, share

if TYPE_CHECKING:
    from torch import Tensor

GUIDES = 500  # landmarks of the preconditioner
NEAR = 2e-3  # of the ratings' length that a solution may be off by: a thousandth of a point in guesses
STEPS = 80
BLOCK = 1024


@dataclass
class System:
    """(K + a 11' + s I) on a training set, for every column. K: float32 [m, m]; mask: float32 [m, cols]; a, s: [cols]."""

    K: Tensor
    mask: Tensor
    a: Tensor
    s: Tensor

    def __call__(self, V: Tensor, some: Tensor) -> Tensor:
        """The product with columns `some`, V float32 [m, k], zero outside their masks."""
        said = product(self.K, V) + self.a[some] * V.sum(0)
        return said * self.mask[:, some] + self.s[some] * V


class Guide:
    """An approximate inverse of each column's system: by Woodbury's identity on features F with F F' ~ K + a 11'."""

    def __init__(self, system: System, places: Tensor, kept: Sequence[Sequence[int]]) -> None:
        """places: int [m], the fold of each row; kept: of each column, the folds of its training set."""
        import torch

        q = min(GUIDES, len(system.K))
        L = torch.linalg.cholesky(system.K[:q, :q] + 1e-4 * torch.eye(q, device=system.K.device))
        self.F = torch.linalg.solve_triangular(L, system.K[:, :q].T, upper=False).T
        F = torch.cat([self.F, torch.ones_like(self.F[:, :1])], 1)
        grams = torch.stack([F[places == f].T @ F[places == f] for f in range(int(places.max()) + 1)])
        self.system, factors = system, []
        for column, folds in enumerate(kept):
            scale = torch.ones_like(F[0])
            scale[-1] = system.a[column].sqrt()
            G = grams[list(folds)].sum(0) * scale * scale[:, None]
            G.diagonal().add_(float(system.s[column]))
            factors.append(torch.linalg.cholesky(G))
        self.factors = torch.stack(factors)

    def __call__(self, R: Tensor, some: Tensor) -> Tensor:
        import torch

        root = self.system.a[some].sqrt()
        inside = torch.cat([product(self.F.T, R), (root * R.sum(0))[None]])
        solved = torch.cholesky_solve(inside.T[..., None], self.factors[some])[..., 0].T
        back = (product(self.F, solved[:-1]) + root * solved[-1]) * self.system.mask[:, some]
        return (R - back) / self.system.s[some]


def guess(which: list[int], K: Tensor, ways: Sequence[Candidate], X: np.ndarray, compared: np.ndarray, t: Tensor,
          geometry: Geometry, known: Rated, found: list[Split], whole: Split) -> Tensor:
    """Fill the errors of candidates `which` (`ways`, of one kernel) in every split, and return what each compared row adds
    to the guess in each training set of ridges.sets, float32 [m, ways, sets]. K: float32 [m, m], similarities of the rows
    `compared`, int [m], landmarks first; X: float32 [n, dim]; t: float64 [n]."""
    import torch

    place, names, there = known.fold_of()[compared], sets(len(known.bounds) - 1), accelerator()
    kept = [[f for f in range(len(known.bounds) - 1) if f not in name] for name in names] * len(ways)
    mask = torch.from_numpy(np.array([np.isin(place, folds) for folds in kept]).T.astype(np.float32)).to(there)
    a, s = (torch.tensor(np.repeat([getattr(way, of) for way in ways], len(names)), dtype=torch.float32, device=there)
            for of in ("constant", "shrinkage"))
    system = System(K, mask, a, s)
    guide = Guide(system, torch.from_numpy(place).to(there), kept)
    V = solve(system, guide, t[compared].float().to(there)[:, None] * mask)
    said = _guesses(K, V, a, X, compared, geometry, ways[0].kernel).reshape(len(t), len(ways), len(names))
    column = {name: at for at, name in enumerate(names)}
    for f, fold in enumerate(known.folds):
        for hidden, split in [(Set(), whole)] + [(Set({g}), split) for g, split in enumerate(found)]:
            split.errors[which, fold] = t[fold].numpy() - said[fold, :, column[hidden | {f}]].T
    return V.reshape(len(compared), len(ways), len(names)).cpu()


def solve(system: System, guide: Guide, B: Tensor) -> Tensor:
    """The solutions [m, cols] for right sides B: preconditioned conjugate gradients, each column until it is near."""
    import torch

    V, R = torch.zeros_like(B), B.clone()
    enough, some = NEAR * B.norm(dim=0), torch.arange(B.shape[1], device=B.device)
    Z = guide(R, some)
    P, inner = Z.clone(), (R * Z).sum(0)
    for _ in range(STEPS):
        Q = system(P, some)
        curve = (P * Q).sum(0)
        sound = (inner > 0) & (curve > 0)  # else rounding has the upper hand: what is there is the best to be had
        step = torch.where(sound, inner / curve, 0)
        V[:, some] += step * P
        R = R - step * Q
        open_ = sound & (R.norm(dim=0) > enough[some])
        if not open_.any():
            break
        some, R, P, inner = some[open_], R[:, open_], P[:, open_], inner[open_]
        Z = guide(R, some)
        fresh = (R * Z).sum(0)
        P, inner = Z + P * (fresh / inner), fresh
    return V


def product(A: Tensor, V: Tensor) -> Tensor:
    """A V, blocks of rows shared between threads."""
    import torch

    if A.is_cuda:
        return A @ V
    said = V.new_empty(len(A), V.shape[1])

    def block(start: int) -> None:
        torch.mm(A[start:start + BLOCK], V, out=said[start:start + BLOCK])

    for _ in share(block, range(0, len(A), BLOCK), len(A)):
        pass
    return said


def matrix(geometry: Geometry, kernel: str, rows: Tensor, root: Tensor | None = None) -> Tensor:
    """Similarities of centred rows [m, dim], float32 [m, m]; root: those of the kernel whose square this is, used up."""
    if root is not None:
        return root.square_()
    rows = rows.float().to(accelerator())
    return _similar(geometry, kernel, rows, rows)


def _similar(geometry: Geometry, kernel: str, A: Tensor, B: Tensor) -> Tensor:
    """Similarities float32 [a, b], blocks of rows shared between threads."""

    found = A.new_empty(len(A), len(B))

    def block(start: int) -> None:
        found[start:start + BLOCK] = geometry.features(kernel, A[start:start + BLOCK], B)

    for _ in share(block, range(0, len(A), BLOCK), len(A)):
        pass
    return found


def _guesses(K: Tensor, V: Tensor, a: Tensor, X: np.ndarray, compared: np.ndarray, geometry: Geometry,
             kernel: str) -> np.ndarray:
    """What each column guesses of every row, float32 [n, cols]."""
    import torch

    said = np.empty((len(X), V.shape[1]), np.float32)
    level = a * V.sum(0)
    said[compared] = (product(K, V) + level).cpu().numpy()
    others = np.setdiff1d(np.arange(len(X)), compared)
    rows = torch.from_numpy((X[compared] - geometry.centre).astype(np.float32)).to(K.device)
    for start in range(0, len(others), 4 * BLOCK):
        some = others[start:start + 4 * BLOCK]
        block = torch.from_numpy((X[some] - geometry.centre).astype(np.float32)).to(K.device)
        said[some] = (product(_similar(geometry, kernel, block, rows), V) + level).cpu().numpy()
    return said
