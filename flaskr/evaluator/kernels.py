"""Which tastes can be expressed: the kernels, how strongly each is smoothed, and the scale of a person's vectors."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

Item, Result = TypeVar("Item"), TypeVar("Result")
SHARED = 400  # rows from which threads gain more than they cost
WORKERS = 4  # of them at most: each holds a matrix
MIDDLE = 5.0  # the rating that is assumed where nobody rated anything
LINEAR, WIDE, NARROW, FLAT = "linear", "wide", "narrow", "flat"
KERNELS = (LINEAR, WIDE, NARROW)
SHRINKAGES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # noise variance / signal variance; FLAT is the limit (the mean)
SAMPLE = 1000  # rows that are enough for a median distance


@dataclass(frozen=True)
class Candidate:
    """One way to guess: a kernel and its shrinkage (noise variance as a multiple of signal variance)."""

    kernel: str
    shrinkage: float

    @property
    def constant(self) -> float:
        """Prior variance of the person's average in signal variances: five times that of one rating, hence the
        average is drawn towards MIDDLE by the weight of a fifth of one rating."""
        return 5.0 * (1.0 + self.shrinkage)


CANDIDATES = (Candidate(FLAT, 1.0),) + tuple(Candidate(k, s) for k in KERNELS for s in SHRINKAGES)


@dataclass(frozen=True)
class Geometry:
    """Where the rated vectors lie. Made from X alone, never from ratings, so it may be shared by all folds.

    centre: float64 [dim], their mean. spread: their mean squared distance from it. width: median squared distance of
    two of them, the usual scale of an RBF kernel (the median heuristic: Garreau, Jitkrittum, Kanagawa 2017).
    """

    centre: np.ndarray
    spread: float
    width: float

    @classmethod
    def of(cls, X: np.ndarray, seed: int = 0) -> Geometry:
        """Measure X, float [n, dim]; the median comes from at most SAMPLE rows drawn by `seed`."""
        import torch

        centre = X.mean(axis=0, dtype=np.float64)
        rows = np.random.default_rng(seed).permutation(len(X))[:SAMPLE]
        some = torch.from_numpy(X[rows].astype(np.float64) - centre)
        distances = squared_distances(some, some).numpy()[np.triu_indices(len(some), 1)]
        width = float(np.median(distances)) if len(distances) else 0.0
        spread = float(some.square().sum(1).mean())
        return cls(centre, spread if spread > 1e-12 else 1.0, width if width > 1e-12 else 1.0)

    def features(self, kernel: str, A: Tensor, supports: Tensor) -> Tensor:
        """What a kernel sees of centred rows A [m, dim]: scaled coordinates [m, dim] for LINEAR, otherwise the
        similarities [m, q] to the centred supports [q, dim].

        WIDE is exp(-d^2 / 2 width); NARROW is its fourth power, half as wide, and costs no second exponential.
        """
        if kernel == LINEAR:
            return A * (self.spread**-0.5)
        wide = (squared_distances(A, supports) * (-0.5 / self.width)).exp()
        return wide if kernel == WIDE else wide.square().square()

    def gram(self, kernel: str, A: Tensor) -> Tensor:
        """Kernel matrix [n, n] of centred rows A [n, dim]; its mean diagonal is 1 for every kernel but FLAT (0)."""
        if kernel == FLAT:
            return A.new_zeros(len(A), len(A))
        seen = self.features(kernel, A, A)
        return seen @ seen.T if kernel == LINEAR else seen


def squared_distances(A: Tensor, B: Tensor) -> Tensor:
    """Squared Euclidean distances [a, b] of rows A [a, dim] and B [b, dim], by one product of matrices."""
    import torch

    product = torch.addmm((B * B).sum(1)[None], A, B.T, alpha=-2)
    return product.add_((A * A).sum(1, keepdim=True)).clamp_(min=0)


@contextmanager
def one_thread() -> Iterator[None]:
    """Each product on one thread: BLAS threads wait for one another by spinning, which on a machine that has anything
    else to do made a fit of 1,000 ratings take 24 s instead of 2 s (measured). `share` uses the other cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_num_threads(before)


def share(work: Callable[[Item], Result], items: Sequence[Item], rows: int) -> Iterator[Result]:
    """Results of work(item) in order, from several threads where `rows` make it worth while (torch lets go of the
    interpreter's lock), inside one_thread. How many threads there are changes no digit."""
    import torch

    workers = min(len(items), WORKERS, os.cpu_count() or 1)
    if rows < SHARED or workers < 2:
        yield from map(work, items)
        return

    def alone(item: Item) -> Result:
        with torch.inference_mode():
            return work(item)

    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield from pool.map(alone, items)
