"""Against scipy and scikit-learn, also on resamples written out row by row."""

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr
from sklearn.metrics import ndcg_score

from flaskr.evaluator import metrics


@pytest.fixture
def pair():
    rng = np.random.default_rng(0)
    truth = np.round(rng.uniform(0, 10, 40))
    return truth, np.round(truth + rng.normal(size=40) * 2, 0)  # ties in both


def test_figures_equal_the_libraries(pair):
    truth, guess = pair
    ones = np.ones((40, 1))
    assert metrics.mae(truth, guess, ones)[0] == pytest.approx(np.abs(truth - guess).mean())
    assert metrics.rmse(truth, guess, ones)[0] == pytest.approx(np.sqrt(((truth - guess) ** 2).mean()))
    np.testing.assert_allclose(metrics.midranks(guess, ones)[:, 0], rankdata(guess))
    assert metrics.spearman(truth, guess, ones)[0] == pytest.approx(spearmanr(truth, guess)[0])
    assert metrics.ndcg_at_k(truth, guess, ones)[0] == pytest.approx(ndcg_score([truth], [guess], k=10))
    assert metrics.coverage(truth, truth - 1, truth + np.arange(40) - 20, ones)[0] == pytest.approx(0.5)


def test_counts_are_copies_of_rows(pair):
    truth, guess = pair
    counts = np.concatenate(metrics.resamples(np.arange(40), 3), axis=1)
    assert counts.shape == (40, 1000)
    assert (counts.sum(0) == 40).all()
    spearman, ndcg = metrics.spearman(truth, guess, counts), metrics.ndcg_at_k(truth, guess, counts)
    mae = metrics.mae(truth, guess, counts)
    for b in range(0, 1000, 100):
        rows = np.repeat(np.arange(40), counts[:, b].astype(int))
        assert spearman[b] == pytest.approx(spearmanr(truth[rows], guess[rows])[0])
        assert ndcg[b] == pytest.approx(ndcg_score([truth[rows]], [guess[rows]], k=10))
        assert mae[b] == pytest.approx(np.abs(truth - guess)[rows].mean())


def test_constant_guesses_rank_nothing(pair):
    truth, _ = pair
    assert metrics.spearman(truth, np.full(40, 7.0), np.ones((40, 1)))[0] == 0
    assert metrics.ndcg_at_k(np.zeros(5), np.arange(5.0), np.ones((5, 1)))[0] == 0


def test_few_rows_have_figures():
    two = np.ones((2, 1))
    assert metrics.spearman(np.array([1.0, 2.0]), np.array([2.0, 1.0]), two)[0] == pytest.approx(-1)
    assert 0 < metrics.ndcg_at_k(np.array([1.0, 2.0]), np.array([2.0, 1.0]), two)[0] < 1


def test_groups_are_drawn_together():
    units = np.repeat(np.arange(10), 4)
    counts = np.concatenate(metrics.resamples(units, 0), axis=1)
    assert (counts.reshape(10, 4, -1) == counts.reshape(10, 4, -1)[:, :1]).all()


def test_intervals_of_few_are_wider():
    values = np.random.default_rng(0).normal(size=20_000)
    assert metrics.interval(values, 100_000) == pytest.approx((-1.96, 1.96), abs=0.06)
    assert metrics.interval(values, 6)[0] < -2.6


def test_the_interval_of_a_mean_covers():
    rng = np.random.default_rng(1)
    inside = 0
    for trial in range(200):
        errors = np.abs(rng.normal(size=15))
        drawn = metrics.mae(errors, np.zeros(15), metrics.resamples(np.arange(15), trial)[0])
        low, high = metrics.interval(drawn, 15)
        inside += low <= np.sqrt(2 / np.pi) <= high
    assert inside / 200 > 0.89


def test_pair_accuracy_counts_pairs_in_the_right_order():
    truth = np.array([1.0, 2, 3, 3])
    drawn = metrics.pairs(truth, 0)
    assert len(drawn[0]) == 5  # all but the tie
    weights = np.ones((5, 1))
    assert metrics.pair_accuracy(truth, drawn, weights)[0] == 1
    assert metrics.pair_accuracy(-truth, drawn, weights)[0] == 0
    assert metrics.pair_accuracy(np.zeros(4), drawn, weights)[0] == 0.5
    assert metrics.pair_accuracy(np.array([2.0, 1, 3, 3]), drawn, weights)[0] == 0.8
    assert metrics.pair_accuracy(truth, metrics.pairs(np.ones(4), 0), np.ones((0, 1)))[0] == 0.5


def test_many_pairs_are_sampled():
    better, worse = metrics.pairs(np.arange(5000.0), 0)
    assert 0.9 * metrics.PAIRS < len(better) <= metrics.PAIRS
    assert (better > worse).all()
