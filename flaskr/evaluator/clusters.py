"""Groups of what is alike in a library: k-means of unit vectors, the number of groups chosen by the size of the library."""

import numpy as np

FEWEST, MOST = 3, 20  # groups: fewer say nothing, more nobody reads
BLOCK = 4096
RUNS = 4
ROUNDS = 100


def amount(items: int) -> int:
    """How many groups a library of so many items is told in."""
    return int(min(max(round((items / 2) ** 0.5), FEWEST), MOST, max(items, 1)))


def centres(vectors: np.ndarray, *, count: int, seed: int = 0) -> np.ndarray:
    """Middles float32 [k, dim] of at most `count` groups of rows float32 [n, dim]; fewer where rows are the same.

    k-means++ and Lloyd's rounds by scikit-learn (Arthur and Vassilvitskii 2007), the best of RUNS.
    """
    from sklearn.cluster import KMeans

    count = min(count, len({row.tobytes() for row in vectors}))
    found = KMeans(count, n_init=RUNS, max_iter=ROUNDS, random_state=seed).fit(np.ascontiguousarray(vectors, np.float32))
    return found.cluster_centers_.astype(np.float32)


def nearest_centre(vectors: np.ndarray, middles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(group uint8 [n], squared distance to its middle float32 [n]) of rows [n, dim]."""
    group, far = np.zeros(len(vectors), np.uint8), np.zeros(len(vectors), np.float32)
    lengths = (middles**2).sum(1)
    for at in range(0, len(vectors), BLOCK):
        rows = vectors[at:at + BLOCK].astype(np.float32)
        square = (rows**2).sum(1)[:, None] + lengths[None] - 2 * rows @ middles.T
        group[at:at + BLOCK], far[at:at + BLOCK] = square.argmin(1), np.maximum(square.min(1), 0)
    return group, far


def central(group: np.ndarray, far: np.ndarray, *, groups: int, count: int) -> np.ndarray:
    """Rows int64 [groups, count] of the items nearest to the middle of each group, nearest first; -1 where there are fewer."""
    found = np.full((groups, count), -1, np.int64)
    for one in range(groups):
        rows = np.flatnonzero(group == one)
        best = rows[np.argsort(far[rows], kind="stable")[:count]]
        found[one, :len(best)] = best
    return found
