"""What was played, as the signals' head hears it: before the first rating, and nothing is written."""

import numpy as np
import pytest
from sqlalchemy import func, select

from flaskr.extensions import db
from flaskr.feedback import plays, ratings
from flaskr.feedback.signals import heard
from flaskr.tables import Play, RatingEvent


@pytest.fixture
def songs_played(music, scan, write_song):
    """Three songs of two seconds: played to the end twice, skipped once, never played; their ids."""
    for number in range(3):
        write_song(f"{number}.wav", hertz=300 + number, seconds=2)
    scan()
    ids = list(db.session.scalars(select(music.Item.id).order_by(music.Item.title)))
    for number, (item, part, ended) in enumerate([(ids[0], 2.0, True), (ids[0], 1.0, True), (ids[1], 0.5, False)]):
        plays.record(music, item, heard=part, duration=2.0, token=f"t{number}", ended=ended, now=1000.0 + number)
    return ids


def test_counts_and_share(music, songs_played):
    finished, skipped, share = heard(music, songs_played)
    assert finished.tolist() == [2, 0, 0] and skipped.tolist() == [0, 1, 0]
    assert share[:2] == pytest.approx([0.75, 0.25], abs=0.02) and np.isnan(share[2])


def test_plays_after_the_rating_are_no_evidence(music, songs_played):
    ratings.rate(music, songs_played[0], 9)
    db.session.execute(RatingEvent.__table__.update().values(at=1000.5))
    db.session.commit()
    finished, _, share = heard(music, songs_played, before_rating=True)
    assert finished.tolist() == [1, 0, 0] and share[0] == pytest.approx(1.0, abs=0.02)


def test_reading_writes_nothing(music, songs_played):
    def state():
        return (db.session.scalar(select(func.count()).select_from(RatingEvent)),
                db.session.scalar(select(func.count()).select_from(Play)),
                db.session.execute(select(music.Item.id, music.Item.rating, music.Item.revised)).all())
    before = state()
    heard(music, songs_played)
    heard(music, songs_played, before_rating=True)
    assert state() == before and not db.session.dirty and not db.session.new
