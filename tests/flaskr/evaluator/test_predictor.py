from dataclasses import replace

import numpy as np
import pytest

from flaskr.evaluator import compress as short
from flaskr.evaluator import fit, load, predictor
from flaskr.evaluator.compress import compress, shorter, strongest
from flaskr.evaluator.kernels import FLAT, LINEAR, POWERS
from flaskr.evaluator.predictor import Part, Predictor, together

torch = pytest.importorskip("torch")


def test_blocks_give_what_rows_give(trained, person, monkeypatch):
    X, _ = person(50, seed=8)
    whole = trained.predict(X)
    monkeypatch.setattr(predictor, "CHUNK", 7)
    np.testing.assert_allclose(trained.predict(X), whole, atol=1e-5)


def test_nothing_in_nothing_out(trained):
    mean, spread = trained.predict(np.zeros((0, 32), np.float32))
    assert mean.shape == spread.shape == (0,)


@pytest.mark.parametrize("n", [2, 60])
def test_what_does_not_fit_is_refused(person, n):
    X, y = person(n)
    evaluator = fit(X, y)
    with pytest.raises(ValueError, match="embeddings of 32 numbers"):
        evaluator.predict(np.zeros((3, 31), np.float32))
    X[1, 4] = np.nan
    with pytest.raises(ValueError, match="finite"):
        evaluator.predict(X)


def test_guesses_stay_on_the_scale(person):
    X, y = person(100, signal=20)
    mean, _ = fit(X, y).predict(np.concatenate([X, -X, 5 * X]))
    assert (mean >= 0).all()
    assert (mean <= 10).all()


@pytest.mark.parametrize("far", [0.65, 0.9, 1.3, 4.0])
def test_what_lies_far_out_is_guessed_as_written(far, monkeypatch):
    monkeypatch.setattr("flaskr.evaluator.choice.PRIORS", {FLAT: 1e-9, LINEAR: 1e-9})
    rng = np.random.default_rng(0)
    X = 0.05 * rng.normal(size=(200, 16))
    X[:8] = far * np.eye(16)[0] + 0.02 * rng.normal(size=(8, 16))
    y = np.where(np.arange(200) < 8, 1.0, rng.integers(5, 9, size=200))
    evaluator = fit(X.astype(np.float32), y)
    new = (np.concatenate([X[:8], X[100:150]]) + 0.01 * rng.normal(size=(58, 16))).astype(np.float32)
    mean, variance = as_written(evaluator.predictors[0], new.astype(float))
    guess, spread = evaluator.predict(new)
    assert guess[:8].max() < 5 < guess[8:].min()
    np.testing.assert_allclose(guess, mean, atol=2e-3)
    np.testing.assert_allclose((spread / evaluator.predictors[0].factor) ** 2, variance, rtol=1e-2)


def as_written(p, X):
    """(mean, variance) by the formulas of Part and Predictor, in double precision."""
    away, mean, variance = X - p.centre, p.bias, p.base
    distances = ((away[:, None] - p.supports[None]) ** 2).sum(2)
    for part in p.parts:
        curved = part.kernel in POWERS
        k = np.exp(-0.5 * POWERS[part.kernel] / p.width * distances) if curved else away * p.spread**-0.5
        power = (k**2).sum(1)
        mean = mean + k @ part.mean
        variance = variance + part.gain * (1 if curved else power) - 2 * k @ part.tilt - part.rest * power
        variance = variance - (k @ part.root) ** 2 @ part.signs
    return np.clip(mean, 0, 10), np.maximum(variance, p.floor)


def test_a_constant_is_constant():
    mean, spread = together([Predictor.constant(4, 6.5, 4.0)], [np.eye(4, dtype=np.float32)])
    assert (mean == 6.5).all()
    assert (spread == 2).all()


def test_short_numbers_are_used_where_guesses_bear_them(person, monkeypatch, tmp_path):
    monkeypatch.setattr(predictor, "short_numbers", lambda: torch.bfloat16)
    X, y = person(700, signal=2.5)
    evaluator = fit(X[:500], y[:500])
    usual, = evaluator.predictors
    assert usual.short and len(usual.supports) == 500
    brief, exact = evaluator.predict(X[500:])[0], together([replace(usual, short=False)], [X[500:]])[0]
    assert 0 < np.abs(brief - exact).max() < 0.2 and np.corrcoef(brief, exact)[0, 1] > 0.999
    evaluator.save(tmp_path / "one")
    assert load(tmp_path / "one").predictors[0].short
    large = np.where(np.arange(500) % 2, -300, 300).astype(np.float32)  # two neighbours that all but cancel each other
    twins = replace(usual, parts=tuple(replace(part, mean=part.mean + large) for part in usual.parts),
                    supports=np.repeat(usual.supports[::2], 2, 0), norms=np.repeat(usual.norms[::2], 2))
    items = torch.from_numpy(X[500:] - usual.centre)
    assert predictor.bears_short(usual, items) and not predictor.bears_short(twins, items)
    monkeypatch.setattr(predictor, "short_numbers", lambda: torch.float32)
    assert not predictor.bears_short(usual, items)


def test_a_short_variance_is_right_on_average(person):
    rng = np.random.default_rng(0)
    A = rng.normal(size=(150, 8))
    K = torch.from_numpy(np.exp(-((A[:, None] - A[None]) ** 2).sum(-1) / 8))
    Q = torch.linalg.inv(K + torch.eye(150, dtype=K.dtype))
    fresh = rng.normal(size=(400, 8))
    k = np.exp(-((fresh[:, None] - A[None]) ** 2).sum(-1) / 8)
    true = (k * (k @ Q.numpy())).sum(1)
    root, signs, rest = compress(Q, K, torch.zeros(150, dtype=K.dtype), true.mean())
    brief = rest * (k**2).sum(1) + (k @ root) ** 2 @ signs
    assert brief.mean() == pytest.approx(true.mean(), abs=0.02)
    assert np.abs(true - brief).max() < 0.06


@pytest.mark.parametrize("fall", [0.5, 1.0])
def test_spreads_of_many_coordinates_are_right_on_average(monkeypatch, fall):
    monkeypatch.setattr("flaskr.evaluator.choice.PRIORS", {LINEAR: 1e9})
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1450, 512)) * np.arange(1, 513) ** -fall
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    liking = X @ rng.normal(size=512)
    y = np.clip(6 + 1.8 * liking / liking.std() + 0.3 * rng.normal(size=1450), 0, 10)
    mean, spread = fit(X[:450].astype(np.float32), y[:450]).predict(X[450:].astype(np.float32))
    assert 0.77 < (np.abs(mean - y[450:]) <= 1.2816 * spread).mean() < 0.83


def test_the_strongest_directions_are_those_of_the_exact_ones():
    rng = np.random.default_rng(0)
    A = rng.normal(size=(400, 3))
    K = torch.from_numpy(np.exp(-((A[:, None] - A[None]) ** 2).sum(-1) / 4))
    quick, exact = strongest(K, 64), torch.linalg.eigh(K)[1].flip(1)[:, :64]
    assert quick.shape == (400, 64)
    np.testing.assert_allclose((quick.T @ K @ quick).trace(), (exact.T @ K @ exact).trace(), rtol=1e-6)


def test_a_shorter_basis_keeps_the_order(monkeypatch):
    rng = np.random.default_rng(0)
    mix = rng.normal(size=(128, 128)) * np.arange(1, 129)[:, None] ** -1.5  # as real embeddings: few strong directions
    X = (rng.normal(size=(1500, 128)) @ mix).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    liking = np.tanh(3 * X @ mix[0] / np.linalg.norm(mix[0])) * 2
    y = np.clip(5 + liking[:500] + 0.5 * rng.normal(size=500), 0, 10)
    brief = fit(X[:500], y)
    assert 0 < brief.predictors[0].basis.shape[1] < 77
    monkeypatch.setattr(short, "WORTH", 10_000)
    full = fit(X[:500], y)
    a, b = brief.predict(X[500:])[0], full.predict(X[500:])[0]
    assert np.abs(a - b).max() < 0.2
    assert np.corrcoef(a, b)[0, 1] > 0.999
    assert np.corrcoef(a.argsort().argsort(), b.argsort().argsort())[0, 1] > 0.99


def test_nothing_is_shortened_where_little_would_be_saved():
    part = Part("narrow", np.ones(600, np.float32), np.zeros(600, np.float32), np.zeros((600, 1), np.float32),
                np.ones(1, np.float32), 1.0, 0.0)
    rows = torch.from_numpy(np.random.default_rng(0).normal(size=(600, 40)))
    assert shorter(rows, 80.0, [part]).shape == (40, 0)
    assert shorter(rows[:300], 80.0, [part]).shape == (40, 0)


def test_many_supports_keep_mean_and_spread(person, monkeypatch):
    X, y = person(900, dim=256)
    brief = fit(X[:500], y[:500])
    assert 0 < brief.predictors[0].basis.shape[1] < 154
    monkeypatch.setattr(short, "WORTH", 10_000)
    monkeypatch.setattr(short, "RANK", 400)
    full = fit(X[:500], y[:500])
    (mean, spread), (exact, wide) = brief.predict(X[500:]), full.predict(X[500:])
    assert np.corrcoef(mean, exact)[0, 1] > 0.999
    np.testing.assert_allclose(spread.mean(), wide.mean(), rtol=0.02)
    np.testing.assert_allclose(spread, wide, rtol=0.1)
