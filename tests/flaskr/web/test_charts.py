"""Charts: round numbers on the axes, everything inside the drawing, nothing drawn of nothing."""

import pytest

from flaskr.web.charts import HEIGHT, WIDTH, Line, lines, ranges, ticks


@pytest.mark.parametrize(("low", "high", "whole"), [
    (0, 10, False), (1.32, 1.83, False), (-0.4, 0.3, False), (2, 2, False), (0, 0, False), (11, 180, True), (24, 25, True)])
def test_ticks_are_round_and_hold_the_range(low, high, whole):
    found = ticks(low, high, 4, whole=whole)
    assert found[0] <= low and found[-1] >= high and 2 <= len(found) <= 9
    assert found == sorted(found) and (not whole or all(tick == int(tick) for tick in found))


def test_lines_stay_inside():
    chart = lines("T", "W", [Line("ours", "ours", [(30, 1.2), (60, 1.1)], [(30, 0.8, 1.6), (60, 0.9, 1.3)]),
                             Line("one", "ahead", [(90, 1.0)], [(90, 0.5, 1.5)])], across="x", up="y")
    for line, path, dots, area, whiskers in chart.drawn:
        places = [tuple(map(float, pair.split(","))) for pair in f"{path} {area}".split()] + dots
        places += [(x, y) for x, *ys in whiskers for y in ys]
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places), line.name
    assert chart.drawn[0][3] and chart.drawn[1][4]
    assert lines("T", "W", [Line("none", "ours", [])], across="x", up="y") is None


def test_a_better_figure_lies_further_left():
    chart = ranges("T", "W", [("ours", True, {"value": 1.0, "low": 0.8, "high": 1.2}),
                              ("mean", False, {"value": 1.5, "low": 1.4, "high": 1.6})])
    (_, _, y1, x1, low, high, words), (_, _, y2, x2, *_) = chart.rows
    assert low < x1 < high and x1 < x2 and y1 < y2 and words == "1.00, 0.80 to 1.20"
    assert ranges("T", "W", []) is None
