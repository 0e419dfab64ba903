"""Which of two: kept with what was predicted, taken back, never a rating."""

import pytest
from sqlalchemy import func, insert, select

from flaskr.extensions import db
from flaskr.feedback import comparisons
from flaskr.feedback.ratings import InvalidRating, NothingToUndo
from flaskr.tables import Comparison, RatingEvent


@pytest.fixture
def pair(app, music):
    ids = list(db.session.scalars(insert(music.Item).returning(music.Item.id), [
        {"fingerprint": f"{at:040x}", "path": f"/{at}.mp3", "prediction": 4.0 + at, "predicted_by": "000001"}
        for at in range(2)]))
    db.session.commit()
    return ids


def test_an_answer_keeps_the_predictions_that_stood_and_rates_nothing(pair, music):
    kept = comparisons.compare(music, *pair, pair[1], origin="close")
    assert (kept.preferred, kept.first_prediction, kept.second_prediction, kept.origin) == (pair[1], 4.0, 5.0, "close")
    assert comparisons.compare(music, *pair, None, origin="random").preferred is None
    assert db.session.scalar(select(func.count()).select_from(RatingEvent)) == 0
    assert db.session.get(music.Item, pair[0]).rating is None


def test_predictions_of_two_evaluators_are_not_compared(pair, music):
    db.session.get(music.Item, pair[0]).predicted_by = "000000"
    kept = comparisons.compare(music, *pair, pair[0], origin="close")
    assert (kept.first_prediction, kept.second_prediction, kept.predicted_by) == (None, None, None)


def test_undo_takes_back_one_after_the_other(pair, music):
    for better in pair:
        comparisons.compare(music, *pair, better, origin="close")
    comparisons.undo(music)
    assert [one.undone for one in db.session.scalars(select(Comparison).order_by(Comparison.id))] == [False, True]
    comparisons.undo(music)
    with pytest.raises(NothingToUndo):
        comparisons.undo(music)


def test_what_can_not_be_an_answer_is_refused(pair, music):
    for answer, error in (((*pair, 99), InvalidRating), ((pair[0], pair[0], pair[0]), InvalidRating),
                          ((pair[0], 99, 99), KeyError), ((99, pair[0], 99), KeyError)):
        with pytest.raises(error):
            comparisons.compare(music, *answer, origin="close")
    assert db.session.scalar(select(func.count()).select_from(Comparison)) == 0
