"""Plays and skips beside the ratings: believed as far as ratings prove them right, and not at all where they don't."""

import numpy as np
import pytest

from flaskr.evaluator.signals import DWELL, MOST, PLAYS, SKIPS, Head, Heard, listen, read

NAMES = (PLAYS, SKIPS, DWELL)


def listener(n: int, tells: bool, seed: int = 0) -> tuple[np.ndarray, np.ndarray, Heard, np.ndarray]:
    """(ratings, guesses, what was played before, folds) of someone who skips what they dislike, or at random."""
    rng = np.random.default_rng(seed)
    guess = np.full(n, 6.0) + 0.5 * rng.normal(size=n)
    y = np.clip(guess + 1.5 * rng.normal(size=n), 0, 10)
    liking = (y - guess) / 1.5 if tells else rng.normal(size=n)
    finished, skipped = rng.poisson(np.exp(0.8 * liking)), rng.poisson(np.exp(-0.8 * liking))
    share = np.where(finished + skipped > 0, np.clip(0.5 + 0.2 * liking + 0.2 * rng.normal(size=n), 0, 1), np.nan)
    return y, guess, Heard(finished.astype(float), skipped.astype(float), share), np.arange(n) % 10


def test_what_ratings_confirm_is_believed():
    y, guess, heard, place = listener(150, True)
    head = listen(y, guess, heard, NAMES, place)
    assert head.share > 0.5 and head.saved > 0.2
    assert head.weights[0] >= 0 and head.weights[1] <= 0 and head.weights[2] >= 0
    fresh = Heard(np.array([5.0, 0, 0]), np.array([0.0, 5, 0]), np.array([0.9, 0.1, np.nan]))
    liked, skipped, unheard = read(head.as_dict())(fresh)
    assert liked > 0.2 and skipped < -0.2 and unheard == 0
    assert np.abs(head(heard)).max() <= MOST


def test_chance_gets_no_weight():
    heads = [listen(y, guess, heard, NAMES, place) for y, guess, heard, place in (listener(80, False, s) for s in range(20))]
    assert sum(head.share == 0 for head in heads) >= 17
    assert sum(head.share > 0.5 for head in heads) <= 1


def test_a_switched_off_signal_says_nothing():
    y, guess, heard, place = listener(150, True)
    assert listen(y, guess, heard, (), place).share == 0
    only = listen(y, guess, heard, (SKIPS,), place)
    assert only.names == (SKIPS,) and len(only.weights) == 1
    assert np.ptp(only(Heard(np.array([0.0, 9]), np.ones(2), np.array([0.1, 0.9])))) == 0


def test_few_plays_say_nothing():
    y, guess, heard, place = listener(8, True)
    head = listen(y, guess, heard, NAMES, place)
    assert head.share == 0 and head.n <= 8
    assert Head()(heard).tolist() == [0] * 8 and read(None) == Head()
    assert read(head.as_dict())(heard) == pytest.approx(np.zeros(8))
