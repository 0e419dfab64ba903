"""reasons: the factors multiply to the score that was drawn, and the words are true."""

import numpy as np
import pytest

from flaskr.ranking import reasons, recommend

DAY = 86_400.0


def words(found) -> dict[str, str]:
    return {reason.name: reason.words for reason in found}


def test_the_product_is_the_score(large, now):
    picks = recommend(large, seed=2, now=now, count=40, explore=1.0)
    for row, draw, score in zip(picks.index, picks.draw, picks.score, strict=True):
        found = reasons(large, int(row), now=now, draw=float(draw))
        assert np.prod([reason.factor for reason in found]) == pytest.approx(score, rel=1e-4)


def test_without_a_draw_nothing_is_left_to_chance(library, now):
    found = reasons(library(1, rating=9.0), 0, now=now)
    assert [reason.name for reason in found] == ["liking", "habit", "freshness"]
    assert found[0].factor == 81


@pytest.mark.parametrize("draw", [0.0, 0.7])
def test_a_mean_of_zero_divides_nothing(library, now, draw):
    found = reasons(library(1, mean=0.0, spread=1.0), 0, now=now, draw=draw)
    product = np.prod([reason.factor for reason in found])
    assert product == pytest.approx(draw**2 * 0.7311, abs=1e-4)


def test_what_is_believed_and_from_where(library, now):
    c = library(3, rating=[9, np.nan, np.nan], mean=[np.nan, 7.84, np.nan], spread=[np.nan, 1.12, np.nan])
    said = [words(reasons(c, row, now=now))["liking"] for row in range(3)]
    assert said == ["You rated it 9", "Predicted 7.8 ± 1.1 by your evaluator, not rated yet",
                    "Not rated and not predicted yet: taken for 5.7, near the average of your ratings"]
    assert "the middle of the scale" in words(reasons(library(1), 0, now=now))["liking"]


def test_habit_in_words(library, now):
    c = library(4, finished=[4, 0, 2, 0], skipped=[1, 0, 0, 2])
    said = [words(reasons(c, row, now=now))["habit"] for row in range(4)]
    assert said == ["Finished 4 times, skipped once", "Neither finished nor skipped so far", "Finished twice",
                    "Skipped twice"]


def test_freshness_in_words(library, now):
    heard = [now - 12.4 * DAY, now - 1.5 * DAY, now - 600, now, now + 40 * DAY, np.nan, now - 800 * DAY]
    c = library(7, last_played=heard, added=now - 45 * DAY)
    said = [words(reasons(c, row, now=now))["freshness"] for row in range(7)]
    assert said == ["Not heard for 12 days", "Not heard for 1 day", "Heard 10 minutes ago", "Heard just now",
                    "Last heard at an unclear time: the clock was changed", "Never heard yet, added 1 month ago",
                    "Not heard for 2 years"]


def test_a_bold_pick_says_so(library, now):
    c = library(2, mean=6.0, spread=[2.2, 0.4])
    assert words(reasons(c, 0, now=now, draw=8.0))["chance"] == "A bold pick: little is known about it"
    assert "bold" not in words(reasons(c, 1, now=now, draw=6.4))["chance"]
    assert "less" in words(reasons(c, 0, now=now, draw=5.0))["chance"]
