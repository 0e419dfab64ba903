"""Exact nearest neighbours by cosine, with a mask."""

import numpy as np

from flaskr.embeddings.store import Matrix

BLOCK = 16_384  # rows turned to float32 at a time: fits the cache, so the float16 store costs no second copy


def nearest(matrix: Matrix, query: np.ndarray, *, count: int = 12, mask: np.ndarray | None = None
            ) -> tuple[np.ndarray, np.ndarray]:
    """(item ids int64 [k], cosines float32 [k]) of the rows nearest to `query` float32 [dim], best first.

    `mask` bool [n]: rows that may be answered. k <= count; fewer where fewer may be.
    """
    query = np.asarray(query, np.float32)
    length = float(np.linalg.norm(query))
    rows = np.arange(len(matrix.ids)) if mask is None else np.flatnonzero(mask)
    if not length or not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    query = query / length
    if matrix.wide is not None:
        cosines = matrix.wide @ query if mask is None else matrix.wide[rows] @ query
    else:
        cosines = np.concatenate([matrix.vectors[rows[at:at + BLOCK]].astype(np.float32) @ query
                                  for at in range(0, len(rows), BLOCK)])
    count = min(count, len(rows))
    best = np.argpartition(-cosines, count - 1)[:count]
    best = best[np.lexsort((matrix.ids[rows[best]], -cosines[best]))]
    return matrix.ids[rows[best]], cosines[best]
