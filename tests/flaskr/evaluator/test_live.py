import json

import numpy as np
import pytest

from flaskr.evaluator.live import ceiling, prequential


def test_the_curve_falls_as_predictions_get_better():
    rng = np.random.default_rng(0)
    ratings = rng.integers(0, 11, 200).astype(float)
    predictions = np.clip(ratings + rng.normal(size=200) * np.linspace(4, 0.5, 200), 0, 10)
    said = json.loads(json.dumps(prequential(predictions, ratings, np.arange(200))))
    curve = said["curve"]
    assert said["n"] == 200
    assert curve["mae"][-1] < 0.4 * curve["mae"][0]
    assert curve["mae"][-1] < curve["average"][-1]
    assert len({len(values) for values in curve.values()}) == 1
    assert all(low <= mae <= high for low, mae, high in zip(curve["low"], curve["mae"], curve["high"], strict=True))


def test_time_orders_and_what_had_no_prediction_only_feeds_the_average():
    said = prequential([np.nan, 4, 6], [8, 4, 6], [10, 30, 20])
    assert said["n"] == 2
    assert said["mae"]["value"] == 0
    assert said["average"]["value"] == pytest.approx((abs(6 - 8) + abs(4 - 7)) / 2)
    assert said["curve"]["mae"] == []  # fewer than a window


def test_nothing_is_said_of_nothing():
    said = prequential([], [], [])
    assert (said["n"], said["mae"]) == (0, None)
    assert ceiling([], [])["spearman"] is None


def test_the_ceiling_is_what_noise_leaves():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=4000) * 2
    first, again = (truth + rng.normal(size=4000) for _ in range(2))
    said = ceiling(first, again, spearman=0.45, mae=1.1)
    reached = np.corrcoef(truth.argsort().argsort(), first.argsort().argsort())[0, 1]
    assert said["spearman"]["value"] == pytest.approx(reached, abs=0.02)
    assert said["mae"]["value"] == pytest.approx(np.abs(first - truth).mean(), abs=0.03)
    assert said["share"] == pytest.approx(0.45 / reached, abs=0.02)
    assert said["excess"] == pytest.approx(1.1 - said["mae"]["value"])


def test_equal_re_ratings_have_no_noise():
    said = ceiling([1, 4, 6, 8, 9.0], [1, 4, 6, 8, 9.0], spearman=0.5)
    assert said["mae"]["value"] == 0
    assert said["spearman"]["value"] == 1
    assert said["share"] == 0.5


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="same length"):
        prequential([1], [1, 2], [1, 2])
    with pytest.raises(ValueError, match="same length"):
        ceiling([1], [1, 2])
