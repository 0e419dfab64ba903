"""Plays: what counts as finished and skipped, and that none is counted twice."""

import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import plays


@pytest.fixture
def item(write_song, scan, music):
    write_song("one.wav")
    scan()
    return db.session.scalar(select(music.Item))


@pytest.mark.parametrize(("heard", "ended", "finished", "skipped"), [
    (10, False, False, True), (49.9, False, False, True), (50, False, False, False), (89, False, False, False),
    (90, False, True, False), (3, True, True, False)])
def test_finish_and_skip(item, music, heard, ended, finished, skipped):
    plays.record(music, item.id, heard=heard, duration=100, token="a", ended=ended, now=1000.0)
    assert (item.finished, item.skipped, item.last_played) == (int(finished), int(skipped), 1000.0)


def test_a_play_sent_twice_counts_once(item, music):
    first = plays.record(music, item.id, heard=10, duration=100, token="same", ended=False)
    assert first and plays.record(music, item.id, heard=10, duration=100, token="same", ended=False) is None
    assert item.skipped == 1


def test_nothing_heard_is_no_play(item, music):
    assert plays.record(music, item.id, heard=0, duration=100, token="a", ended=False) is None
    assert plays.history(music) == []


def test_without_a_known_duration_nothing_is_a_skip(item, music):
    plays.record(music, item.id, heard=3, duration=None, token="a", ended=False)
    assert (item.finished, item.skipped) == (0, 0)


def test_history_is_newest_first(item, music):
    for number in range(3):
        plays.record(music, item.id, heard=10, duration=100, token=str(number), ended=False, now=1000.0 + number)
    assert [play.token for play, _ in plays.history(music)] == ["2", "1", "0"]
