"""A whole library's guesses kept at hand, so that one more rating moves all of them within a tenth of a second.

What costs time in predict is the similarity of each item to each rated one. Here it is kept in short: the few directions
of the variance that a predictor keeps (compress.py), for each item. A new rating then needs one product of them and the
similarity of each item to the one that was rated.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.kernels import GRAPH, LINEAR, STRAIGHT, bent
from flaskr.evaluator.predictor import CHUNK, Fixed, Predictor, finite
from flaskr.evaluator.threads import one_thread, share

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Held:
    """spaces: float32 [m, dim] each; lengths: [m] each, squared distances from the centre. short: float32 [m, c], per
    part of each space its directions, then its tilt; last what ratings since training explained. means, variances:
    float32 [m], before clipping. joints: float32 [m] each, what ratings given since have explained."""

    predictors: Sequence[Predictor]
    boldness: float
    spaces: Sequence[Tensor]
    lengths: Sequence[Tensor]
    short: Tensor
    means: Tensor
    variances: Tensor
    joints: tuple[Tensor, ...] = ()

    @classmethod
    def of(cls, predictors: Sequence[Predictor], spaces: Sequence[np.ndarray], boldness: float) -> Held:
        """Look at every item once; as long as predict takes."""
        import torch

        rows = [torch.from_numpy(np.ascontiguousarray(X, np.float32)) for X in spaces]
        m = len(rows[0])
        means, variances, lengths = torch.empty(m), torch.empty(m), [torch.empty(m) for _ in rows]
        with one_thread():
            fixed = [Fixed(p) for p in predictors]

            def look(start: int) -> Tensor:
                block, kept, told = slice(start, start + CHUNK), [], []
                for f, X, far in zip(fixed, rows, lengths, strict=True):
                    told.append({})
                    kept.append(f.guess(X[block], told[-1]))
                    far[block] = torch.linalg.vector_norm(X[block] - f.centre, dim=1).square()
                mean, variance, joint = (sum(said) for said in zip(*kept, strict=True))
                means[block], variances[block] = mean, variance - joint.square().sum(1)
                short = [said[part.kernel] for p, said in zip(predictors, told, strict=True) for part in p.parts]
                return torch.cat([*short, joint], dim=1)

            pieces = list(share(look, range(0, m, CHUNK), m))
        return cls(predictors, boldness, rows, lengths, torch.cat(pieces), means, variances)

    def predict(self) -> tuple[np.ndarray, np.ndarray]:
        """(mean, spread), float32 [m] each, as Evaluator.predict."""
        return finite(self.means.numpy(), self.variances.numpy(), self.predictors)

    def rated(self, place: int, y: float) -> Held:
        """The same after item `place` (its row) got the rating y, 0..10; ValueError for what is no rating."""
        import torch

        if not 0 <= y <= 10:
            raise ValueError("ratings must lie between 0 and 10")
        with torch.inference_mode():
            C = self._covariance(place)
            noise = sum(p.floor for p in self.predictors)
            left = max(float(self.variances[place]), noise) + noise * 1e-6
            step = self.boldness * (y - float(self.means[place].clamp(0, 10))) / left
            joint = C * left**-0.5
            return replace(self, means=self.means + step * C, variances=self.variances - joint.square(),
                           joints=(*self.joints, joint))

    def _covariance(self, place: int) -> Tensor:
        """C(z, x) [m] of every item z with item x at `place`, as in update.py."""
        import torch

        total, weights, at = torch.zeros(len(self.means)), [], 0
        for p, X, lengths in zip(self.predictors, self.spaces, self.lengths, strict=True):
            total += p.base - p.floor
            centre = torch.from_numpy(p.centre)
            dots = X @ (X[place] - centre) - float(centre @ (X[place] - centre))
            exponent = (dots * 2 - lengths - lengths[place]) * (0.5 / p.width)
            for part in p.parts:
                rank = len(part.signs)
                own, signs = self.short[place, at:at + rank + 1], torch.from_numpy(part.signs)
                size = torch.from_numpy(np.square(part.root).sum(0)).clamp(min=1e-12)
                gain, rest = part.gain if part.kernel == GRAPH else 0.0, part.rest  # all of the graph's directions are there
                if part.kernel == LINEAR:  # the products of coordinates are there: exact
                    total += (part.gain - rest) / p.spread * dots
                    rest = 0.0
                weights += [own[:rank] * ((gain - rest) / size - signs), torch.tensor([-1.0])]
                total -= own[rank]
                at += rank + 1
                if part.kernel not in STRAIGHT:
                    total += part.gain * bent(part.kernel, exponent)
        total += self.short @ torch.cat([*weights, -self.short[place, at:]])
        for joint in self.joints:
            total -= joint * joint[place]
        return total
