"""How fast and how good the ranking is: `python -m benchmarks.ranking` prints each figure beside its limit."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from flaskr.ranking import Candidates, order, recommend

SONGS = 100_000
NOW = 1_750_000_000.0
DAY = 86_400.0


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}, on a made library of 100,000 songs."""
    c = library(SONGS)
    scores = np.random.default_rng(0).random(len(c), dtype=np.float32)
    heard = c.id[: min(200, len(c) // 2)].tolist()
    partition = _milliseconds(lambda: np.argpartition(scores, len(c) - min(20, len(c))))
    sort = _milliseconds(lambda: np.argsort(scores, kind="stable"))
    one = _milliseconds(lambda: recommend(c, seed=1, now=NOW, count=1, recent=heard))
    twenty = _milliseconds(lambda: recommend(c, seed=1, now=NOW, count=20, recent=heard))
    page = _milliseconds(lambda: order(c, now=NOW))
    ours, public, average = liking()
    size = f"{len(c):,} songs"
    return [
        _row(f"next radio song, {size}", one, 10, "ms"),
        _row(f"next 20 radio songs, {size}", twenty, 12, "ms"),
        _row("next radio song / np.argpartition of as many floats", one / partition, 25, "ratio"),
        _row(f"order of the recommended page, {size}", page, 15, "ms"),
        _row("order / stable np.argsort of as many floats", page / sort, 3, "ratio"),
        _row("liking above the library's average, radio / public formula", (ours - average) / (public - average), 1.5,
             "ratio", at_least=True),
    ]


def library(songs: int, seed: int = 0) -> Candidates:
    """A made library: 5 % rated, 90 % predicted, 40 % heard in the last four months, 5,000 artists."""
    rng = np.random.default_rng(seed)
    predicted = rng.random(songs) < 0.9
    return Candidates(
        id=np.arange(songs), rating=np.where(rng.random(songs) < 0.05, rng.integers(0, 11, songs), np.nan),
        mean=np.where(predicted, rng.normal(5.5, 1.5, songs).clip(0, 10), np.nan).astype(np.float32),
        spread=np.where(predicted, rng.uniform(0.5, 2, songs), np.nan).astype(np.float32),
        finished=rng.poisson(0.5, songs), skipped=rng.poisson(0.2, songs),
        last_played=np.where(rng.random(songs) < 0.4, NOW - rng.random(songs) * 120 * DAY, np.nan),
        added=NOW - rng.random(songs) * 1000 * DAY, group=rng.integers(-1, 5000, songs))


def liking(songs: int = 3000, days: int = 30, listeners: int = 3) -> tuple[float, float, float]:
    """Mean true liking (0..10) of what simulated listeners hear: by `recommend`, by the public formula, and of all."""
    ours = [_listen(_radio, songs, days, seed) for seed in range(listeners)]
    public = [_listen(_public_formula, songs, days, seed) for seed in range(listeners)]
    return float(np.mean(ours)), float(np.mean(public)), float(np.mean([_taste(songs, s)[0] for s in range(listeners)]))


def _taste(songs: int, seed: int) -> tuple[np.ndarray, Candidates]:
    """What a listener truly likes, and what is known of it: a tenth rated, a fifth new, the rest predicted honestly."""
    rng = np.random.default_rng(seed)
    true = rng.normal(5.3, 1.8, songs).clip(0, 10)
    spread = rng.choice([0.8, 1.5], songs)
    skill = 1 - (spread / 1.8) ** 2  # so that the truth lies around the prediction with just this spread
    mean = 5.3 + skill * (true - 5.3) + rng.normal(size=songs) * spread * np.sqrt(skill)
    new, none = rng.random(songs) < 0.2, np.zeros(songs, int)
    return true, Candidates(
        id=np.arange(songs), rating=np.where(rng.random(songs) < 0.1, true.round(), np.nan),
        mean=np.where(new, np.nan, mean.clip(0, 10)), spread=np.where(new, np.nan, spread), finished=none, skipped=none,
        last_played=np.full(songs, np.nan), added=np.full(songs, NOW), group=rng.integers(0, songs // 10, songs))


def _listen(radio: Callable[[Candidates, float, int], np.ndarray], songs: int, days: int, seed: int) -> float:
    """25 songs a day, heard to the end as they are liked, now and then rated: the mean liking of all that played."""
    rng = np.random.default_rng(seed + 1000)
    true, c = _taste(songs, seed)
    c = Candidates(**{name: np.array(getattr(c, name)) for name in c.__dataclass_fields__})
    liked = []
    for day in range(days):
        rows = radio(c, NOW + day * DAY, day + 100 * seed)
        ends = rng.random(len(rows)) < 1 / (1 + np.exp(4 - true[rows]))
        c.finished[rows] += ends
        c.skipped[rows] += ~ends
        c.last_played[rows] = NOW + day * DAY
        rates = rows[rng.random(len(rows)) < 0.3]
        c.rating[rates] = true[rates].round()
        liked.append(true[rows].mean())
    return float(np.mean(liked))


def _radio(c: Candidates, now: float, seed: int) -> np.ndarray:
    return recommend(c, seed=seed, now=now, count=25).index


def _public_formula(c: Candidates, now: float, seed: int) -> np.ndarray:
    """rating^2 * sigmoid((5 + finished - skipped) / 5) * rank of last_played, the unrated at prediction or mean."""
    expected = np.where(np.isnan(c.mean), np.nanmean(c.rating), c.mean)
    expected = np.where(np.isnan(c.rating), expected, c.rating)
    age = 1 - np.argsort(np.argsort(np.nan_to_num(c.last_played, nan=-1.0))) / len(c)
    weight = expected**2 / (1 + np.exp(-(5 + c.finished - c.skipped) / 5)) * age
    return np.random.default_rng(seed).choice(len(c), 25, replace=False, p=weight / weight.sum())


def _milliseconds(work: Callable[[], object], times: int = 30) -> float:
    """The best of some runs: what the work costs when nothing else is running."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    holds = value >= limit if at_least else value <= limit
    return {"what": what, "value": round(value, 2), "limit": limit, "unit": unit, "holds": holds}


if __name__ == "__main__":
    for row in run():
        print(f"{row['what']:<62} {row['value']:>8} {row['unit']:<6} limit {row['limit']:>5}  "
              f"{'holds' if row['holds'] else 'FAILS'}")
