import json

import numpy as np
import pytest

from flaskr.evaluator import arrays, files, fit, load


def test_what_is_saved_is_what_is_loaded(trained, person, tmp_path):
    X, _ = person(20, seed=7)
    trained.save(tmp_path / "one")
    again = load(tmp_path / "one")
    np.testing.assert_array_equal(again.predict(X), trained.predict(X))
    assert again.report == trained.report
    assert (again.space, again.n, again.seed, again.dim) == ("sound:test", 60, 0, 32)
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == ["card.json", "evaluator.safetensors"]


def test_an_evaluator_of_too_few_ratings_is_saved_too(person, tmp_path):
    X, y = person(3)
    few = fit(X, y)
    few.save(tmp_path / "few")
    np.testing.assert_array_equal(load(tmp_path / "few").predict(X), few.predict(X))


def test_the_card_is_readable(trained, tmp_path):
    trained.save(tmp_path / "one")
    card = json.loads((tmp_path / "one" / "card.json").read_text())
    assert card["format"] == 3
    assert {"report", "n", "seed", "space", "dim", "created", "hyperparameters"} <= set(card)


def test_a_card_of_another_size_is_refused(trained, tmp_path):
    object.__setattr__(trained, "dim", 31)
    trained.save(tmp_path / "one")
    with pytest.raises(ValueError, match="does not fit its card"):
        load(tmp_path / "one")


def test_an_evaluator_of_the_first_format_still_predicts(trained, person, tmp_path, monkeypatch):
    """Format 1 had one space, a flat list of kernels, and neither `known` nor later ratings."""
    X, _ = person(20, seed=7)
    packed, names = arrays.pack(trained.predictors, trained.known)
    old = {name: array for name, array in packed.items() if not name.startswith("known") and "joint" not in name
           and name != "moved"}
    card = {name: getattr(trained, name) for name in ("dim", "space", "n", "seed", "created", "report")}
    monkeypatch.setattr(files, "FORMAT", 1)
    files.write(tmp_path / "old", old, card | {"hyperparameters": {"kernels": []}, "parts": names[0]})
    again = load(tmp_path / "old")
    np.testing.assert_array_equal(again.predict(X), trained.predict(X))
    assert not again.outside(X).any()
    assert again.updated(X[0], 9.0).predict(X)[0][0] > trained.predict(X)[0][0]
