"""Taste as a Gaussian process over items: what a person said of some items tells about those that are like them."""
from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

import numpy as np
from scipy.linalg import lapack
from scipy.sparse import csr_array

from flaskr.collaborative.blocks import Strip, strips, strongest
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.franchise import franchises
from flaskr.collaborative.recency import fading, for_ratings
from flaskr.collaborative.simple import features, fit_bias

KEPT = 50  # close items kept of each
FAR = 1e-3  # what is less close than this says nothing that the directions do not
WIDTH = 128  # directions kept of who-watched
FEW = 2.0  # added to the root of an item's rows: two rare items that share one person are hardly alike
LEVEL, DESCRIBED, TOGETHER, CLOSE, STORY, NOISE = 0.5, 0.3, 1.5, 1.0, 0.6, 0.6  # variances, in points squared


@dataclass(frozen=True)
class Taste:
    """Expected rating = mean + item + what the person's ratings say through the kernel

    k(i, j) = LEVEL + DESCRIBED a_i.a_j + TOGETHER c_ij + CLOSE c_ij^4 + STORY [one franchise]

    a: what the catalogue says; c: cosine of who watched i and who watched j. item float32 [m]; described float32 [m, f]: a
    and the first directions of c, so that their inner products are the second and third term (cutting c down to its
    largest entries would not leave a kernel); close csr [m, m]: CLOSE c^4, strongest only; story int32 [m]. half_life:
    days after which a rating is twice as unsure, where times are known; 0 is none."""

    name: ClassVar[str] = "taste"
    mean: float
    item: np.ndarray
    described: np.ndarray
    close: csr_array
    story: np.ndarray
    noise: float = NOISE
    half_life: float = 0.0

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the expected rating as an order."""
        return self.rate(people)

    def rate(self, people: Ratings) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        weight = self.explain(people)
        told = weight @ self.close
        found = told.toarray() if isinstance(told, csr_array) else told
        found += (weight @ self.described) @ self.described.T
        found += STORY * (weight @ self._stories).toarray()[:, self.story]
        found += LEVEL * np.asarray(weight.sum(1)).reshape(-1, 1) + self.mean + self.item
        return np.clip(found, 0, 10).astype(np.float32, copy=False)

    def explain(self, people: Ratings) -> csr_array:
        """csr [people, items]: alpha = (K + noise diag(1 / fading))^-1 (rating - mean - item) on the rated rows of each person
        (Rasmussen and Williams 2006, equation 2.25); a row's part in the rating of item j is alpha_i k(i, j)."""
        mine = people.keep(people.rated)
        left = mine.rating - self.mean - self.item[mine.item]
        unsure = np.broadcast_to(self.noise / fading(mine, self.half_life), len(mine)).astype(np.float32)
        alpha, starts = np.zeros(len(mine), np.float32), mine.starts
        place = np.full(len(self.item), -1, np.int32)
        for start, end in zip(starts, starts[1:], strict=False):
            if start < end:
                kernel = self._among(mine.item[start:end], place)
                alpha[start:end] = _solve(kernel, left[start:end], unsure[start:end])
        return mine.matrix(alpha)

    def _among(self, items: np.ndarray, place: np.ndarray) -> np.ndarray:
        """float32 [n, n]: the kernel among some items. place: int32 [m] of -1, given back as it was."""
        a, story, near = self.described[items], self.story[items], self.close[items]
        found = a @ a.T + LEVEL + STORY * (story[:, None] == story)
        place[items] = np.arange(len(items), dtype=np.int32)
        row, column = np.repeat(np.arange(len(items)), np.diff(near.indptr)), place[near.indices]
        known = column >= 0
        found[row[known], column[known]] += near.data[known]
        place[items] = -1
        return found

    @cached_property
    def _stories(self) -> csr_array:
        m = len(self.story)
        return csr_array((np.ones(m, np.float32), self.story, np.arange(m + 1)), shape=(m, int(self.story.max(initial=-1)) + 1))


def _solve(kernel: np.ndarray, left: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """(kernel + diag(noise))^-1 left; more noise where cutting `close` short left no positive matrix."""
    diagonal = np.diag_indices_from(kernel)
    while True:
        kernel[diagonal] += noise
        _, found, wrong = lapack.sposv(kernel, left, lower=1)
        if not wrong:
            return found
        noise = noise * 2


def fit_taste(data: Ratings, *, noise: float = NOISE, kept: int = KEPT, width: int = WIDTH, seed: int = 0,
              executor: Executor | None = None) -> Taste:
    """Item means and what is alike; the person's part is solved when they are asked about."""
    half_life = for_ratings(data, partial(fit_taste, noise=noise, kept=kept, width=width, seed=seed, executor=executor))
    bias = fit_bias(data)
    story = np.arange(data.n_items, dtype=np.int32) if data.catalogue is None else franchises(data.catalogue.names)
    size = np.sqrt(np.bincount(data.item, minlength=data.n_items)).astype(np.float32) + FEW
    watched = data.matrix(1 / size[data.item])  # its Gram matrix is c

    def columns() -> Iterator[Strip]:
        for which, both in strips(watched, watched, executor):
            both **= 4
            both[both < FAR] = 0
            yield which, both

    close = CLOSE * strongest(columns(), np.arange(data.n_items), data.n_items, kept)
    close.eliminate_zeros()
    described = np.hstack([DESCRIBED**0.5 * features(data), TOGETHER**0.5 * directions(watched, width, seed)])
    return Taste(bias.mean, bias.item, described.astype(np.float32), close.maximum(close.T.tocsr()).tocsr(), story, noise,
                 half_life)


def directions(watched: csr_array, width: int, seed: int) -> np.ndarray:
    """float32 [m, width]: Z with Z Z^T the best approximation of watched^T watched, by randomized SVD (Halko, Martinsson
    and Tropp 2011)."""
    from sklearn.utils.extmath import randomized_svd
    width = min(width, *watched.shape)
    _, strength, turned = randomized_svd(watched, width, n_iter=2, random_state=seed)
    return (turned.T * strength).astype(np.float32)
