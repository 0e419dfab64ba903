"""Which item to ask a person about next: promising ones, typical ones that nothing rated covers, and some by chance."""

import numpy as np

from flaskr.ranking.explore import noise

PROMISING, TYPICAL, CHANCE = "promising", "typical", "random"
SHARES = ((PROMISING, 12), (TYPICAL, 5), (CHANCE, 3))  # of every twenty questions
TWENTY = sum(count for _, count in SHARES)
BEST = 0.05  # share of the open items that counts as promising, but at least ...
FEWEST = 20


def kind_of(number: int, seed: int) -> str:
    """What kind of question the `number`-th (from 0) is: in every twenty as many as SHARES says, in shuffled order."""
    block, place = divmod(number, TWENTY)
    kinds = [kind for kind, count in SHARES for _ in range(count)]
    order = np.argsort(noise(np.arange(TWENTY) + block * TWENTY, seed), kind="stable")
    return kinds[int(order[place])]


def promising(mean: np.ndarray, spread: np.ndarray, luck: np.ndarray) -> int | None:
    """Row of an item that is expected to be liked or may well be: one of the best by mean + spread, the luckiest of them.

    mean, spread: float32 [n], NaN where nothing is predicted; luck: uint64 [n] (explore.noise). None without predictions.
    The very best one after another would be near copies of each other, and teach little (hence the luck).
    """
    bound = mean + spread
    known = np.flatnonzero(~np.isnan(bound))
    if not len(known):
        return None
    some = min(len(known), max(FEWEST, int(BEST * len(known))))
    best = known[np.argpartition(-bound[known], some - 1)[:some]]
    return int(best[np.argmax(luck[best])])


def typical(open_: np.ndarray, covered: np.ndarray, may: np.ndarray | None = None) -> int:
    """Row of the open item, float32 [n, dim] unit rows, that stands for most others which nothing rated resembles.

    The greedy step of k-medoids (facility location: Nemhauser, Wolsey and Fisher 1978): the gain of an item is by how
    much all open ones would come nearer to their nearest asked one. covered: float32 [r, dim], what was rated or asked.
    Ties and an empty `covered` lead to the most central item. may: bool [n], which of them may be asked about, all if None.
    Costs n (n + r) dim: give it samples.
    """
    alike = open_ @ open_.T
    gain = alike.sum(1)
    if len(covered):
        near = (open_ @ covered.T).max(1)
        gain = np.maximum(alike - near[None], 0).sum(1)
    return int(np.argmax(gain if may is None else np.where(may, gain, -np.inf)))
