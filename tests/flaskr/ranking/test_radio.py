"""The radio over weeks of listening: does it play what is loved, give the new its share, and dare what is uncertain?"""

from dataclasses import replace

import numpy as np
import pytest

from flaskr.ranking import recommend

DAYS, PER_DAY = 100, 20


@pytest.fixture
def listen(now):
    """listen(c) -> plays of each row, int [n], over 2,000 songs; what was played is less fresh the next day."""

    def play(c, **settings):
        plays = np.zeros(len(c), int)
        last_played = c.last_played.astype(float)
        for day in range(DAYS):
            today = now + day * 86_400
            then = replace(c, last_played=last_played.copy())
            picks = recommend(then, seed=day, now=today, count=PER_DAY, **settings)
            last_played[picks.index] = today
            plays[picks.index] += 1
        assert plays.sum() == DAYS * PER_DAY
        return plays

    return play


def test_nines_play_several_times_as_often_as_fours(library, listen):
    ratings = np.repeat([9.0, 6.5, 4.0], 100)
    plays = listen(library(300, rating=ratings))
    assert plays[:100].sum() > 3 * plays[200:].sum()
    assert plays[:100].sum() > plays[100:200].sum() > plays[200:].sum() > 0


def test_what_was_just_scanned_gets_its_fair_share(library, listen, now):
    """400 songs last heard long ago, 100 never heard, nothing known of any: a fifth of the plays are new ones."""
    last_played = np.where(np.arange(500) < 400, now - 90 * 86_400, np.nan)
    plays = listen(library(500, last_played=last_played))
    assert plays[400:].sum() / plays.sum() == pytest.approx(0.2, abs=0.04)
    assert (plays[400:] > 0).mean() > 0.9


def test_the_uncertain_is_tried_more_often_than_the_certain(library, listen):
    c = library(200, mean=6.0, spread=np.repeat([0.3, 2.0], 100))
    plays = listen(c, explore=0.5)
    assert plays[100:].sum() > 1.2 * plays[:100].sum()
    even = listen(c, explore=0.0)
    assert even[100:].sum() / even.sum() == pytest.approx(0.5, abs=0.05)


def test_skipped_songs_play_less(library, listen):
    plays = listen(library(200, rating=7.0, skipped=np.repeat([0, 4], 100)))
    assert plays[100:].sum() < 0.85 * plays[:100].sum()


def test_nothing_plays_day_after_day(library, listen):
    assert listen(library(400, rating=np.linspace(1, 10, 400))).max() < DAYS / 4
