"""How a library hangs together, without any rating: taste spreads along chains of alike items.

A sample of the library is joined into a graph, each item with its nearest neighbours; diffusion on it (Kondor & Lafferty
2002, "Diffusion kernels on graphs"; regularised Laplacian: Smola & Kondor 2003) calls two items alike if many short
chains join them. Any item takes part by its similarity to the sample, so the kernel is a product of coordinates.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.distances import squared_distances

if TYPE_CHECKING:
    from torch import Tensor

SAMPLED = 512  # items of the library in the graph: each costs time in predict
FEWEST = 30  # below, there is no graph to speak of
NEIGHBOURS = 10
RANK = 96  # smoothest directions of the graph that are kept
REACH = 30.0


@dataclass(frozen=True)
class Graph:
    """rows: float64 [m, dim], centred items of the sample. reach: squared distance at which similarity falls by half an
    exponent. turn: float64 [m, r], similarities -> coordinates; centre: [r], what the rated ones have on average."""

    rows: np.ndarray
    reach: float
    turn: np.ndarray
    centre: np.ndarray

    @classmethod
    def of(cls, library: np.ndarray, rated: np.ndarray, seed: int) -> Graph | None:
        """From centred vectors of the library [m, dim] and of what was rated [n, dim]; None if there are too few."""
        import torch

        chosen = np.sort(np.random.default_rng(seed).permutation(len(library))[:SAMPLED])
        rows = torch.from_numpy(library[chosen].astype(np.float64))
        if len(rows) < FEWEST:
            return None
        far = squared_distances(rows, rows)
        far.fill_diagonal_(float("inf"))
        near = far.topk(NEIGHBOURS, dim=1, largest=False)
        reach = max(float(near.values[:, -1].median()), 1e-9)
        joined = torch.zeros_like(far).scatter_(1, near.indices, (near.values / -reach).exp())
        joined = torch.maximum(joined, joined.T)
        scale = joined.sum(1).clamp(min=1e-9).rsqrt()
        values, V = torch.linalg.eigh(joined * scale * scale[:, None])
        turn = (V * (1 + REACH * (1 - values)).rsqrt())[:, -RANK:]
        raw = cls(rows.numpy(), reach, turn.numpy(), np.zeros(turn.shape[1]))
        seen = raw.features(torch.from_numpy(rated.astype(np.float64)))
        centre = seen.mean(0)
        size = max(float((seen - centre).square().sum(1).mean()), 1e-12) ** 0.5
        return cls(raw.rows, reach, (turn / size).numpy(), (centre / size).numpy())

    def features(self, A: Tensor) -> Tensor:
        """Coordinates [n, r] of centred rows A [n, dim]; on average, the rated ones have length 1."""
        import torch

        far = squared_distances(A, torch.from_numpy(self.rows).to(A.dtype))
        weights = torch.softmax(far * (-2 / self.reach), dim=1)
        return weights @ torch.from_numpy(self.turn).to(A.dtype) - torch.from_numpy(self.centre).to(A.dtype)
