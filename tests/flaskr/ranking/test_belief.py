"""belief: rated, predicted and unknown items each get their mean and spread; wrong columns are refused in words."""

import numpy as np
import pytest

from flaskr.ranking import Candidates, belief, prior


def test_rated_beats_predicted_beats_unknown(library):
    c = library(4, rating=[8, 4, np.nan, np.nan], mean=[1, np.nan, 7, np.nan], spread=[2, np.nan, 1.25, np.nan])
    mean, spread = belief(c)
    assert mean.tolist() == pytest.approx([8, 4, 7, (25 + 12) / 7])
    assert spread[:3].tolist() == [0.5, 0.5, 1.25]
    assert spread[3] > 2
    assert mean.dtype == spread.dtype == np.float32


def test_a_zero_is_a_refusal_without_doubt(library):
    _, spread = belief(library(2, rating=[0, 0.5]))
    assert spread.tolist() == [0, 0.5]


def test_nothing_rated_is_the_middle_and_wide(library):
    mean, spread = belief(library(3))
    assert mean.tolist() == [5, 5, 5] and spread.tolist() == [2.5, 2.5, 2.5]


def test_the_prior_narrows_with_evidence_but_never_to_certainty():
    few, many = prior(np.array([6.0, 8.0])), prior(np.tile([6.0, 8.0], 500))
    assert few[0] == pytest.approx((25 + 14) / 7) and many[0] == pytest.approx(7, abs=0.02)
    assert few[1] > 2 and many[1] == pytest.approx(1, abs=0.05)
    assert prior(np.full(10_000, 9.0))[1] == 1


def test_a_prediction_outside_the_scale_or_without_spread_is_mended(library):
    mean, spread = belief(library(4, mean=[12, -3, 6, np.inf], spread=[1, 1, np.nan, np.nan]))
    assert mean.tolist() == [10, 0, 6, 5]
    assert spread.tolist() == [1, 1, 2.5, 2.5]


def test_does_not_write_into_its_columns(library):
    c = library(3, rating=[8, 0, np.nan], mean=np.float32([1, 2, np.nan]), spread=np.float32([1, 1, np.nan]))
    before = [c.mean.copy(), c.spread.copy()]
    belief(c)
    np.testing.assert_array_equal(c.mean, before[0])
    np.testing.assert_array_equal(c.spread, before[1])


@pytest.mark.parametrize(("columns", "words"), [
    ({"rating": [1.0, 2.0]}, "'rating' has 2 rows, but 'id' has 3"),
    ({"finished": [0.5, 1.0, 2.0]}, "'finished' must hold whole numbers"),
    ({"mean": ["a", "b", "c"]}, "'mean' must hold numbers"),
    ({"group": [[1], [2], [3]]}, "'group' must have one dimension"),
])
def test_a_wrong_column_is_named(columns, words):
    whole, real = np.zeros(3, np.int64), np.zeros(3)
    good = {"id": whole, "rating": real, "mean": real, "spread": real, "finished": whole, "skipped": whole,
            "last_played": real, "added": real, "group": whole}
    with pytest.raises(ValueError, match=words):
        Candidates(**(good | columns))


def test_an_empty_library_is_fine(library):
    mean, spread = belief(Candidates(*[[] for _ in range(9)]))
    assert len(mean) == len(spread) == 0
