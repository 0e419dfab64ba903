"""Sentences of the figures: they promise no more than the interval holds."""

from flaskr.listing.figures import more_ratings


def report(low, high):
    return {"mae": {"value": 1.5, "low": 1.3, "high": 1.7},
            "curve": {"twice": {"n": 200, "mae": {"value": (low + high) / 2, "low": low, "high": high}}}}


def test_a_gain_beyond_doubt_is_told():
    words = more_ratings(report(1.2, 1.4), "song")
    assert "(200) it would probably be off by 1.30 points instead of 1.50, between 1.20 and 1.40" in words


def test_a_doubtful_gain_is_not_promised():
    assert "can't be told yet" in more_ratings(report(1.3, 1.6), "song")


def test_too_few_for_a_curve():
    assert "From 24 ratings" in more_ratings({"curve": None, "mae": None}, "song")
