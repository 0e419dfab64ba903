"""Exact nearest neighbours by cosine, with a mask."""

from functools import lru_cache
from types import ModuleType

import numpy as np

from flaskr.embeddings.store import Matrix

BLOCK = 2048  # rows turned to float32 at a time: they stay in the processor's cache, where multiplying costs little more


def nearest(matrix: Matrix, query: np.ndarray, *, count: int = 12, mask: np.ndarray | None = None
            ) -> tuple[np.ndarray, np.ndarray]:
    """(item ids int64 [k], cosines float32 [k]) of the rows nearest to `query` float32 [dim], best first.

    `mask` bool [n]: rows that may be answered. k <= count; fewer where fewer may be.
    """
    near = cosines(matrix, query)
    count = min(count, len(near) if mask is None else int(np.count_nonzero(mask)))
    if not count or not np.any(query):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    if mask is not None:
        near[~mask] = -np.inf  # picking rows out first would copy more than all products read
    best = np.argpartition(near, len(near) - count)[len(near) - count:]
    best = best[np.lexsort((matrix.ids[best], -near[best]))]
    return matrix.ids[best], near[best]


def cosines(matrix: Matrix, query: np.ndarray) -> np.ndarray:
    """Cosine of every row with `query` float32 [dim], float32 [n], a new array; zeros for a query of length 0."""
    query = np.asarray(query, np.float32)
    length = float(np.linalg.norm(query))
    if not length or not len(matrix.ids):
        return np.zeros(len(matrix.ids), np.float32)
    query = query / np.float32(length)
    if matrix.wide is not None:
        return matrix.wide @ query
    torch, near = _torch(), np.empty(len(matrix.ids), np.float32)
    # half the memory of a float32 copy, and faster than it: what is read from memory is what counts
    halves, found, wanted = (torch.from_numpy(array) for array in (matrix.vectors, near, query))
    with torch.inference_mode():
        for at in range(0, len(near), BLOCK):
            torch.mv(halves[at:at + BLOCK].float(), wanted, out=found[at:at + BLOCK])
    return near


@lru_cache(maxsize=1)
def _torch() -> ModuleType:
    """torch, whose float16 is fast where numpy's is not; loaded only where a library is large enough to need it."""
    import torch

    torch.set_num_threads(1)  # the work is as fast as memory; more threads spin against other requests
    return torch
