import numpy as np
import pytest

from flaskr.evaluator.choice import NORMAL, PRIORS, SLOPE, TIMID, Split, choose, conformal, earned
from flaskr.evaluator.kernels import CANDIDATES, CLOSE, FLAT, LINEAR, NARROW

C = len(CANDIDATES)


def split_of(errors: np.ndarray, interest: np.ndarray | None = None) -> Split:
    return Split(errors, np.ones_like(errors), np.zeros(C), slice(0, 0), interest=interest)


def test_the_candidate_that_errs_least_is_believed():
    rng = np.random.default_rng(0)
    errors = rng.normal(size=(C, 80)) * 2
    errors[5] /= 4
    chosen = choose(split_of(errors), np.full(80, 5.0), False)
    assert chosen.weights[5] > 0.9
    assert chosen.weights.sum() == pytest.approx(1)


def test_of_many_ratings_the_mix_that_errs_least_is_believed():
    rng = np.random.default_rng(0)
    errors = rng.normal(size=(C, 4000)) * 2
    errors[5:7] /= 4  # independent and equally good: half of each errs least
    errors[6] *= 1.1
    split = split_of(errors)
    split.variances[5] *= 9  # said badly, guessed well
    chosen = choose(split, np.full(4000, 5.0), False)
    assert chosen.weights.sum() == pytest.approx(1)
    assert chosen.weights[5:7].sum() > 0.65  # the others, independent too, have the rest
    assert chosen.weights[5] / chosen.weights[6] == pytest.approx(1.1**2, rel=0.1)
    errors[1:] += 8 * errors[0]
    assert choose(split_of(errors), np.full(4000, 5.0), False).weights[1:].sum() == pytest.approx(0.05, abs=0.01)


def test_what_errs_alike_is_believed_as_is_usual():
    errors = np.tile(np.random.default_rng(0).normal(size=20), (C, 1))
    chosen = choose(split_of(errors), np.full(20, 5.0), True)
    of = {(c.kernel, c.shrinkage): w for c, w in zip(CANDIDATES, chosen.weights, strict=True)}
    assert of[NARROW, 0.5] / of[CLOSE, 0.5] == pytest.approx(PRIORS[NARROW] / PRIORS[CLOSE])
    assert of[FLAT, 1.0] > 0
    assert of[LINEAR, 0.5] < 0.2 * of[NARROW, 0.5]


def test_interest_is_worth_what_is_usual_until_ratings_say_otherwise():
    rng = np.random.default_rng(0)
    errors, interest = rng.normal(size=400), rng.normal(size=400)

    def slope(errors, interest):
        return choose(split_of(np.tile(errors, (C, 1)), np.tile(interest, (C, 1))), 5 + errors, False).slope

    usual = SLOPE * errors.std()
    assert slope(errors, 1e-6 * interest) == pytest.approx(usual, rel=1e-3)
    assert slope(errors + interest, interest) > 5 * usual
    assert slope(errors - interest, interest) < 0
    assert choose(split_of(np.tile(errors, (C, 1))), 5 + errors, False).slope == 0


def test_interest_is_part_of_a_guess_and_of_its_order():
    errors = np.tile(np.random.default_rng(0).normal(size=60), (C, 1))
    interest = np.tile(np.linspace(-1, 1, 60), (C, 1))
    split = split_of(errors, interest)
    chosen = choose(split, 5 + errors[0], False)
    guess, _ = chosen.guess(5 + errors[0], split, slice(None))
    assert chosen.slope > 0
    assert (np.diff(guess) > 0).all()


def test_taste_keeps_a_say_where_only_the_average_holds_up():
    errors = np.random.default_rng(0).normal(size=(C, 200)) * 3
    errors[0] /= 3
    errors[1:] += errors[0]  # theirs is noise on top
    chosen = choose(split_of(errors), np.full(200, 5.0), False)
    assert chosen.weights[1:].sum() == pytest.approx(0.05, abs=0.01)
    assert chosen.boldness == TIMID


def test_only_what_is_surely_gained_is_done():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=400)
    noise -= noise.mean()
    assert earned(noise, 0.03) == 0.03
    assert earned(noise - 1, 0.03) == 0.03
    assert earned(noise + 1, 0.03) > 0.99
    assert 0.1 < earned(noise + 2.0 / 20, 0.03) < 0.9
    assert earned(np.ones(5), 0.0) == 1
    assert earned(np.zeros(5), 0.0) == 0


def test_guesses_move_to_the_median_of_a_skewed_taste():
    y = np.tile([9.0, 9, 9, 9, 9, 9, 8, 8, 2, 1], 20)
    errors = np.tile(y - y.mean(), (C, 1))
    chosen = choose(split_of(errors), y, False)
    assert 0.9 < chosen.shift < 9 - y.mean()


def test_rows_of_the_fold_are_not_looked_at():
    errors = np.random.default_rng(0).normal(size=(C, 40))
    y = np.full(40, 5.0)
    worse = errors.copy()
    worse[:, 10:20] *= 100
    a, b = (choose(Split(e, np.ones_like(e), np.zeros(C), slice(10, 20)), y, False) for e in (errors, worse))
    np.testing.assert_array_equal(a.weights, b.weights)
    assert a.factor == b.factor


def test_intervals_widen_to_what_was_seen():
    errors = np.random.default_rng(0).normal(size=(C, 500))
    heavy = np.sign(errors[0]) * np.where(np.arange(500) % 10 < 7, 0.05, 3.0)
    split = split_of(np.tile(heavy, (C, 1)))
    _, spread = choose(split, np.full(500, 5.0), False).guess(np.full(500, 5.0), split, slice(None))
    assert np.mean(np.abs(heavy) <= 1.05 * NORMAL * spread) >= 0.8


def test_conformal_is_the_rank_that_covers():
    assert conformal(np.arange(1.0, 3.0)) == pytest.approx(2, rel=0.05)  # too few for 80 %: the largest
    fresh = np.random.default_rng(0).exponential(size=(2000, 51))
    assert np.mean([row[-1] <= conformal(row[:-1]) for row in fresh]) == pytest.approx(0.8, abs=0.03)


def test_whole_ratings_are_covered_as_announced():
    rng, covered = np.random.default_rng(0), []
    for _ in range(300):
        y = np.clip(np.round(rng.normal(6 + rng.random(), 2, size=160)), 0, 10)
        errors = np.tile(y[:60] - y[:60].mean(), (C, 1))
        fresh = split_of(np.tile(y[60:] - y[:60].mean(), (C, 1)))
        mean, spread = choose(split_of(errors), y[:60], False).guess(y[60:], fresh, slice(None))
        covered.append(np.mean(np.abs(y[60:] - mean) <= NORMAL * spread))
    assert np.mean(covered) == pytest.approx(0.8, abs=0.025)
