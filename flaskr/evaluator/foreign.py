"""A report that came from elsewhere, reduced to what a report is: pages show it, and must not trip over it."""

from collections.abc import Mapping
from typing import Any

FIGURES = ("mae", "rmse", "spearman", "pairs", "ndcg10", "coverage80", "gain", "taste")
BASELINES = ("mean", "ridge", "knn", "group")
VERDICTS = ("better", "no_better", "too_few")
POINTS, SIZES, LONGEST = 500, 10, 300


def clean_report(given: Any) -> dict[str, Any]:
    """Known keys with values of the right kind; everything else is left out, missing figures are None."""
    given = given if isinstance(given, Mapping) else {}
    baselines = given.get("baselines") if isinstance(given.get("baselines"), Mapping) else {}
    verdict = given.get("verdict")
    figures = {name: _figure(given.get(name)) for name in FIGURES}
    return {"n": _count(given.get("n")), "folds": _count(given.get("folds")), "units": _count(given.get("units")),
            "verdict": verdict if verdict in VERDICTS else "too_few", "skill": str(given.get("skill", "none"))[:20],
            "sentence": str(given.get("sentence", ""))[:LONGEST], **figures,
            "baselines": {name: {figure: _figure(baselines[name].get(figure)) for figure in FIGURES}
                          for name in BASELINES if isinstance(baselines.get(name), Mapping)},
            "ahead": {}, "points": _points(given.get("points")), "curve": _curve(given.get("curve"))}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:  # not even NaN
        return None
    return float(value)


def _count(value: Any) -> int:
    return int(min(max(_number(value) or 0, 0), 10**9))


def _figure(value: Any) -> dict[str, float] | None:
    if not isinstance(value, Mapping):
        return None
    found = {name: _number(value.get(name)) for name in ("value", "low", "high")}
    return found if None not in found.values() and all(abs(v) <= 100 for v in found.values()) else None


def _points(value: Any) -> list[list[float]]:
    rows = [[_number(v) for v in row] for row in (value if isinstance(value, list) else [])[:POINTS] if isinstance(row, list)]
    return [row for row in rows if len(row) == 4 and all(v is not None and 0 <= v <= 10 for v in row)]


def _curve(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("twice"), Mapping):
        return None
    lists = {name: [_number(v) for v in (value.get(name) if isinstance(value.get(name), list) else [])[:SIZES]]
             for name in ("sizes", "mae", "spearman")}
    twice = {"n": _count(value["twice"].get("n")), **{name: _figure(value["twice"].get(name)) for name in ("mae", "spearman")}}
    sound = all(len(numbers) == len(lists["sizes"]) > 0 and None not in numbers for numbers in lists.values())
    return {**lists, "twice": twice} if sound and twice["n"] and None not in twice.values() else None
