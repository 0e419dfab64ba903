"""Ratings: set, removed, taken back, never lost, each with the prediction that stood."""

import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.tables import RatingEvent


@pytest.fixture
def item(write_song, scan, music):
    write_song("one.wav", title="One")
    scan()
    return db.session.scalar(select(music.Item))


def test_a_rating_is_kept_with_the_prediction_that_stood(item, music):
    item.prediction, item.spread, item.predicted_by = 6.5, 1.2, "000001"
    db.session.commit()
    change = ratings.rate(music, item.id, 8.5)
    assert (change.before, change.rating) == (None, 8.5)
    event = db.session.scalar(select(RatingEvent))
    assert (event.rating, event.prediction, event.spread, event.predicted_by, event.origin) == (
        8.5, 6.5, 1.2, "000001", "page")
    assert event.fingerprint == item.fingerprint and item.rated_at == event.at


def test_undo_goes_back_step_by_step_and_stops(item, music):
    for rating in (3, 7, None):
        ratings.rate(music, item.id, rating)
    assert [ratings.undo(music).rating for _ in range(3)] == [7, 3, None]
    with pytest.raises(ratings.NothingToUndo):
        ratings.undo(music)
    assert len(ratings.events(music, item.id)) == 6


def test_a_change_after_an_undo_can_be_undone(item, music):
    ratings.rate(music, item.id, 3)
    ratings.undo(music)
    ratings.rate(music, item.id, 9)
    assert ratings.undo(music).rating is None


@pytest.mark.parametrize(("typed", "rating"), [("7,5", 7.5), ("0", 0.0), ("10", 10.0), ("", None), (None, None)])
def test_what_may_be_typed(typed, rating):
    assert ratings.parse(typed) == rating


@pytest.mark.parametrize("typed", ["-0.1", "10.1", "nan", "inf", "good", "1e400", "٣٣"])
def test_what_is_no_rating_is_refused_in_a_sentence(typed):
    with pytest.raises(ratings.InvalidRating, match="0 to 10"):
        ratings.parse(typed)


def test_an_unknown_item_is_refused(music):
    with pytest.raises(KeyError):
        ratings.rate(music, 999, 5)
