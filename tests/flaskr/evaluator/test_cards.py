"""Estimates of how long a training takes: from those before, in proportion."""

from flaskr.evaluator.cards import START, estimate, learned_at


def card(seconds, n, dim=128):
    return {"dim": dim, "report": {"n": n, "seconds": seconds}}


def test_earlier_trainings_tell():
    assert estimate([card(START + 4, 1000)], 2000, 128) == START + 8
    assert estimate([card(START + 4, 1000), card(START + 40, 1000), card(START + 4, 1000)], 1000, 128) == START + 4


def test_one_that_was_over_at_once_promises_nothing():
    assert estimate([card(0.1, 20)], 10_000, 512) == estimate([], 10_000, 512) > 5 * START


def test_without_any_it_grows_with_the_work():
    assert START < estimate([], 100, 128) < estimate([], 1000, 128) < estimate([], 1000, 512)
    assert estimate([{"report": {"n": 9}}, {"report": None}], 100, 128) == estimate([], 100, 128)


def test_what_came_in_is_as_old_as_its_coming():
    old, new = "2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00"
    assert learned_at({"created": new, "report": {}}) > learned_at({"created": old, "report": None})
    assert learned_at({"created": old, "report": {"imported": new}}) == learned_at({"created": new})
