"""A learned taste as arrays: guesses with their spread for any number of items, in single precision and in chunks."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from flaskr.evaluator.graph import Graph
from flaskr.evaluator.kernels import GRAPH, LINEAR, POWERS, STRAIGHT, bent
from flaskr.evaluator.threads import one_thread, share, short_numbers

if TYPE_CHECKING:
    from torch import Tensor, dtype

CHUNK = 2048
BLUNT = 0.04  # error that short numbers may make, as a share of the deviation of guesses (correlation .999); of the spread
HIGHEST = 80.0  # exponent up to which a factor, and a sum of many, is a number in single precision


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

    def wider(self, more: int) -> Part:
        """The same with further supports that do nothing yet."""
        def longer(array: np.ndarray) -> np.ndarray:
            return np.concatenate([array, np.zeros((more, *array.shape[1:]), array.dtype)])

        return replace(self, mean=longer(self.mean), tilt=longer(self.tilt), root=longer(self.root),
                       joint=longer(self.joint) if self.joint.size else self.joint)


@dataclass(frozen=True)
class Predictor:
    """centre: float32 [dim]. basis: float32 [dim, r], principal directions of the rated items, or [dim, 0] for none.
    supports: float32 [q, r or dim], centred and in that basis; norms: their full squared lengths [q]. Variances are
    in points^2; factor widens the spread to what was observed. moved: float64 [u], constants of the joint columns. own:
    how many of the supports, the first ones, it was trained on (others: landmarks of interest, ratings since). short: whether
    its guesses bear products of short numbers (bears_short), where the processor has them."""

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
    own: int = 0
    short: bool = False

    @classmethod
    def constant(cls, dim: int, mean: float, variance: float) -> Predictor:
        """Guess `mean` everywhere."""
        none = np.zeros((0, dim), np.float32)
        return cls(np.zeros(dim, np.float32), none.T, none, np.zeros(0, np.float32), 1.0, 1.0, float(mean),
                   float(variance), float(variance), 1.0)


def together(predictors: Sequence[Predictor], spaces: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, spread), float32 [m] each, of items whose rows in each predictor's space are `spaces`, float32 [m, dim]."""
    return finite(*sums(predictors, spaces), predictors)


def sums(predictors: Sequence[Predictor], spaces: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, variance) as they are added up, not held within the scale."""
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
    return means.numpy(), variances.numpy()


def finite(mean: np.ndarray, variance: np.ndarray, predictors: Sequence[Predictor]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, spread) on the scale, from sums over spaces; ValueError where an embedding was not finite."""
    if not (np.isfinite(mean).all() and np.isfinite(variance).all()):
        raise ValueError("an embedding is not a finite number")
    floor = np.float32(sum(p.floor for p in predictors))
    return np.clip(mean, 0, 10), np.float32(predictors[0].factor) * np.sqrt(np.maximum(variance, floor))


def bears_short(p: Predictor, items: Tensor) -> bool:
    """Whether guesses of `items`, centred rows [m, dim] like those to come, hardly change with short numbers. They change much
    where large terms of both signs add up to little, as they may of landmarks and of directions that were learned."""
    import torch

    if short_numbers() is torch.float32:
        return False
    rows = items + torch.from_numpy(p.centre)
    (exact, sure, _), (near, spread, _) = (Fixed(p, number).guess(rows) for number in (torch.float32, short_numbers()))
    return bool((near - exact).std() < BLUNT * exact.std() and (spread - sure).std() < 2 * BLUNT * sure.mean())


class Fixed:
    """A predictor's arrays as tensors, joined so that a block of rows costs few passes over memory.

    A curved kernel is exp(-d^2 power / 2 width) with d^2 = |x|^2 - 2 x's + |s|^2. Only the product needs a number for each
    pair; what hangs on the support alone goes into the columns, what hangs on the item alone is multiplied in at the end.
    Kernels whose power is twice that of another are its squares. Where factors could leave single precision (items and rated
    ones far from the centre of what else was rated), the distance is made as a whole.
    """

    def __init__(self, p: Predictor, number: dtype | None = None) -> None:
        """number: of which products are made, where not what suits p and the processor."""
        import torch

        self.p = p
        self.centre = torch.from_numpy(p.centre)
        self.basis, self.moved = torch.from_numpy(p.basis), torch.from_numpy(p.moved).float()
        self.curved = sorted((part for part in p.parts if part.kernel in POWERS), key=lambda part: POWERS[part.kernel])
        self.others = [(part, torch.from_numpy(part.columns())) for part in p.parts if part.kernel not in POWERS]
        self.signs = {part.kernel: torch.from_numpy(part.signs) for part in p.parts}
        self.supports, self.norms = torch.from_numpy(p.supports), torch.from_numpy(p.norms)
        self.number = number or (short_numbers() if p.short else torch.float32)
        self.columns = {}
        for part in self.curved:
            scale = (self.norms * (-0.5 * POWERS[part.kernel] / p.width)).exp()
            columns = torch.from_numpy(part.columns()) * scale[:, None]
            own = (scale.square() * (torch.arange(len(scale)) < p.own))[:, None]
            self.columns[part.kernel] = columns.to(self.number), own.to(self.number)
        if self.curved:
            self.slope = (self.supports.T * (POWERS[self.curved[0].kernel] / p.width)).to(self.number)
            self.towards, self.longest = self.basis.to(self.number), float(self.norms.max())

    def guess(self, rows: Tensor, keep: dict[str, Tensor] | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """(mean [m], variance [m] without later ratings, joint [m, u]) of rows [m, dim]. `keep` gets, of each kernel, what
        its directions and its tilt say [m, rank + 1]."""
        import torch

        p, away = self.p, rows - self.centre
        lengths = torch.linalg.vector_norm(away, dim=1).square()
        mean, variance = 0 * lengths + p.bias, 0 * lengths + p.base  # what is not finite shows, also where it is flat
        joint = self.moved + torch.zeros(len(rows), 1)
        for part, out, power in [*self._curved(away, lengths), *self._others(away, lengths)]:
            rank = len(part.signs)
            mean += out[:, rank]
            variance += part.gain * (1 if part.kernel not in STRAIGHT else power) - part.rest * power
            variance -= 2 * out[:, rank + 1] + out[:, :rank].square() @ self.signs[part.kernel]
            joint += out[:, rank + 2:]
            if keep is not None:
                keep[part.kernel] = out[:, :rank + 2][:, [*range(rank), rank + 1]]
        return mean, variance, joint

    def _curved(self, away: Tensor, lengths: Tensor) -> Iterator[tuple[Part, Tensor, Tensor]]:
        """(part, features times columns [m, rank + 2 + u], |features|^2 [m]) of each curved kernel."""
        if not self.curved:
            return
        largest = 2 * POWERS[self.curved[-1].kernel] / self.p.width  # it is squared once more
        if float(lengths.max()) * self.longest > (HIGHEST / largest) ** 2:
            yield from self._far(away, lengths)
            return
        near = away.to(self.number)
        near = near @ self.towards if self.basis.shape[1] else near
        seen, power = (near @ self.slope).exp_(), POWERS[self.curved[0].kernel]
        for part in self.curved:
            while power < POWERS[part.kernel]:
                seen, power = seen.square_(), 2 * power
            columns, own = self.columns[part.kernel]
            size = (lengths * (-0.5 * power / self.p.width)).exp()
            out, seen, power = (seen @ columns).float() * size[:, None], seen.square_(), 2 * power
            yield part, out, (seen @ own).float()[:, 0] * size.square()

    def _far(self, away: Tensor, lengths: Tensor) -> Iterator[tuple[Part, Tensor, Tensor]]:
        """The same without factors, some three times as slow."""
        import torch

        for part in self.curved:
            seen = self.features(part.kernel, away, lengths)
            yield part, seen @ torch.from_numpy(part.columns()), seen[:, :self.p.own].square().sum(1)

    def _others(self, away: Tensor, lengths: Tensor) -> Iterator[tuple[Part, Tensor, Tensor]]:
        import torch

        for part, columns in self.others:
            if part.kernel == LINEAR:
                yield part, away @ columns * self.p.spread**-0.5, lengths / self.p.spread
                continue
            seen = self.features(part.kernel, away, lengths)
            yield part, seen @ columns, torch.linalg.vector_norm(seen[:, :self.first(part.kernel)], dim=1).square()

    def first(self, kernel: str) -> int | None:
        """How many of a kernel's features the variance looks at, beside the directions that were kept; None: all."""
        return None if kernel in STRAIGHT else self.p.own

    def features(self, kernel: str, away: Tensor, lengths: Tensor | None = None) -> Tensor:
        """What a kernel sees of centred rows [m, dim]: [m, q]."""
        import torch

        if kernel == LINEAR:
            return away * self.p.spread**-0.5
        if kernel == GRAPH:
            return self.p.graph.features(away)
        lengths = torch.linalg.vector_norm(away, dim=1).square() if lengths is None else lengths
        short = away @ self.basis if self.basis.shape[1] else away
        exponent = torch.addmm(self.norms[None] * (-0.5 / self.p.width), short, self.supports.T, alpha=1 / self.p.width)
        return bent(kernel, exponent.add_((-0.5 / self.p.width * lengths)[:, None]))
