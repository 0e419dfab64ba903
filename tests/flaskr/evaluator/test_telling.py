"""A caller may watch, stop with what is ready, or cancel."""

import importlib

import numpy as np
import pytest

from flaskr.evaluator import Enough, fit

inside = importlib.import_module("flaskr.evaluator.fit")  # the name in the package is the function


@pytest.mark.parametrize("exact", [1500, 80])
@pytest.mark.parametrize("at", [0.0, 0.3, 0.75])
def test_enough_finishes_with_what_is_ready(person, monkeypatch, exact, at):
    monkeypatch.setattr(inside, "EXACT", exact)
    X, y = person(90)
    told = []

    def stop(fraction, words):
        told.append(fraction)
        if fraction >= at:
            raise Enough

    evaluator = fit(X, y, progress=stop)
    report = evaluator.report
    assert report["stopped"]
    assert report["curve"] is None
    assert report["mae"]["value"] < report["baselines"]["mean"]["mae"]["value"]
    assert report["coverage80"]["value"] == pytest.approx(0.8, abs=0.15)
    mean, spread = evaluator.predict(X)
    assert np.corrcoef(mean, y)[0, 1] > 0.4
    assert (spread > 0).all()
    assert told[-1] == 1


def test_what_comes_after_enough_is_not_used(person):
    X, y = person(60)

    def stop(fraction, words):
        if fraction > 0.2:
            raise Enough

    used = {kernel["kernel"] for kernel in fit(X, y, progress=stop).hyperparameters["kernels"]}
    assert used <= {"flat", "linear", "wide"}


def test_figures_become_known_as_it_learns(person):
    X, y = person(80)
    seen = []
    report = fit(X, y, progress=lambda fraction, words, figures=None: seen.append(figures)).report
    known = [figures for figures in seen if figures]
    assert len(known) > 5
    assert known[-2] == pytest.approx({"mae": report["mae"]["value"], "spearman": report["spearman"]["value"], "n": 80})
    assert known[-1]["mae"] == report["mae"]["value"]


def test_who_watches_changes_nothing(person):
    X, y = person(60)
    plain = fit(X, y)
    assert not plain.report["stopped"]
    watched = fit(X, y, progress=lambda fraction, words, figures=None: None)
    assert plain.report == watched.report
    np.testing.assert_array_equal(plain.predict(X), watched.predict(X))
