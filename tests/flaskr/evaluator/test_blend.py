"""The blend: leans on what has proved itself, leaves the own guess alone where there is nothing to gain."""

import numpy as np
import pytest

from flaskr.evaluator import blend
from flaskr.evaluator.blind import Blind


def someone(n: int, own: float, universal: float, seed: int = 0) -> tuple[np.ndarray, Blind, Blind, np.ndarray]:
    """(ratings, own guesses, universal guesses, folds): each guess knows that share of what is to be known of its own half."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, n))
    y = np.clip(6 + 1.3 * first + 1.3 * second + 0.7 * rng.normal(size=n), 0, 10)
    flat, wide = np.full(n, 6.0), np.full(n, 1.8)
    noise = rng.normal(size=(2, n))
    return y, Blind(6 + own * (first + 0.3 * noise[0]), wide, flat), Blind(
        5 + universal * (second if universal > 0.5 else noise[1]), wide, flat - 1), np.arange(n) % 10


def test_it_adds_what_the_other_one_knows():
    y, own, universal, place = someone(120, 1.0, 1.0)
    found = blend.weigh(y, own, universal)
    assert found.universal > 0.6 and found.own > 0.6
    shown = blend.blended(y, own, universal, place)
    gain = blend.gains(y, shown, own, np.arange(120))
    assert gain["mae"]["low"] > 0.2 and gain["spearman"]["low"] > 0.1
    mean, spread = found((own.mean, own.spread), (universal.mean, universal.spread))
    assert np.mean(np.abs(mean - y) <= 1.2816 * spread) == pytest.approx(0.8, abs=0.03)


def test_noise_is_left_out():
    harmed = []
    for seed in range(30):
        y, own, universal, place = someone(40, 1.0, 0.4, seed)
        shown = blend.blended(y, own, universal, place)
        harmed.append(np.abs(y - shown.mean).mean() - np.abs(y - own.mean).mean())
        if blend.weigh(y, own, universal).alone:
            mean, spread = blend.OWN((own.mean, own.spread), (universal.mean, universal.spread))
            assert mean == pytest.approx(own.mean) and spread == pytest.approx(own.spread)
    assert sum(blend.weigh(*someone(40, 1.0, 0.4, seed)[:3]).alone for seed in range(30)) >= 25
    assert np.mean(harmed) < 0.01


def test_a_timid_own_guess_is_helped_to_order_at_no_cost():
    saved, ordered, costs = 0, [], []
    for seed in range(20):
        y, own, universal, place = someone(60, 0.0, 1.0, seed)
        rng = np.random.default_rng(seed + 100)
        flat = Blind(6 + 0.02 * rng.normal(size=60), own.spread, own.centre)  # has learned nothing, and says so
        weak = Blind(5 + 0.3 * (universal.mean - 5) + 0.6 * rng.normal(size=60), universal.spread, universal.centre)
        shown = blend.blended(y, flat, weak, place)
        gain = blend.gains(y, shown, flat, np.arange(60))
        saved += not blend.weigh(y, flat, weak).alone
        ordered.append(gain["spearman"]["value"])
        costs.append(-gain["mae"]["value"])
    assert saved >= 15 and np.mean(ordered) > 0.15 and np.mean(costs) < 0.01


def test_a_constant_offset_between_media_does_not_matter():
    y, own, universal, _ = someone(100, 1.0, 1.0)
    moved = Blind(universal.mean + 2, universal.spread, universal.centre + 2)
    first, second = blend.weigh(y, own, universal), blend.weigh(y, own, moved)
    assert first((own.mean, own.spread), (universal.mean, universal.spread))[0] == pytest.approx(
        second((own.mean, own.spread), (moved.mean, moved.spread))[0])


def test_without_ratings_the_universal_guess_stands_and_few_move_it():
    universal = Blind(np.array([6.0, 7.0]), np.ones(2), np.full(2, 6.0))
    none = blend.few(np.zeros(0), None)
    assert none(None, (np.array([6.5]), np.array([1.5]))) == (pytest.approx([6.5]), pytest.approx([1.5]))
    two = blend.few(np.array([3.0, 4.0]), universal)
    assert two(None, (np.array([6.5]), np.array([1.0])))[0] == pytest.approx([5.5])  # two of six say three points less


def test_it_is_kept_and_read_again():
    found = blend.weigh(*someone(100, 1.0, 1.0)[:3])
    assert blend.read(found.as_dict()).as_dict() == found.as_dict()
