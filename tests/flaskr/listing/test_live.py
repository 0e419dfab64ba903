"""The log of ratings as an exam: only first ratings, none taken back; second ones a day apart as the person's own noise."""

import pytest
from sqlalchemy import update

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.listing import figures
from flaskr.listing.live import APART, live
from flaskr.tables import RatingEvent, next_revision


@pytest.fixture
def predicted(fill, music):
    """Forty songs with a prediction of 6 each."""
    ids = fill([{} for _ in range(40)])
    db.session.execute(update(music.Item).values(prediction=6.0, revised=next_revision("music")))
    db.session.commit()
    return ids


def later(seconds):
    db.session.execute(update(RatingEvent).values(at=RatingEvent.at - seconds))
    db.session.commit()


def test_only_first_ratings_that_stand_are_an_exam(predicted, music):
    for at, id_ in enumerate(predicted[:20]):
        ratings.rate(music, id_, 5 if at % 2 else 8, origin="random" if at < 12 else "queue")
    ratings.rate(music, predicted[0], 1)  # a second one
    ratings.rate(music, predicted[30], 0)
    ratings.undo(music)
    found = live(music)
    assert found.everything["n"] == 20 and found.chance["n"] == 12
    assert found.everything["mae"]["value"] == pytest.approx(1.5)
    assert "no better than your average" in figures.foreseen(found, "song")
    assert "12 songs that were asked about by chance" in figures.by_chance(found, "song")


def test_a_correction_is_no_second_judgement(predicted, music):
    for id_ in predicted[:8]:
        ratings.rate(music, id_, 8)
        ratings.rate(music, id_, 7)
    assert len(live(music).twice) == 0
    later(APART + 60)
    for at, id_ in enumerate(predicted[:8]):
        ratings.rate(music, id_, at)
    twice = live(music).twice
    assert twice[:, 0].tolist() == [7] * 8 and twice[:, 1].tolist() == list(range(8))


def test_the_queue_may_ask_again_at_once(predicted, music):
    for id_ in predicted[:6]:
        ratings.rate(music, id_, 8)
        ratings.rate(music, id_, 6, origin="again")
    assert len(live(music).twice) == 6


def test_with_little_it_says_how_to_get_more(predicted, music):
    found, report = live(music), {"verdict": "better", "spearman": {"value": 0.5}, "mae": {"value": 1.0}}
    assert "From 10 on" in figures.foreseen(found, "song") and "by chance" in figures.by_chance(found, "song")
    assert "at least a day later" in figures.reachable(found, report, "song")


def test_a_steady_person_can_be_known(predicted, music):
    for round_ in range(2):
        for at, id_ in enumerate(predicted[:20]):
            ratings.rate(music, id_, at / 2 + round_ * (at % 2) / 2)
        later(APART + 60)
    report = {"spearman": {"value": 0.5}, "mae": {"value": 1.0}}
    words = figures.reachable(live(music), report | {"verdict": "better"}, "song")
    assert "20 songs twice" in words and "It reaches 50 % of the order" in words
    assert "It reaches" not in figures.reachable(live(music), report | {"verdict": "no_better"}, "song")
