"""Adds the chosen candidates up, kernel by kernel, into one predictor."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.compress import WORTH, compress, like, shorter, straight
from flaskr.evaluator.kernels import GRAPH, NARROW, STRAIGHT, Candidate, Geometry
from flaskr.evaluator.predictor import Part, Predictor, bears_short

if TYPE_CHECKING:
    from torch import Tensor

    from flaskr.evaluator.interest import Interest


@dataclass
class Assembly:
    """Sums over candidates. supports: centred rows [q, dim] in double precision, shared by the curved kernels; the variance
    looks at the first `own` of them. interest: what else moves the mean, and by how many points per unit."""

    geometry: Geometry
    supports: Tensor
    factor: float
    own: int
    bias: float = 0.0
    noise: float = 0.0
    level: float = 0.0
    sums: dict[str, list] = field(default_factory=dict)
    interest: tuple[Interest, float] | None = None

    def add_level(self, bias: float, noise: float, level: float) -> None:
        """Add to the mean everywhere, to the noise variance, and to the variance of the average."""
        self.bias, self.noise, self.level = self.bias + bias, self.noise + noise, self.level + level

    def add_average(self, total: float, n: int, flat: Candidate, bold: float, size: float) -> None:
        """Add the average of n ratings as a candidate."""
        count = n + flat.shrinkage / flat.constant
        self.add_level(bold * total / count, size * flat.shrinkage, size * flat.shrinkage / count)

    def add_interest(self, interest: Interest, points: float) -> None:
        """Add so many points per unit of interest to the mean."""
        self.interest = interest, points
        self.add_level(points * interest.level, 0, 0)

    def add(self, kernel: str, mean: Tensor, tilt: Tensor, Q: Tensor, gain: float, metric: Tensor, explained: float) -> None:
        """Add mean k'mean and variance gain k(x,x) - 2 k'tilt - k'Qk for features k, of curved kernels the first `own` of
        them; metric, explained: as in `compress`, or the moments of `straight`."""
        if kernel not in self.sums:
            self.sums[kernel] = [mean, tilt, Q, gain, metric, explained]
            return
        old = self.sums[kernel]
        self.sums[kernel] = [old[0] + mean, old[1] + tilt, old[2] + Q, old[3] + gain, metric, old[5] + explained]

    def predictor(self) -> Predictor:
        """The sum, in single precision."""
        import torch

        parts = []
        for kernel, (mean, tilt, Q, gain, metric, explained) in self.sums.items():
            root, signs, rest = straight(Q, metric, explained) if kernel in STRAIGHT else compress(Q, metric, tilt, explained)
            part = Part(kernel, mean[:len(tilt)].float().numpy(), tilt.float().numpy(), root, signs, gain, rest)
            parts.append(replace(part.wider(len(mean) - len(tilt)), mean=mean.float().numpy()))
        supports = self.supports
        if self.interest is not None:
            supports, parts = self._with_interest(parts)
        curved = any(part.kernel not in STRAIGHT for part in parts)
        graph = self.geometry.graph
        library = None if graph is None else torch.from_numpy(graph.rows)
        basis = shorter(supports, self.geometry.width, parts, library)
        kept = supports.numpy() if curved else np.zeros((0, supports.shape[1]))
        inside = kept @ basis if basis.shape[1] else kept
        numbers = self.geometry.spread, self.geometry.width, self.bias, self.noise + self.level, self.noise, self.factor
        found = Predictor(self.geometry.centre.astype(np.float32), basis, inside.astype(np.float32),
                          (kept**2).sum(1).astype(np.float32), *numbers, tuple(parts),
                          graph if GRAPH in self.sums else None, own=self.own if curved else 0)
        if not curved or len(supports) < WORTH:
            return found
        items = like(supports.float()) if library is None else library.float()
        return replace(found, short=bears_short(found, items))

    def _with_interest(self, parts: list[Part]) -> tuple[Tensor, list[Part]]:
        """(supports, parts) in which the landmarks of interest are supports, too, and its weights part of the mean."""
        import torch

        interest, points = self.interest
        more, q = len(interest.landmarks), len(self.supports)
        mean = np.zeros(q + more, np.float32)
        mean[interest.rated] = points * interest.weights[:len(interest.rated)]
        mean[q:] = points * interest.weights[len(interest.rated):]
        if NARROW not in self.sums:
            none = np.zeros(q, np.float32)
            parts = [*parts, Part(NARROW, none, none, none[:, None], np.zeros(1, np.float32), 0.0, 0.0)]
        wider = [part if part.kernel in STRAIGHT else part.wider(more) for part in parts]
        return torch.cat([self.supports, interest.landmarks]), [
            replace(part, mean=part.mean + mean) if part.kernel == NARROW else part for part in wider]
