"""What listening says of an item: whether it was heard too recently, and whether it is usually heard to its end."""

import numpy as np

HALF_LIFE_DAYS = 7.0  # an item of middling liking is half recovered a week after it was heard
DAY = 86_400.0


def freshness(last_played: np.ndarray, now: float, mean: np.ndarray | float = 5.0,
              *, half_life_days: float = HALF_LIFE_DAYS) -> np.ndarray:
    """How far an item has recovered since it was last heard: float32 [n] in 0..1, never heard = 1.

    f = 1 - 2^(-t / h), with t the days since `last_played` (unix seconds, NaN = never) and a half-life that
    depends on liking: h = half_life_days * 2^((5 - mean) / 5), so half of it for a 10 and twice of it for a 0.
    Time alone decides: what was just added does not age what was there before, unlike a rank of last_played.
    A last_played in the future (the clock was changed) counts by its distance, so it can never lock an item out.
    """
    if not half_life_days > 0:
        raise ValueError(f"half_life_days must be above 0, it is {half_life_days}")
    days = np.abs(((now - last_played) / DAY).astype(np.float32))
    per_half_life = np.exp2((np.asarray(mean, np.float32) - 5) / 5) / np.float32(half_life_days)
    return np.fmin(1 - np.exp2(-days * per_half_life), np.float32(1))  # fmin turns NaN, never heard, into 1


def habit(finished: np.ndarray, skipped: np.ndarray) -> np.ndarray:
    """How willingly an item is heard to its end: float32 [n] in 0..1, sigmoid(1) = 0.73 before any play.

    sigmoid((5 + d) / 5), d = (finished - skipped) / sqrt(1 + (finished + skipped) / 5). The plain difference
    d = finished - skipped lets 60 finished and 40 skipped pass for a favourite, and 60 skips bury an item for
    good; divided by its own noise it stays a matter of degree. Each play still raises it, each skip lowers it.
    """
    finished, skipped = np.asarray(finished, np.float32), np.asarray(skipped, np.float32)
    balance = (finished - skipped) / np.sqrt(1 + (finished + skipped) / 5)
    return 1 / (1 + np.exp(-(5 + balance) / 5))
