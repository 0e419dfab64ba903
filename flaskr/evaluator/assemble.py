"""Adds the chosen candidates up, kernel by kernel, into one predictor."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.compress import compress, shorter
from flaskr.evaluator.kernels import GRAPH, Geometry
from flaskr.evaluator.predictor import Part, Predictor

if TYPE_CHECKING:
    from torch import Tensor


@dataclass
class Assembly:
    """Sums over candidates. supports: centred rows [q, dim] in double precision, shared by the curved kernels."""

    geometry: Geometry
    supports: Tensor
    factor: float
    bias: float = 0.0
    noise: float = 0.0
    level: float = 0.0
    sums: dict[str, list] = field(default_factory=dict)

    def add_level(self, bias: float, noise: float, level: float) -> None:
        """Add to the mean everywhere, to the noise variance, and to the variance of the average."""
        self.bias, self.noise, self.level = self.bias + bias, self.noise + noise, self.level + level

    def add(self, kernel: str, mean: Tensor, tilt: Tensor, Q: Tensor, gain: float,
            metric: Tensor | None = None, explained: float = 0.0) -> None:
        """Add mean k'mean and variance gain k(x,x) - 2 k'tilt - k'Qk for features k; metric, explained as in `compress`."""
        if kernel not in self.sums:
            self.sums[kernel] = [mean, tilt, Q, gain, metric, explained]
            return
        old = self.sums[kernel]
        self.sums[kernel] = [old[0] + mean, old[1] + tilt, old[2] + Q, old[3] + gain, metric, old[5] + explained]

    def predictor(self) -> Predictor:
        """The sum, in single precision."""
        parts = []
        for kernel, (mean, tilt, Q, gain, metric, explained) in self.sums.items():
            root, signs, rest = compress(Q, metric, tilt, explained)
            parts.append(Part(kernel, mean.float().numpy(), tilt.float().numpy(), root, signs, gain, rest))
        curved = any(metric is not None for *_, metric, _ in self.sums.values())
        basis = shorter(self.supports, self.geometry.width, parts)
        supports = self.supports.numpy() if curved else np.zeros((0, self.supports.shape[1]))
        inside = supports @ basis if basis.shape[1] else supports
        numbers = self.geometry.spread, self.geometry.width, self.bias, self.noise + self.level, self.noise, self.factor
        return Predictor(self.geometry.centre.astype(np.float32), basis, inside.astype(np.float32),
                         (supports**2).sum(1).astype(np.float32), *numbers, tuple(parts),
                         self.geometry.graph if GRAPH in self.sums else None)
