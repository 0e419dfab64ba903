"""Intervals hold as often as they say, also with few ratings and many groups; the quantile is Student's."""

import numpy as np
import pytest
from scipy import stats

from flaskr.evaluator import intervals


@pytest.mark.parametrize("free", [4, 5, 8, 20, 200])
@pytest.mark.parametrize("together", [1, 5, 20])
def test_the_quantile_is_students(free, together):
    true = stats.t.ppf(1 - 0.025 / together, free)
    assert intervals.quantile(free, together) == pytest.approx(true, rel=0.06 if free < 5 else 0.03)


@pytest.mark.parametrize("n", [5, 12])
def test_all_intervals_of_a_page_hold_together(n):
    rng, held = np.random.default_rng(0), 0
    for _ in range(400):
        true = rng.uniform(3, 8, 10)
        groups = [rng.normal(middle, 1.5, n) for middle in true]
        common = intervals.scatter(groups)
        figures = [intervals.mean(group, common, together=10) for group in groups]
        held += all(figure.low <= middle <= figure.high for figure, middle in zip(figures, true, strict=True))
    assert held / 400 > 0.92


def test_where_nothing_changed_a_difference_is_seldom_told():
    rng, told = np.random.default_rng(1), 0
    for _ in range(400):
        before, after = rng.normal(6, 2, 6), rng.normal(6, 2, 9)
        by = intervals.difference(before, after, intervals.scatter([before, after]))
        told += by.above or by.below
    assert told / 400 < 0.08


def test_a_real_difference_is_told():
    by = intervals.difference(np.full(10, 3.0), np.full(10, 8.0), 2.0)
    assert by.above and not by.below and by.value == 5 and by.n == 20


def test_equal_ratings_are_not_surer_than_others():
    figure = intervals.mean(np.full(5, 7.0), 2.0)
    assert figure.low < 6.5 and figure.high > 7.5
