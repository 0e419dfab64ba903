"""One more rating moves guesses as training again would, and no guess elsewhere."""

import numpy as np
import pytest

from flaskr.evaluator import fit, load
from flaskr.evaluator.kernels import LINEAR


@pytest.fixture(params=["plain", "library", "two spaces"])
def learned(request, person):
    X, y = person(200, seed=2, noise=0.5)
    Z, _ = person(200, seed=2, noise=0.5, dim=32)
    if request.param == "two spaces":
        spaces = [X[:, :20], Z[:, 8:]]
        return fit([s[:120] for s in spaces], y[:120]), spaces, y
    return fit(X[:120], y[:120], library=X if request.param == "library" else None), X, y


def rows(X, at):
    return [s[at] for s in X] if isinstance(X, list) else X[at]


def test_it_moves_as_training_again_does(learned):
    evaluator, X, y = learned
    library = None if evaluator.predictors[0].graph is None else X
    before, _ = evaluator.predict(X)
    now = evaluator
    for i in range(120, 126):
        now = now.updated(rows(X, i), 0.0)
    moved = now.predict(X)[0] - before
    again = fit(rows(X, slice(0, 126)), np.concatenate([y[:120], np.zeros(6)]), library=library).predict(X)[0] - before
    assert (moved[120:126] < -0.3).all()
    assert np.corrcoef(moved, again)[0, 1] > 0.75


def test_what_was_rated_is_surer_than_before(learned):
    evaluator, X, _ = learned
    _, before = evaluator.predict(X)
    _, after = evaluator.updated(rows(X, 150), 8.0).predict(X)
    assert (after <= before + 1e-4).all()
    assert (before - after)[150] >= 0.5 * (before - after).max()
    assert after[150] < before[150]


def test_a_rating_that_was_expected_moves_nothing(learned):
    evaluator, X, _ = learned
    mean, _ = evaluator.predict(X)
    after, _ = evaluator.updated(rows(X, 150), float(mean[150])).predict(X)
    np.testing.assert_allclose(after, mean, atol=1e-4)


def test_held_guesses_move_alike(learned):
    evaluator, X, _ = learned
    held = evaluator.hold(X)
    for a, b in zip(held.predict(), evaluator.predict(X), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)
    for i, y in ((130, 9.5), (150, 1.0), (170, 10.0)):
        held, evaluator = held.rated(i, y), evaluator.updated(rows(X, i), y)
    after = evaluator.predict(X)
    for a, b in zip(held.predict(), after, strict=True):  # the held form is short: nearly the same
        assert np.abs(a - b).mean() < 0.06
        assert np.abs(a - b).max() < 0.4
    again = evaluator.hold(X).rated(160, 2.0).predict()[0]  # what was rated since training is held, too
    now = evaluator.updated(rows(X, 160), 2.0).predict(X)[0]
    assert np.corrcoef(again - after[0], now - after[0])[0, 1] > 0.97


def test_held_coordinates_move_exactly(monkeypatch):
    monkeypatch.setattr("flaskr.evaluator.choice.PRIORS", {LINEAR: 1e9})
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 256)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    evaluator = fit(X[:250], np.clip(np.round(5 + 30 * X[:250, 0] + rng.normal(size=250)), 0, 10))
    assert [part.kernel for part in evaluator.predictors[0].parts] == [LINEAR]
    for a, b in zip(evaluator.hold(X).rated(270, 10.0).predict(), evaluator.updated(X[270], 10.0).predict(X), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-3)


def test_later_ratings_are_saved(learned, tmp_path):
    evaluator, X, _ = learned
    now = evaluator.updated(rows(X, 150), 9.0).updated(rows(X, 151), 2.0)
    now.save(tmp_path / "one")
    for a, b in zip(load(tmp_path / "one").predict(X), now.predict(X), strict=True):
        np.testing.assert_array_equal(a, b)


def test_with_too_few_to_learn_from_it_still_answers(person):
    X, y = person(3)
    evaluator = fit(X, y).updated(X[0], 10.0)
    assert np.isfinite(evaluator.predict(X)[0]).all()


@pytest.mark.parametrize("y", [-1, 11, float("nan")])
def test_what_is_no_rating_is_refused(trained, person, y):
    X, _ = person(3)
    with pytest.raises(ValueError, match="between 0 and 10"):
        trained.updated(X[0], y)
    with pytest.raises(ValueError, match="between 0 and 10"):
        trained.hold(X).rated(0, y)


def test_an_item_of_another_space_is_refused(trained):
    with pytest.raises(ValueError, match="embeddings of 32 numbers"):
        trained.updated(np.zeros(31, np.float32), 5.0)
