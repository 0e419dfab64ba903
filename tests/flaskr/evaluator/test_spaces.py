"""Several embedding spaces at once: the one that matters is found, a useless one does no harm."""

import numpy as np
import pytest

from flaskr.evaluator import fit, load


@pytest.fixture
def two(person):
    X, y = person(260, seed=5)
    noise = np.random.default_rng(0).normal(size=(260, 24)).astype(np.float32)
    return [noise / np.linalg.norm(noise, axis=1, keepdims=True), X], y


def test_the_space_that_matters_is_believed(two):
    spaces, y = two
    evaluator = fit([s[:120] for s in spaces], y[:120])
    weights = [sum(k["weight"] for k in evaluator.hyperparameters["kernels"] if k["space"] == i and k["kernel"] != "flat")
               for i in (0, 1)]
    assert weights[1] > 0.9
    alone = fit(spaces[1][:120], y[:120]).predict(spaces[1][120:])[0]
    both = evaluator.predict([s[120:] for s in spaces])[0]
    assert np.abs(both - y[120:]).mean() < 1.05 * np.abs(alone - y[120:]).mean()


def test_many_ratings_in_several_spaces(two, monkeypatch):
    spaces, y = two
    exact = fit(spaces, y).predict(spaces)[0]
    monkeypatch.setitem(fit.__globals__, "EXACT", 100)
    assert np.corrcoef(fit(spaces, y).predict(spaces)[0], exact)[0, 1] > 0.97


def test_it_is_saved_and_loaded_whole(two, tmp_path):
    spaces, y = two
    evaluator = fit(spaces, y, library=spaces)
    evaluator.save(tmp_path / "one")
    again = load(tmp_path / "one")
    for a, b in zip(again.predict(spaces), evaluator.predict(spaces), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(again.outside(spaces), evaluator.outside(spaces))
    assert again.dim == 24 + 32


def test_one_space_too_few_is_refused(two):
    spaces, y = two
    evaluator = fit([s[:40] for s in spaces], y[:40])
    with pytest.raises(ValueError, match="2 spaces"):
        evaluator.predict(spaces[0])
    with pytest.raises(ValueError, match="embeddings of"):
        evaluator.predict(spaces[::-1])
