"""What each rated item contributes adds up to the guess, and says which ones pulled it."""

from dataclasses import replace

import numpy as np
import pytest

from flaskr.evaluator import fit, load
from flaskr.evaluator.fit import EXACT
from flaskr.evaluator.why import MOST


def test_what_interest_adds_is_told_apart(person):
    X, y = person(900)
    often = X @ X[0]  # this person looks for what is like the first item
    chosen = np.argsort(-often + np.random.default_rng(0).normal(size=900) * often.std())[:120]
    evaluator = replace(fit(X[chosen], y[chosen], library=X), ratings=y[chosen])
    assert evaluator.hyperparameters["interest"] > 0
    others = np.setdiff1d(np.arange(900), chosen)
    pulled, base, interest = evaluator.why(X[others], X[chosen])
    np.testing.assert_allclose(base + pulled.sum(1) + interest, evaluator.predict(X[others])[0], atol=1e-4)
    assert np.corrcoef(interest, often[others])[0, 1] > 0.5
    assert np.abs(interest).max() < 2
    higher = tuple(replace(p, bias=p.bias + 6 * (at == 0)) for at, p in enumerate(evaluator.predictors))
    clipped = replace(evaluator, predictors=higher)
    assert (clipped.predict(X[others])[0] == 10).any()
    np.testing.assert_allclose(clipped.why(X[others], X[chosen])[2], interest + 6, atol=1e-4)  # what is not known of it


@pytest.mark.parametrize(("n", "near"), [(60, 2e-3), (450, 0.1)])
def test_contributions_and_base_are_the_guess(person, n, near):
    X, y = person(n + 40)
    evaluator = replace(fit(X[:n], y[:n]), ratings=y[:n])
    pulled, base, interest = evaluator.why(X[n:], X[:n])
    assert pulled.shape == (40, n)
    guess = evaluator.predict(X[n:])[0]
    assert np.ptp(guess) > 0.5, "there is something to explain"
    np.testing.assert_allclose(base + pulled.sum(1), guess, atol=near)
    assert not interest.any()


def test_several_spaces_add_up(person):
    X, y = person(80)
    other, _ = person(80, seed=1, dim=16)
    evaluator = replace(fit([X, other], y), ratings=y)
    pulled, base, _ = evaluator.why([X, other], [X, other])
    np.testing.assert_allclose(base + pulled.sum(1), evaluator.predict([X, other])[0], atol=2e-3)


def test_it_is_linear_in_the_ratings(person):
    X, y = person(60, signal=3)
    evaluator = replace(fit(X, y), ratings=y)
    moved = y.copy()
    moved[[3, 4]] += [1, -1]  # the average stays
    before, after = evaluator.why(X[:5], X)[0], replace(evaluator, ratings=moved).why(X[:5], X)[0]
    np.testing.assert_allclose(np.delete(after, [3, 4], 1), np.delete(before, [3, 4], 1), atol=1e-6)
    assert after[3, 3] > before[3, 3]


def test_what_is_alike_pulls_most(person):
    X, y = person(120, noise=0.2, signal=3)
    evaluator = replace(fit(X[1:], y[1:]), ratings=y[1:])
    for item in range(1, 8):
        pulled = np.abs(evaluator.why(X[item:item + 1], X[1:])[0][0] / (np.abs(y[1:] - y[1:].mean()) + 0.1))
        nearest = np.argsort(-(X[1:] @ X[item]))[:12]
        assert pulled[nearest].mean() > 2 * np.delete(pulled, nearest).mean()


def test_where_nothing_can_be_learned_nothing_pulls(person):
    X, y = person(60, signal=0)
    evaluator = replace(fit(X, y), ratings=y)
    assert np.abs(evaluator.why(X, X)[0]).max() < 0.1
    few = replace(fit(X[:3], y[:3]), ratings=y[:3])
    pulled, base, _ = few.why(X, X[:3])
    assert not pulled.any()
    np.testing.assert_allclose(base, few.predict(X)[0], atol=1e-5)


def test_it_is_kept_with_the_ids_and_missed_in_older_ones(person, tmp_path):
    X, y = person(60)
    evaluator = replace(fit(X, y), ids=np.arange(60) * 7, ratings=y.astype(np.float32))
    evaluator.save(tmp_path / "one")
    back = load(tmp_path / "one")
    np.testing.assert_array_equal(back.ids, evaluator.ids)
    np.testing.assert_allclose(back.why(X[:3], X)[0], evaluator.why(X[:3], X)[0], atol=1e-6)
    with pytest.raises(ValueError, match="train again"):
        fit(X, y).why(X[:3], X)


def test_it_reaches_as_far_as_exact_training():
    assert MOST == EXACT
