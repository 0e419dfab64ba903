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
    assert [ratings.undo(music)[0].rating for _ in range(3)] == [7, 3, None]
    with pytest.raises(ratings.NothingToUndo):
        ratings.undo(music)
    assert len(ratings.events(music, item.id)) == 6


def test_a_change_after_an_undo_can_be_undone(item, music):
    ratings.rate(music, item.id, 3)
    ratings.undo(music)
    ratings.rate(music, item.id, 9)
    assert ratings.undo(music)[0].rating is None


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


def rated(music):
    db.session.expire_all()
    return list(db.session.scalars(select(music.Item.rating).order_by(music.Item.id)))


@pytest.fixture
def three(write_song, scan, music):
    for number in range(3):
        write_song(f"{number}.wav", hertz=300 + 50 * number)
    scan()
    return list(db.session.scalars(select(music.Item.id).order_by(music.Item.id)))


def test_many_are_rated_and_taken_back_as_one(three, music):
    ratings.rate(music, three[0], 2)
    changes = ratings.rate_all(music, [*three, 999], 9)
    assert [(change.before, change.rating) for change in changes] == [(2, 9), (None, 9), (None, 9)]
    assert rated(music) == [9, 9, 9]
    ratings.rate(music, three[1], 4)
    assert len(ratings.undo(music)) == 1 and rated(music) == [9, 9, 9]
    assert len(ratings.undo(music)) == 3 and rated(music) == [2, None, None]
    assert len(ratings.undo(music)) == 1 and rated(music) == [None, None, None]
    with pytest.raises(ratings.NothingToUndo):
        ratings.undo(music)


def test_a_clock_that_stands_still_joins_nothing(three, music, monkeypatch):
    monkeypatch.setattr(ratings.time, "time", lambda: 1e9)
    for item in three:
        ratings.rate(music, item, 5)
    assert len(ratings.undo(music)) == 1 and rated(music) == [5, 5, None]


def test_unrating_many_is_one_change_too(three, music):
    ratings.rate_all(music, three, 6)
    ratings.rate_all(music, three[:2], None)
    assert rated(music) == [None, None, 6]
    ratings.undo(music)
    assert rated(music) == [6, 6, 6]
    assert ratings.rate_all(music, [999], 5) == []
