"""Why this song: the factors of its score, each with its words for the person."""

from dataclasses import dataclass

import numpy as np

from .belief import MIDDLE, WIDE_SPREAD, Candidates, belief, prior
from .freshness import DAY, HALF_LIFE_DAYS, freshness, habit

UNCERTAIN = 1.5  # a spread from which a pick is called bold: two of three true ratings lie within +- 1.5


@dataclass(frozen=True)
class Reason:
    """One factor of a score. The product of the factors of all reasons of a song is its score."""

    name: str
    factor: float
    words: str


def reasons(c: Candidates, index: int, *, now: float, draw: float | None = None,
            half_life_days: float = HALF_LIFE_DAYS, unknown: tuple[float, float] | None = None) -> list[Reason]:
    """Why row `index` was picked: liking (mean^2), chance ((draw / mean)^2, where a draw is given), habit, freshness.

    `draw` is `Recommendation.draw` of that pick; without it the song is explained as expected. `unknown` is
    `prior(c.rating)`, to be passed when many rows are explained.
    """
    unknown = unknown or prior(c.rating)
    one = c.take(np.array([index]))
    means, spreads = belief(one, unknown)
    mean, spread = float(means[0]), float(spreads[0])
    shift = float(draw) / mean if draw is not None and mean > 0 else 1.0
    liking = mean**2 if draw is None or mean > 0 else float(draw) ** 2
    found = [Reason("liking", liking, _liking(one, mean, spread, any_rated=unknown != (MIDDLE, WIDE_SPREAD)))]
    if shift != 1.0:
        found.append(Reason("chance", shift**2, _chance(shift, spread)))
    found.append(Reason("habit", float(habit(one.finished, one.skipped)[0]),
                        _habit(int(one.finished[0]), int(one.skipped[0]))))
    fresh = freshness(one.last_played, now, means, half_life_days=half_life_days)
    found.append(Reason("freshness", float(fresh[0]), _freshness(float(one.last_played[0]), float(one.added[0]), now)))
    return found


def _liking(one: Candidates, mean: float, spread: float, any_rated: bool) -> str:
    if np.isfinite(one.rating[0]):
        return f"You rated it {mean:.3g}"
    if np.isfinite(one.mean[0]):
        return f"Predicted {mean:.1f} ± {spread:.1f} by your evaluator, not rated yet"
    source = "near the average of your ratings" if any_rated else "the middle of the scale"
    return f"Not rated and not predicted yet: taken for {mean:.1f}, {source}"


def _chance(shift: float, spread: float) -> str:
    if shift > 1 and spread >= UNCERTAIN:
        return "A bold pick: little is known about it"
    return "Given a little more of a chance this time" if shift > 1 else "Given a little less of a chance this time"


def _habit(finished: int, skipped: int) -> str:
    if finished == skipped == 0:
        return "Neither finished nor skipped so far"
    parts = [f"{verb} {_times(count)}" for verb, count in (("finished", finished), ("skipped", skipped)) if count]
    return ", ".join(parts).capitalize()


def _freshness(last_played: float, added: float, now: float) -> str:
    if np.isnan(last_played):
        return "Never heard yet" if np.isnan(added) else f"Never heard yet, added {_ago(now - added)}"
    if last_played > now + DAY:
        return "Last heard at an unclear time: the clock was changed"
    if abs(now - last_played) < DAY:
        return f"Heard {_ago(now - last_played)}"
    return f"Not heard for {_span(now - last_played)}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _ago(seconds: float) -> str:
    return "just now" if seconds < 60 else f"{_span(seconds)} ago"


def _span(seconds: float) -> str:
    """A length of time in its largest whole unit: 45 minutes, 12 days, 3 months."""
    for size, unit in ((365 * DAY, "year"), (30 * DAY, "month"), (DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return "a moment"
