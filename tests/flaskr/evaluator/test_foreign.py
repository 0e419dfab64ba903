"""A report from elsewhere: what is real survives, what is not is left out, whatever it is."""

import json

import pytest

from flaskr.evaluator.foreign import clean_report


def test_a_real_report_survives(trained):
    given = json.loads(json.dumps(trained.report))
    cleaned = clean_report(given)
    for name in ("n", "folds", "units", "verdict", "sentence", "mae", "spearman", "pairs", "points", "gain"):
        assert cleaned[name] == given[name]
    assert cleaned["curve"]["twice"] == given["curve"]["twice"]
    assert cleaned["baselines"]["ridge"]["mae"] == given["baselines"]["ridge"]["mae"]


@pytest.mark.parametrize("given", [
    None, [], "x", {"mae": "much"}, {"mae": {"value": "1", "low": 0, "high": 1}}, {"points": [[1, 2], ["a"] * 4, 7]},
    {"baselines": {"mean": 3, "<b>": {}}}, {"curve": {"twice": {}, "sizes": [1], "mae": [], "spearman": []}},
    {"mae": {"value": float("nan"), "low": 0, "high": 1}}, {"verdict": "best", "n": -5}, {"curve": {"twice": {"n": 3}}}])
def test_rubbish_becomes_an_empty_report(given):
    cleaned = clean_report(given)
    assert cleaned["verdict"] == "too_few" and cleaned["mae"] is None and cleaned["curve"] is None
    assert not cleaned["points"] and cleaned["n"] == 0 and not any(cleaned["baselines"].get("mean", {}).values())


def test_words_are_bounded():
    assert len(clean_report({"sentence": "x" * 10_000})["sentence"]) == 300
