"""Boosted trees as arrays: grown by scikit-learn, kept and asked without it, so that nothing is pickled."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from threadpoolctl import threadpool_limits

TREES, LEAVES, DEPTH, RATE = 150, 31, 8, 0.08


@dataclass(frozen=True)
class Forest:
    """logit = base + sum of one leaf of each tree. feature int16, threshold float32, left and right int32, value float32, all
    [trees x nodes] flat, children as places in the flat arrays; a leaf is its own child. depth: steps to every leaf.
    tail: what is taken from the logit for each point of an item's log popularity, so that pages reach further."""

    name: ClassVar[str] = "forest"
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    base: float
    depth: int
    tail: float = 0.0

    def logit(self, rows: np.ndarray) -> np.ndarray:
        """float32 [n] for float32 [n, features], without NaN."""
        width, flat = rows.shape[1], np.ascontiguousarray(rows, np.float32).ravel()
        feature, threshold, child, value, roots = self._pairs
        found = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), 256):
            count = min(256, len(rows) - start)
            place = np.repeat(roots[None], count, axis=0)
            first = (np.arange(start, start + count) * width)[:, None]
            for _ in range(self.depth):
                more = flat.take(first + feature.take(place)) > threshold.take(place)
                place = child.take(place) + more
            found[start:start + count] = value.take(place).sum(1)
        return found + np.float32(self.base)

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, ...]:
        """(feature, threshold, child, value, roots) in an order in which a node's right child follows its left one, so that a
        step down is one look and one addition; a leaf is its own child, and nothing is more than its threshold."""
        inner = np.flatnonzero(self.left != np.arange(len(self.left)))
        order = np.concatenate([self.roots, np.column_stack([self.left[inner], self.right[inner]]).ravel()])
        place = np.empty(len(order), np.intp)
        place[order] = np.arange(len(order))
        leaf = self.left[order] == order
        return (self.feature[order].astype(np.intp), np.where(leaf, np.inf, self.threshold[order]).astype(np.float32),
                place[self.left[order]], self.value[order], place[self.roots])


def grow(rows: np.ndarray, hit: np.ndarray, *, trees: int = TREES, share: float = 1.0, seed: int = 0) -> Forest:
    """Boosted trees (Friedman 2001; histograms as LightGBM's, by scikit-learn) for the chance of `hit` bool [n] from float32
    [n, features]. share: what part of the misses `rows` holds; the base is set back to what all of them would give."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    grower = HistGradientBoostingClassifier(max_iter=trees, learning_rate=RATE, max_leaf_nodes=LEAVES, max_depth=DEPTH,
                                            min_samples_leaf=100, l2_regularization=10, early_stopping=False,
                                            random_state=seed)
    with threadpool_limits(1):  # OpenMP threads spin: with other work on the machine two take ten times as long as one
        model = grower.fit(rows, hit)
    grown = [tree.nodes for (tree,) in model._predictors]  # its only door to the nodes; a test compares the answers
    starts = np.concatenate([[0], np.cumsum([len(nodes) for nodes in grown])]).astype(np.int32)
    nodes = np.concatenate(grown)
    own = np.arange(len(nodes), dtype=np.int32)
    offset = np.repeat(starts[:-1], [len(some) for some in grown])
    leaf = nodes["is_leaf"].astype(bool)
    return Forest(nodes["feature_idx"].astype(np.int16), nodes["num_threshold"].astype(np.float32),
                  np.where(leaf, own, nodes["left"].astype(np.int32) + offset).astype(np.int32),
                  np.where(leaf, own, nodes["right"].astype(np.int32) + offset).astype(np.int32),
                  np.where(leaf, nodes["value"], 0).astype(np.float32), starts[:-1],
                  float(model._baseline_prediction.ravel()[0] + np.log(share)), int(nodes["depth"].max()))
