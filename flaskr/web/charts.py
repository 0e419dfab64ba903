"""Charts as geometry for an SVG that the server draws: they stand there before any script, in the colours of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

WIDTH, HEIGHT = 420.0, 230.0  # of the drawing; the page scales it
LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 12.0, 46.0
ROW = 30.0  # of a chart of ranges
LABEL = 132.0
OFTEN = "The line through a dot is where the figure lies 95 times out of 100."
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Line:
    """kind: "ours", "other" or "ahead" (not measured yet, dashed). points: (x, y); spans: (x, low, high), may be empty."""

    name: str
    kind: str
    points: Sequence[tuple[float, float]]
    spans: Sequence[tuple[float, float, float]] = ()


@dataclass(frozen=True)
class Lines:
    """A drawn chart: ticks are (place, words), drawn lines (Line, "x,y x,y ...", dots [(x, y)], area, whiskers)."""

    title: str
    words: str
    across: str
    up: str
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]
    drawn: list[tuple[Line, str, list[tuple[float, float]], str, list[tuple[float, float, float]]]]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class Ranges:
    """Values with their intervals, one a row: (name, ours?, y, x, left, right, words)."""

    title: str
    words: str
    ticks: list[tuple[float, str]]
    rows: list[tuple[str, bool, float, float, float, float, str]]
    height: float
    width: float = WIDTH


def lines(title: str, words: str, given: Sequence[Line], *, across: str, up: str, whole: bool = True,
          share: bool = False) -> Lines | None:
    """Place lines on axes with round numbers; None without a point. `share`: the values up are shown in per cent."""
    xs = [x for line in given for x, _ in line.points] + [x for line in given for x, *_ in line.spans]
    ys = [y for line in given for _, y in line.points] + [y for line in given for _, *span in line.spans for y in span]
    if not xs:
        return None
    x_ticks, y_ticks = ticks(min(xs), max(xs), 5, whole=whole), ticks(min(ys), max(ys), 4)
    left, right = min(xs), max(xs)
    low, high = y_ticks[0], y_ticks[-1]

    def at(x: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((x - left) / (right - left) if right > left else 0.5), 1)

    def up_at(y: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (y - low) / (high - low), 1)

    drawn = []
    for line in given:
        places = [(at(x), up_at(y)) for x, y in line.points]
        spans = [(at(x), up_at(a), up_at(b)) for x, a, b in line.spans]
        area = [*((x, b) for x, _, b in spans), *((x, a) for x, a, _ in reversed(spans))] if len(spans) > 1 else []
        drawn.append((line, _joined(places), places, _joined(area), spans if len(spans) == 1 else []))
    return Lines(title, words, across, up,
                 [(at(x), f"{x:,.0f}" if whole else f"{x:g}") for x in x_ticks if left <= x <= right],
                 [(up_at(y), f"{100 * y:.0f} %" if share else f"{y:g}") for y in y_ticks], drawn)


def ranges(title: str, words: str, rows: Sequence[tuple[str, bool, dict[str, float]]], *, share: bool = False) -> Ranges | None:
    """Place {"value", "low", "high"} of several guessers on one axis; None without a row."""
    if not rows:
        return None
    marks = ticks(min(said["low"] for *_, said in rows), max(said["high"] for *_, said in rows), 4)
    low, high = marks[0], marks[-1]

    def at(x: float) -> float:
        return round(LABEL + (WIDTH - LABEL - RIGHT - 8) * (x - low) / (high - low), 1)

    def told(value: float) -> str:
        return f"{100 * value:.0f} %" if share else f"{value:.2f}"

    return Ranges(title, words, [(at(x), f"{100 * x:.0f} %" if share else f"{x:g}") for x in marks],
                  [(name, ours, TOP + ROW * (number + 0.5), at(said["value"]), at(said["low"]), at(said["high"]),
                    f"{told(said['value'])}, {told(said['low'])} to {told(said['high'])}")
                   for number, (name, ours, said) in enumerate(rows)], TOP + ROW * len(rows) + 28)


def ticks(low: float, high: float, about: int, *, whole: bool = False) -> list[float]:
    """Round numbers from at most `low` to at least `high`, about so many."""
    span = (high - low) or max(abs(high), 1.0) / 10
    power = 10 ** floor(log10(span / about))
    step = next(one * power for one in STEPS if one * power >= span / about * 0.999)
    step = max(1.0, 2 * power if whole and step == 2.5 * power else step) if whole else step
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def _joined(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def of_evaluator(learned: Any, names: dict[str, str]) -> dict[str, Lines | Ranges | None]:
    """The charts of one evaluator's section: beside the baselines, with more ratings, before you rated."""
    report, one = learned.report, learned.one
    made: dict[str, Lines | Ranges | None] = {}
    others = report.get("baselines") or {}
    for figure, title, share in (("mae", "Off by, on average: further left is better", False),
                                 ("spearman", "In your order: further right is better", True)):
        if report.get(figure):
            rows = [("This evaluator", True, report[figure])] + [
                (names.get(name, name), False, said[figure]) for name, said in others.items()
                if said.get(figure) and not (figure == "spearman" and name == "mean")]
            made[figure] = ranges(title, OFTEN, rows, share=share)
    if report.get("curve") and report.get("mae"):
        made["more"] = _more(report, one)
    if learned.live:
        made["foreseen"] = _foreseen(learned.live.everything, one)
    return made


def _more(report: dict[str, Any], one: str) -> Lines | None:
    curve, now, n = report["curve"], report["mae"], report["n"]
    twice = curve["twice"]["mae"]
    return lines(
        "Error with fewer and with more ratings",
        "Measured on parts of your ratings, with all of them, and drawn on to twice as many.",
        [Line("Parts of your ratings", "other", list(zip(curve["sizes"], curve["mae"], strict=True))),
         Line("Twice as many, expected", "ahead", [(n, now["value"]), (2 * n, twice["value"])],
              [(2 * n, twice["low"], twice["high"])]),
         Line("All your ratings", "ours", [(n, now["value"])])],
        across=f"Rated {one}s", up="Off by")


def _foreseen(said: dict[str, Any], one: str) -> Lines | None:
    curve = said["curve"]
    number = len(curve["mae"])
    if number < 2:
        return None
    width = said["window"]
    at = [width + step * max(1, width // 2) for step in range(number)]
    return lines(
        "Error of predictions that stood before you rated", f"Each point is the average of the last {width} ratings.",
        [Line("Your average until then", "other", list(zip(at, curve["average"], strict=True))),
         Line("This evaluator", "ours", list(zip(at, curve["mae"], strict=True)),
              list(zip(at, curve["low"], curve["high"], strict=True)))],
        across=f"{one.capitalize()}s it had guessed, in the order you rated them", up="Off by")
