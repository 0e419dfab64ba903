"""Interest: found where a person looks for something, nothing where they were shown a random draw."""

import numpy as np
import pytest
import torch

from flaskr.evaluator import fit, load
from flaskr.evaluator.interest import Interest
from flaskr.evaluator.kernels import NARROW, Geometry


@pytest.fixture
def library(person):
    return person(1200, seed=3)[0]


def looked_for(library, n, *, strength, seed=0):
    """Rows that somebody rates who looks for what is like one item, the more the greater `strength`."""
    alike = library @ library[0]
    luck = np.random.default_rng(seed).gumbel(size=len(library))
    return np.argsort(-(strength * alike / alike.std() + luck))[:n], alike


def found(library, rows):
    X = library[rows]
    return Interest.of(X, library, np.arange(len(rows)) % 10, 0)


def test_what_is_looked_for_is_found(library):
    rows, alike = looked_for(library, 80, strength=1.5)
    interest = found(library, rows)
    assert np.corrcoef(interest.rows, alike[rows])[0, 1] > 0.3
    assert 0.3 < interest.rows.std() < 1.5


def test_a_random_draw_says_nothing(library):
    said = []
    for seed in range(8):
        rows, _ = looked_for(library, 60, strength=0, seed=seed)
        interest = found(library, rows)
        said.append(0.0 if interest is None else float(np.abs(interest.rows).mean()))
    assert np.mean(said) < 0.15


def test_a_row_does_not_count_for_itself(library):
    rows, _ = looked_for(library, 60, strength=2)
    far = int(np.argmin(library @ library[0]))
    with_far = np.append(rows, far)
    assert found(library, with_far).rows[-1] < 0


def test_its_short_form_is_near(library):
    rows, alike = looked_for(library, 100, strength=1.5)
    X = library[rows]
    geometry = Geometry.of(X)
    interest = Interest.of(X, library, np.arange(100) % 10, 0)
    others = torch.from_numpy(np.delete(library, rows, axis=0)[:300].astype(np.float64) - geometry.centre)
    inner = torch.cat([torch.from_numpy(X[interest.rated].astype(np.float64) - geometry.centre), interest.landmarks])
    short = interest.level + geometry.features(NARROW, others, inner).numpy() @ interest.weights
    assert np.corrcoef(short, np.delete(alike, rows)[:300])[0, 1] > 0.5


def test_a_small_library_says_nothing(person):
    X, _ = person(45)
    assert Interest.of(X[:20], X, np.arange(20), 0) is None


@pytest.mark.parametrize("noise", [0, 1e-4])
def test_a_library_of_one_thing_says_nothing(person, noise):
    X, y = person(40)
    library = (X[:1] + noise * np.random.default_rng(0).normal(size=(100, 32))).astype(np.float32)
    assert np.isfinite(fit(X, y, library=library).predict(X)).all()


def test_ratings_that_follow_interest_are_guessed_better(person):
    gains = []
    for seed in range(6):
        library, _ = person(1000, seed=seed)
        rows, alike = looked_for(library, 140, strength=1.5, seed=seed)
        rng = np.random.default_rng(seed)
        rng.shuffle(rows)
        liking = (alike[rows] - alike[rows].mean()) / alike[rows].std()
        y = np.clip(np.round(6 + 1.2 * liking + 2 * rng.normal(size=140)), 0, 10)
        known, new = slice(0, 30), slice(30, 140)
        guesses = [fit(library[rows[known]], y[known], library=shown).predict(library[rows[new]])[0]
                   for shown in (library, None)]
        gains.append(np.subtract(*[np.corrcoef(guess, y[new])[0, 1] for guess in guesses]))
    assert np.mean(gains) > 0.01


def test_it_is_saved_with_the_evaluator(person, tmp_path):
    library, y = person(600, seed=2)
    rows, _ = looked_for(library, 60, strength=1.5)
    evaluator = fit(library[rows], y[rows], library=library)
    assert evaluator.hyperparameters["interest"] != 0
    evaluator.save(tmp_path / "one")
    for a, b in zip(load(tmp_path / "one").predict(library), evaluator.predict(library), strict=True):
        np.testing.assert_array_equal(a, b)
