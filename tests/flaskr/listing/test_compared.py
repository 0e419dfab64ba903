"""Figures of comparisons: only what stands, only predictions that stood."""

import pytest
from sqlalchemy import update

from flaskr.extensions import db
from flaskr.feedback import comparisons
from flaskr.listing.compared import preferred


@pytest.fixture
def known(fill):
    return fill([{"prediction": 2.0 + at % 7, "spread": 1.0, "predicted_by": "000001"} for at in range(40)])


def test_an_empty_log_has_no_figures(app, music):
    found = preferred(music)
    assert found.close is found.any is None


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
    found = preferred(music)
    assert (found.close.n, found.close.value) == (3, pytest.approx(2 / 3)) and (found.any.n, found.any.value) == (1, 0.0)
    assert 0 <= found.close.low < 2 / 3 < found.close.high <= 1
