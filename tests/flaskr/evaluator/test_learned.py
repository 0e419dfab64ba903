"""A learned metric finds the few directions that a taste hangs on, and never looks at a hidden rating."""

import numpy as np
import pytest

from flaskr.evaluator import fit, large, load
from flaskr.evaluator.kernels import LEARNED, Geometry, candidates
from flaskr.evaluator.learned import DIRECTIONS, directions
from flaskr.evaluator.rated import Rated

torch = pytest.importorskip("torch")
WAYS = candidates(learned=True)


@pytest.fixture
def crossed():
    """X float32 [n, 24], y: liked if two traits are both there, or neither."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(900, 24)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = np.clip(np.round(6 + 2 * np.sign(X[:, 0] * X[:, 1]) + 0.5 * rng.normal(size=900)), 0, 10)
    return X, y


def test_directions_are_those_that_matter(crossed):
    X, y = crossed
    rows = torch.from_numpy(X - X.mean(0))
    K = torch.exp(-2 * torch.cdist(rows, rows) ** 2 / 2)
    turn = directions(K, torch.linalg.solve(K + 0.5 * torch.eye(900), torch.from_numpy(y - y.mean()).float()), rows)
    weight = (turn**2).sum(1)
    assert turn.shape == (24, min(24, DIRECTIONS))
    assert set(weight.argsort(descending=True)[:2].tolist()) == {0, 1}
    assert weight[:2].min() > 2 * weight[2:].max()


def test_a_taste_of_pairs_is_learned(crossed, monkeypatch, tmp_path):
    X, y = crossed
    plain = fit(X[:600], y[:600]).predict(X[600:])[0]
    monkeypatch.setitem(fit.__globals__, "EXACT", 300)
    evaluator = fit(X[:600], y[:600])
    assert max(evaluator.hyperparameters["kernels"], key=lambda kernel: kernel["weight"])["kernel"] == LEARNED
    guess = evaluator.predict(X[600:])[0]
    assert np.corrcoef(guess, y[600:])[0, 1] > np.corrcoef(plain, y[600:])[0, 1] + 0.05
    evaluator.save(tmp_path / "one")
    np.testing.assert_array_equal(load(tmp_path / "one").predict(X[600:])[0], guess)


def splits(X, y):
    known = Rated([X], y, [0, 40, 80, 120, 160, 200], True)
    return large.splits(known, [Geometry.of(X)], WAYS, 0, lambda part, ready: None)


def test_every_training_set_learns_its_own(crossed):
    X, y = crossed[0][:200], crossed[1][:200]
    found, whole, _ = splits(X, y)
    other = y.copy()
    other[40:80] = 10 - other[40:80]
    again, all_again, _ = splits(X, other)
    rows = [c for c, way in enumerate(WAYS) if way.kernel == LEARNED]
    hidden, rest = slice(40, 80), np.r_[0:40, 80:200]
    np.testing.assert_allclose(y[hidden] - found[1].errors[rows, hidden], other[hidden] - again[1].errors[rows, hidden],
                               atol=1e-6)
    np.testing.assert_allclose(found[1].errors[np.ix_(rows, rest)], again[1].errors[np.ix_(rows, rest)], atol=1e-6)
    np.testing.assert_allclose(found[1].variances[np.ix_(rows, rest)], again[1].variances[np.ix_(rows, rest)], atol=1e-6)
    assert not np.allclose(found[2].errors[np.ix_(rows, range(80, 120))], again[2].errors[np.ix_(rows, range(80, 120))])
    assert not np.allclose(whole.errors[np.ix_(rows, rest)], all_again.errors[np.ix_(rows, rest)])
