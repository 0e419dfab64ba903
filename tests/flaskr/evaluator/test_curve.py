import numpy as np
import pytest

from flaskr.evaluator import fit
from flaskr.evaluator.curve import FEWEST


def test_more_ratings_of_a_clear_taste_bring_more(person):
    X, y = person(240, seed=1, noise=0.6)
    said = fit(X, y).report
    curve = said["curve"]
    assert curve["sizes"] == [30, 60, 120]
    assert curve["mae"][0] > curve["mae"][1] > curve["mae"][2]
    assert curve["spearman"][0] < curve["spearman"][2]
    assert curve["twice"]["n"] == 480
    assert curve["twice"]["mae"]["low"] <= curve["twice"]["mae"]["value"] < said["mae"]["value"]


def test_what_is_promised_comes(person):
    X, y = person(400, seed=3, noise=0.6)
    promised, came = [], []
    for part in range(4):
        rows = np.random.default_rng(part).permutation(400)
        promised.append(fit(X[rows[:100]], y[rows[:100]]).report["curve"]["twice"]["mae"]["value"])
        came.append(fit(X[rows[:200]], y[rows[:200]]).report["mae"]["value"])
    assert np.mean(promised) == pytest.approx(np.mean(came), rel=0.12)


def test_few_ratings_have_no_curve(person):
    X, y = person(FEWEST - 1)
    assert fit(X, y).report["curve"] is None


def test_groups_are_hidden_whole(person):
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(25), 4)
    X = (rng.normal(size=(25, 32))[groups] + 0.5 * rng.normal(size=(100, 32))).astype(np.float32)
    y = rng.integers(2, 11, 25)[groups].astype(float)
    assert max(fit(X, y, groups=groups).report["curve"]["spearman"]) < 0.3
