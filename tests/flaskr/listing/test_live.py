"""Figures from the log: only what was asked by chance, only what stands, only predictions that could not know."""

import numpy as np
import pytest
from sqlalchemy import update

from flaskr.extensions import db
from flaskr.feedback import comparisons, ratings
from flaskr.listing import live


@pytest.fixture
def known(fill):
    return fill([{"prediction": 2.0 + at % 7, "spread": 1.0, "predicted_by": "000001"} for at in range(40)])


def test_only_first_ratings_by_chance_that_were_not_taken_back_count(known, music):
    for id_ in known[:12]:
        ratings.rate(music, id_, 5.0, origin="random")
    ratings.rate(music, known[12], 0.0, origin="random")
    ratings.undo(music)
    ratings.rate(music, known[0], 0.0, origin="random")  # no longer the first: the evaluator may know it
    ratings.rate(music, known[20], 0.0, origin="queue")
    predictions, given, times = live.chance(music)
    assert len(given) == 12 and set(given) == {5.0} and (np.diff(times) > 0).all()
    figures = live.live(music).chance
    assert figures["n"] == 12 and figures["mae"]["value"] == pytest.approx(np.abs(predictions - 5).mean())


def test_ratings_given_twice_tell_the_noise(known, music):
    for at, id_ in enumerate(known[:10]):
        ratings.rate(music, id_, float(at))
        ratings.rate(music, id_, float(at) + (1 if at % 2 else 0), origin="queue")
    assert live.live(music).noise["n"] == 0
    for at, id_ in enumerate(known[:10]):
        ratings.rate(music, id_, float(at) / 2, origin=live.AGAIN)
    ratings.undo(music)
    first, again = live.twice(music)
    assert len(first) == 9 and again.tolist() == [at / 2 for at in range(9)] and first[1] == 2.0
    assert live.live(music).noise["spearman"] is not None


def test_the_preferred_one_was_predicted_higher_or_not(known, music):
    low, high = known[0], known[6]
    comparisons.compare(music, low, high, high, origin="close")
    comparisons.compare(music, high, low, high, origin="close")
    comparisons.compare(music, high, low, low, origin="close")
    comparisons.compare(music, high, low, None, origin="close")  # no preference, no figure
    comparisons.compare(music, known[0], known[7], known[0], origin="close")  # predicted alike
    comparisons.compare(music, low, high, low, origin="random")
    comparisons.compare(music, low, high, high, origin="close")
    comparisons.undo(music)
    db.session.execute(update(music.Item).values(prediction=1.0))  # what stands now does not matter
    db.session.commit()
    found = live.live(music)
    assert (found.close.n, found.close.value) == (3, pytest.approx(2 / 3)) and (found.any.n, found.any.value) == (1, 0.0)
    assert 0 <= found.close.low < 2 / 3 < found.close.high <= 1


def test_an_empty_log_has_no_figures(app, music):
    found = live.live(music)
    assert found.chance["n"] == found.noise["n"] == 0 and found.close is found.any is None
