"""A library on a plane: t-SNE of some landmarks, every other item beside the landmarks it resembles.

t-SNE (van der Maaten and Hinton 2008) keeps neighbours together and says little of far distances. It is begun from the two
widest directions (PCA), as Kobak and Berens (2019) advise, so that the large order is that of the library and not of chance.
Its time grows with the landmarks alone: a million items more are only placed.
"""

from dataclasses import dataclass

import numpy as np

from flaskr.evaluator import clusters

LEAST = 12  # items of which a map says anything
LANDMARKS = 2000
SAMPLED = 20_000  # rows that the groups are found from
PERPLEXITY = 30
NEAR = 5  # landmarks that an item is placed by
APART = 0.12  # of the map's half: landmarks farther from the nearest one than this don't pull an item away from it
BLOCK = 1024


@dataclass(frozen=True)
class Plan:
    """What places any item. rows: float16 [m, dim], the landmarks; at: float32 [m, 2], where they lie, -1..1; middles:
    float32 [k, dim] of the groups; of: how many items the library had when this was made."""

    rows: np.ndarray
    at: np.ndarray
    middles: np.ndarray
    of: int


def plan(sample: np.ndarray, of: int, *, seed: int = 0) -> Plan:
    """From a sample of a library of `of` items, unit rows [n, dim], n >= LEAST. Same rows and seed, same plan."""
    rows = np.random.default_rng(seed).permutation(len(sample))[:LANDMARKS]
    marks = sample[np.sort(rows)].astype(np.float32)
    middles = clusters.centres(sample.astype(np.float32), count=clusters.amount(of), seed=seed)
    return Plan(marks.astype(np.float16), spread_out(marks, seed=seed), middles, of)


def spread_out(marks: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Places float32 [m, 2] within -1..1 of rows float32 [m, dim]."""
    from sklearn.manifold import TSNE

    if not np.ptp(marks, axis=0).any():
        return np.zeros((len(marks), 2), np.float32)  # all are the same
    perplexity = min(PERPLEXITY, max(2.0, (len(marks) - 1) / 3))
    found = TSNE(2, init="pca", perplexity=perplexity, random_state=seed, n_jobs=1).fit_transform(marks)
    found = found - np.median(found, axis=0)
    _, _, turn = np.linalg.svd(found, full_matrices=False)
    found = found @ turn.T * np.sign(turn[np.arange(2), np.abs(turn).argmax(1)])  # the wide side lies across
    reach = np.maximum(np.quantile(np.abs(found), 0.995, axis=0), 1e-9)
    return np.clip(0.97 * found / reach, -1, 1).astype(np.float32)


def place(made: Plan, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(places float32 [n, 2] in -1..1, group uint8 [n], squared distance to its middle float32 [n]) of unit rows [n, dim].

    An item lies at the mean of its NEAR most alike landmarks, weighted by 1 / distance^2, but only of those that lie near the
    most alike one: between two islands there is nothing.
    """
    marks, found = made.rows.astype(np.float32), np.zeros((len(vectors), 2), np.float32)
    lengths, near = (marks**2).sum(1), min(NEAR, len(marks))
    for at in range(0, len(vectors), BLOCK):
        rows = vectors[at:at + BLOCK].astype(np.float32)
        far = np.maximum((rows**2).sum(1)[:, None] + lengths[None] - 2 * rows @ marks.T, 0)
        best = np.argpartition(far, near - 1, axis=1)[:, :near]
        far = np.take_along_axis(far, best, axis=1)
        places = made.at[best]
        first = places[np.arange(len(rows)), far.argmin(1)]
        weight = 1 / (far + 1e-4)
        weight[np.linalg.norm(places - first[:, None], axis=2) > APART] = 0
        found[at:at + BLOCK] = (places * weight[:, :, None]).sum(1) / weight.sum(1, keepdims=True)
    return found, *clusters.nearest_centre(vectors, made.middles)
