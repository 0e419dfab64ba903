"""Which scale the ratings of a file are on, and that nothing but the scale changes."""

import numpy as np
import pytest

from flaskr.collaborative.scale import ENOUGH, Scale, found


@pytest.mark.parametrize(("values", "top"), [
    (np.tile([1, 2, 3, 4, 5], ENOUGH), 5), (np.tile([0.5, 3.5, 5], ENOUGH), 5), (np.tile([-1, 4, 5], ENOUGH), 5),
    (np.tile([1, 5, 9, 10], ENOUGH), 10), (np.array([1, 2, 3]), 10), (np.array([]), 10), (np.full(ENOUGH, -1), 10),
    (np.tile([20, 55, 85, 100, 3], ENOUGH), 100), (np.append(np.tile([6, 8], ENOUGH), [11, 99]), 10)])
def test_the_scale_is_found(values, top):
    assert found(np.array_split(values, 7)) == Scale(top)


@pytest.mark.parametrize(("scale", "given", "wanted"), [
    (Scale(5), [0.5, 2.5, 5, -1, 6], [1, 5, 10, -1, 12]), (Scale(100), [0, 87, 100, -1, 33.3], [0, 8.7, 10, -1, 3.33]),
    (Scale(), [1, 7.25, 10, -1], [1, 7.25, 10, -1])])
def test_ratings_come_to_ten_points(scale, given, wanted):
    assert scale.fit(np.array(given)).tolist() == pytest.approx(wanted)


def test_it_says_so():
    assert "doubled" in Scale(5).words and "divided by ten" in Scale(100).words and Scale().words == ""
