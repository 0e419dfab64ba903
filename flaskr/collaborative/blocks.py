"""The heavy parts of a fit in blocks: here, or side by side in the workers of an executor, to the same numbers."""
from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

AHEAD = 16  # blocks that are in work or waiting at a time: results that nobody took yet are held
CELLS = 1 << 22  # numbers of a product that are held as one strip: 16 MB
ROWS = 1 << 24  # entries of a sparse matrix that travel to a worker at once: 128 MB

Strip = tuple[slice, np.ndarray]


def each(function: Callable, arguments: Iterable[tuple], executor: Executor | None = None) -> Iterator[Any]:
    """function(*one) for each tuple, in the order given. function stands at the top of a module, as it travels by name.
    Whatever a block raises is raised here; what waited then is given up."""
    if executor is None:
        for one in arguments:
            yield function(*one)
        return
    source, waiting = iter(arguments), deque()
    try:
        while True:
            waiting.extend(executor.submit(_alone, function, *one) for one in islice(source, AHEAD - len(waiting)))
            if not waiting:
                return
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def shared(value: Any, executor: Executor | None = None) -> Any:
    """What many blocks take, as an argument for them: an executor that can `share` sends it to each worker once."""
    return getattr(executor, "share", lambda one: one)(value)


def strips(X: csr_array, Y: csr_array, executor: Executor | None = None, *, cells: int | None = None,
           rows: int | None = None) -> Iterator[Strip]:
    """(which, float32 [those, k]): the rows of X^T Y from the first to the last, X: csr [n, m], Y: csr [n, k], n people.

    A block is a strip of X's columns by at most `rows` entries of people; sums over people are added in their order, so the
    numbers depend on the blocks and not on who computes them. Neither m x k numbers nor all people are ever held at once."""
    m, k = X.shape[1], Y.shape[1]
    height = max((cells or CELLS) // max(k, 1), 1)
    some = [slice(start, min(start + height, m)) for start in range(0, m, height)]
    edges = _edges(Y, rows or ROWS)
    parts = [(X[start:end].T.tocsr(), shared(Y[start:end], executor)) for start, end in zip(edges, edges[1:], strict=False)]
    done = each(_strip, ((turned[which], theirs) for which in some for turned, theirs in parts), executor)
    for which in some:
        found = next(done)
        for _ in parts[1:]:
            found += next(done)
        yield which, found


def product(X: csr_array, Y: csr_array, executor: Executor | None = None) -> np.ndarray:
    """float32 [m, k]: X^T Y, dense."""
    whole = np.empty((X.shape[1], Y.shape[1]), np.float32)
    for which, found in strips(X, Y, executor):
        whole[which] = found
    return whole


def strongest(columns: Iterable[Strip], place: np.ndarray, n_items: int, kept: int) -> csr_array:
    """csr [n_items, n_items] of the `kept` entries of largest size in each column of a matrix among the items `place`. columns:
    (which of them, float32 [those, all of them]), each column lying."""
    kept, found = min(kept, len(place)), []
    for which, lying in columns if kept else ():
        rows = np.argpartition(-np.abs(lying), kept - 1, axis=1)[:, :kept]
        found.append((np.take_along_axis(lying, rows, 1).ravel(), place[rows.ravel()], np.repeat(place[which], kept)))
    if not found:
        return csr_array((n_items, n_items), dtype=np.float32)
    values, rows, columns = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return csr_array((values, (rows, columns)), shape=(n_items, n_items))


def lying(dense: np.ndarray) -> Iterator[Strip]:
    """The columns of a dense matrix as `strongest` takes them."""
    height = max(CELLS // max(len(dense), 1), 1)
    for start in range(0, dense.shape[1], height):
        which = slice(start, min(start + height, dense.shape[1]))
        yield which, np.ascontiguousarray(dense[:, which].T)


def _edges(Y: csr_array, rows: int) -> list[int]:
    """Where to cut the people so that no part has more than `rows` entries (but one person is never cut)."""
    edges = [0]
    while edges[-1] < Y.shape[0]:
        last = int(np.searchsorted(Y.indptr, Y.indptr[edges[-1]] + rows, side="right")) - 1
        edges.append(max(last, edges[-1] + 1))
    return edges if len(edges) > 1 else [0, 0]


def _strip(turned: csr_array, theirs: csr_array) -> np.ndarray:
    return (turned @ theirs).toarray().astype(np.float32, copy=False)


def _alone(function: Callable, *arguments: Any) -> Any:
    """In the worker, which has neighbours: one BLAS thread."""
    with threadpool_limits(1):
        return function(*arguments)
