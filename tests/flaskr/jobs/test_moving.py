"""One more rating moves what resembles it, at once and reproducibly; taken back, everything stands where it stood."""

import numpy as np
import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs import moving
from flaskr.tables import RatingEvent, revision


def call(function, *arguments):
    return function(*arguments)


@pytest.fixture
def move(music, settings):
    return lambda ids: moving.move(music, settings.project, ids, run=call)


def test_what_resembles_it_moves_most_and_goes_back_when_taken_back(taught, move, music, settings):
    taught.train()
    before, new = taught.predictions(), taught.ids[33]
    assert taught.heap[33] == 0
    ratings.rate(music, new, 0.0)
    found = move(taught.ids)
    after = taught.predictions()
    same = taught.heap == 0
    assert (after - before)[same].mean() < -0.2 and after[33] < before[33] - 1
    assert np.abs(after - before)[~same].mean() < np.abs(after - before)[same].mean()
    assert [found[id_][0] for id_ in taught.ids] == pytest.approx(after.tolist(), abs=0.005)
    far, looked = moving.reach(music, settings.project, taught.ids, run=call)
    assert looked == 60 and abs(far - int((np.abs(after - before) > moving.TOLD).sum())) <= 1 and far > 0
    ratings.undo(music)
    move(taught.ids)
    assert taught.predictions() == pytest.approx(before, abs=0.005)
    assert moving.reach(music, settings.project, taught.ids, run=call) == (0, 0)


def test_only_what_is_asked_for_moves_and_the_rest_settles_to_the_same(taught, move, music, settings, monkeypatch):
    taught.train()
    before = taught.predictions()
    ratings.rate(music, taught.ids[33], 0.0)
    move(taught.ids[:10])
    some = taught.predictions()
    assert (some[10:] == before[10:]).all() and (some[:10] != before[:10]).any()
    monkeypatch.setattr(moving, "CHUNK", 7)
    moving.settle(music, settings.project, run=call)
    whole = taught.predictions()
    assert (whole[:10] == some[:10]).all() and (whole[10:] != before[10:]).any()


def test_the_next_prediction_knows_the_rating_too_and_the_next_training_needs_no_telling(taught, move, music, settings):
    taught.train()
    ratings.rate(music, taught.ids[33], 0.0)
    move(taught.ids)
    moved = taught.predictions()
    item = db.session.get(music.Item, taught.ids[40])
    item.predicted_by = None
    db.session.commit()
    from flaskr.jobs.learn import predict
    predict(music, settings.project, run=call)
    assert taught.predictions() == pytest.approx(moved, abs=0.005)
    assert moving.since(music, settings.project).count == 1
    taught.train()
    assert moving.since(music, settings.project).told == ()


def test_the_log_keeps_what_the_person_was_shown(taught, move, music):
    taught.train()
    ratings.rate(music, taught.ids[33], 0.0)
    shown = move(taught.ids)[taught.ids[36]]
    ratings.rate(music, taught.ids[36], 3.0)
    event = db.session.scalar(select(RatingEvent).order_by(RatingEvent.id.desc()))
    assert (event.prediction, event.spread) == pytest.approx(shown, abs=0.005)


def test_a_changed_rating_is_told_and_an_unchanged_one_is_not(taught, move, music, settings):
    taught.train()
    ratings.rate(music, taught.ids[0], db.session.get(music.Item, taught.ids[0]).rating)
    assert moving.since(music, settings.project).count == 0
    ratings.rate(music, taught.ids[0], 1.0)
    assert [rating for _, rating in moving.since(music, settings.project).told] == [1.0]


def test_without_an_evaluator_and_by_an_earlier_one_nothing_moves(taught, move, music):
    assert move(taught.ids) == {} == move([])
    taught.train()
    db.session.get(music.Item, taught.ids[5]).predicted_by = "000000"
    db.session.commit()
    ratings.rate(music, taught.ids[33], 0.0)
    before, number = taught.predictions(), revision("music")
    assert taught.ids[5] not in move(taught.ids[5:7])
    assert taught.predictions()[5] == before[5] and revision("music") == number + 1
    move(taught.ids[5:7])
    assert revision("music") == number + 1  # nothing moved any more, nothing is written


def test_of_very_many_ratings_the_last_ones_are_told(taught, music, settings, monkeypatch):
    taught.train()
    monkeypatch.setattr(moving, "MOST_SINCE", 2)
    for at in (33, 34, 35):
        ratings.rate(music, taught.ids[at], float(at - 30))
    told = moving.since(music, settings.project)
    assert [rating for _, rating in told.told] == [4.0, 5.0] and told.count == 3
