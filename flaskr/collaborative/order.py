"""The order of a page: chance of watching and liking, times expected liking, and not a page of one story."""
from __future__ import annotations

import numpy as np


def promise(logit: np.ndarray, rating: np.ndarray) -> np.ndarray:
    """float32, the shapes of both: chance of watching (log odds in, -inf = never) x expected rating in 0..10 as a share.
    Order only: below the candidates the chance is as good as 0, and its log odds decide."""
    chance = np.exp(np.minimum(logit, 0)) / (1 + np.exp(-np.abs(logit)))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(chance) + np.log(np.clip(rating, 0.1, 10) / 10)
    return np.where(logit > -80, found, logit).astype(np.float32)


def page(key: np.ndarray, story: np.ndarray, count: int, *, most: int = 2) -> np.ndarray:
    """int: items of the `count` largest keys float [m], best first, at most `most` of one story; when other stories run out,
    the best of those left over follow. -inf never comes."""
    few = 8 * count + 100  # of the best; a page needs all only where a few stories fill these
    if few < len(key):
        best = np.sort(np.argpartition(-key, few)[:few])
        if len(chosen := best[_paged(key[best], story[best], count, most)]) == count and (
                np.bincount(np.unique(story[chosen], return_inverse=True)[1]) <= most).all():
            return chosen
    return _paged(key, story, count, most)


def _paged(key: np.ndarray, story: np.ndarray, count: int, most: int) -> np.ndarray:
    order = np.argsort(-key, kind="stable")
    order = order[key[order] > -np.inf]
    nth = np.empty(len(order), np.intp)
    by_story = np.argsort(story[order], kind="stable")
    sorted_story = story[order][by_story]
    first = np.searchsorted(sorted_story, sorted_story)
    nth[by_story] = np.arange(len(order)) - first
    return np.concatenate([order[nth < most], order[nth >= most]])[:count]
