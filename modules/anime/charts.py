"""The last evaluation as a page shows it: sentences first, then bars with intervals and the curve of new people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

OURS, LESS = "ensemble", ("rmse", "mae")
CHARTS = (
    ("ndcg10", "P2", "What comes next", "NDCG@10: whether the first ten titles hold what a user went on to watch and "
                                        "like, the first places counting most. 1: all of it, in front."),
    ("auc", "P1", "Liked or not", "AUC: of two hidden titles of a user, how often the better liked one is put first. "
                                 "0.5 is a coin."),
    ("rmse", "P3", "How much", "RMSE: how far expected ratings are from the hidden ones, in points. Less is better."))
STEPS = (0, 1, 5, 10, 20)
DRAWN = ("ensemble", "ease", "ials", "nmf", "popularity", "random")
WIDE, HIGH, EDGE = 320, 190, 26  # of the curve's drawing


@dataclass(frozen=True)
class Bar:
    """A row: value and interval as numbers, and as places 0..100 along the bar. gap: ensemble less this model, low, high, p."""

    model: str
    value: float
    low: float | None
    high: float | None
    length: float
    start: float
    end: float
    gap: list[float] | None

    @property
    def differs(self) -> bool:
        """Whether the ensemble is better or worse beyond luck."""
        return self.gap is not None and not self.gap[1] <= 0 <= self.gap[2]


def bars(models: Mapping[str, Any], name: str) -> list[Bar]:
    """A bar for each model that has the figure, the best first."""
    known = {model: told for model, told in models.items() if name in told}
    if not known:
        return []
    most = max(max(told[name], *told["intervals"].get(name, [0])) for told in known.values())
    most = most or 1
    found = []
    for model, told in known.items():
        low, high = told["intervals"].get(name, (None, None))
        found.append(Bar(model, told[name], low, high, 100 * max(told[name], 0) / most,
                         100 * max(told[name] if low is None else low, 0) / most,
                         100 * (told[name] if high is None else high) / most, told.get("ensemble_gap", {}).get(name)))
    return sorted(found, key=lambda bar: bar.value if name in LESS else -bar.value)


def curve(models: Mapping[str, Any]) -> list[dict[str, Any]]:
    """NDCG@10 after 0 to 20 ratings of new people: each drawn model with its values and the points of its line."""
    found = [(model, [models[model][key] for key in map("ndcg10 after {}".format, STEPS)])
             for model in DRAWN if "ndcg10 after 20" in models.get(model, {})]
    top = max((max(values) for _, values in found), default=1) or 1
    places = [EDGE + (WIDE - 2 * EDGE) * step / STEPS[-1] for step in STEPS]
    return [{"model": model, "values": values,
             "points": [(round(x, 1), round(HIGH - EDGE - (HIGH - 1.6 * EDGE) * value / top, 1))
                        for x, value in zip(places, values, strict=True)]} for model, values in found]


def sentences(models: Mapping[str, Any]) -> Iterator[str]:
    """What the figures mean, for somebody who has never seen one."""
    ours, nobody, popular = (models.get(name, {}) for name in (OURS, "random", "popularity"))
    if {"ndcg10"} <= set(ours) & set(popular) & set(nobody):
        yield (f"Finding what users went on to like, on a scale from 0 to 1: the ensemble, which recommends "
               f"here, reaches {ours['ndcg10']:.2f}, showing everybody the most "
               f"popular titles {popular['ndcg10']:.2f}, and chance {nobody['ndcg10']:.2f}.")
    if "auc" in ours:
        yield f"Of a liked and a disliked title it picks the liked one {100 * ours['auc']:.0f} times of 100; a coin, 50."
    if "mae" in ours:
        usual = models.get("bias", {}).get("mae")
        beside = f"; knowing only the title’s mean and the user’s habit, by {usual:.2f}" if usual else ""
        yield f"Its expected ratings are off by {ours['mae']:.2f} points on average{beside}."
    better = [model for model, told in models.items() if model != OURS and _better(told)]
    if better:
        yield f"In some figure another model is better than the ensemble beyond luck: {', '.join(better)}."
    elif any("ensemble_gap" in told for told in models.values()):
        yield "No other model is better than the ensemble in any of the figures below, compared user by user."


def _better(told: Mapping[str, Any]) -> bool:
    gaps = told.get("ensemble_gap", {})
    return any((gap[1] > 0 if name in LESS else gap[2] < 0) for name, gap in gaps.items()
               if name in LESS or name.startswith("ndcg10") or name in ("auc", "recall20", "mrr"))
