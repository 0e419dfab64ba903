import json

import numpy as np
import pytest

from flaskr.evaluator.baselines import Guesses
from flaskr.evaluator.report import POINTS, report


def make(y, guess):
    centre = np.full(len(y), y.mean())
    ours, mean = (Guesses.around(np.asarray(g, float), np.full(len(y), 1.5), centre) for g in (guess, centre))
    return report(y, ours, {"mean": mean}, folds=10, seed=0, units=np.arange(len(y)))


@pytest.fixture
def ratings():
    return np.random.default_rng(0).integers(2, 11, 80).astype(float)


def test_better_needs_an_interval_without_zero(ratings):
    said = make(ratings, ratings + np.random.default_rng(1).normal(size=80))
    assert said["verdict"] == "better"
    assert said["skill"] in ("slight", "fair", "good", "strong")
    assert said["gain"]["low"] > 0
    assert "guessing your average would be off by" in said["sentence"]
    assert said["mae"]["low"] < said["mae"]["value"] < said["mae"]["high"]


def test_a_guess_barely_closer_is_no_better(ratings):
    rng = np.random.default_rng(2)
    said = make(ratings, ratings.mean() + 0.02 * (ratings - ratings.mean()) + 0.5 * rng.normal(size=80))
    assert said["verdict"] == "no_better"
    assert said["skill"] == "none"
    ours, average = said["mae"]["value"], said["baselines"]["mean"]["mae"]["value"]
    assert said["sentence"] == ("After 80 ratings it is no better than your average yet: it is off by "
                                f"{ours:.2f} points and your average by {average:.2f}, which may be chance.")
    worse = make(ratings, ratings.mean() + rng.normal(size=80))
    assert worse["sentence"] == (f"After 80 ratings it is no better than your average yet: guessing {ratings.mean():.1f} "
                                 "for everything would be off by as little.")


def test_a_better_constant_is_no_taste():
    y = np.tile([9.0, 9, 9, 9, 9, 9, 8, 8, 2, 1], 12)
    mean, median = (Guesses.around(np.full(120, g), np.full(120, 2.0), np.full(120, g)) for g in (y.mean(), 9.0))
    said = report(y, median, {"mean": mean, "median": median}, folds=10, seed=0, units=np.arange(120))
    assert said["gain"]["low"] > 0  # off by less than the average, and yet it knows nothing of what is liked
    assert said["verdict"] == "no_better"
    assert "median" not in said["baselines"]


def test_ahead_is_the_difference_to_each_baseline(ratings):
    said = make(ratings, ratings + np.random.default_rng(1).normal(size=80))
    assert said["ahead"]["mean"]["mae"] == said["gain"]
    assert said["ahead"]["mean"]["spearman"]["value"] == pytest.approx(said["spearman"]["value"])


def test_worse_is_never_called_better(ratings):
    assert make(ratings, 10 - ratings)["verdict"] == "no_better"


def test_the_report_is_json_with_every_figure_beside_the_baseline():
    y = np.random.default_rng(0).integers(0, 11, 700).astype(float)
    said = json.loads(json.dumps(make(y, y)))
    figures = {"mae", "rmse", "spearman", "pairs", "ndcg10", "coverage80"}
    assert figures <= set(said)
    assert figures == set(said["baselines"]["mean"])
    assert all(set(said[f]) == {"value", "low", "high"} for f in figures)
    assert len(said["points"]) == POINTS
    assert all(low <= guess <= high for _, guess, low, high in said["points"])
