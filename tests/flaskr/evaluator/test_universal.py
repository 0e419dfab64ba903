"""One model over media: helps where tastes share words, is ignored where they don't, and says how much either way."""

import numpy as np
import pytest

from flaskr.evaluator import load
from flaskr.evaluator.blend import read
from flaskr.evaluator.universal import MEDIUM, Medium, learn, with_medium

ORDER = ("small", "large", "never")
DIM = 32


def topics(rng: np.random.Generator, n: int, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(topic [n], unit descriptions float32 [n, DIM]) of items about one of `of` topics."""
    topic = rng.integers(len(of), size=n)
    D = of[topic] + 0.5 * rng.normal(size=(n, DIM)) / DIM**0.5 * 2
    return topic, (D / np.linalg.norm(D, axis=1, keepdims=True)).astype(np.float32)


def person(shared: bool, few: int = 30, seed: int = 0) -> tuple[list[Medium], Medium]:
    """(media, hidden items of the small one): liked by topic in the large medium; in the small one by the same topics or,
    not `shared`, by something that only its own vectors show."""
    rng = np.random.default_rng(seed)
    of = rng.normal(size=(10, DIM))
    of /= np.linalg.norm(of, axis=1, keepdims=True)
    liking = np.linspace(-2, 2, 10)[rng.permutation(10)]

    def medium(name: str, n: int, by_topic: bool, version: str | None) -> Medium:
        topic, D = topics(rng, n, of)
        X = rng.normal(size=(n, 16))
        X[:, 0] *= 3
        X /= np.linalg.norm(X, axis=1, keepdims=True)
        taste = liking[topic] if by_topic else 2 * np.sign(X[:, 0])
        y = np.clip(np.round(5.5 + taste + 0.7 * rng.normal(size=n)), 0, 10)
        return Medium(name, X.astype(np.float32), D, y, np.arange(n), version=version)

    return [medium("large", 150, True, "000001"), medium("small", few, shared, "000001")], medium("small", 200, shared, None)


def shown(evaluator, own, hidden: Medium) -> np.ndarray:
    mix = read(evaluator.hyperparameters["across"]["small"]["blend"])
    return mix(own.predict(hidden.X), evaluator.predict(with_medium(hidden.D, "small", ORDER)))[0]


def test_shared_words_help_the_medium_with_few_ratings():
    from flaskr.evaluator import fit

    media, hidden = person(True)
    evaluator = learn(media, ORDER, space="text")
    said = evaluator.hyperparameters["across"]["small"]
    assert said["blend"]["universal"] > 0.5 and said["gain"]["mae"]["low"] > 0
    assert said["transfer"]["spearman"]["low"] > 0.3 and said["transfer"]["mae"]["low"] > 0
    own = fit(media[1].X, media[1].y)
    errors = [np.abs(hidden.y - guess).mean() for guess in (own.predict(hidden.X)[0], shown(evaluator, own, hidden))]
    assert errors[1] < 0.75 * errors[0]


def test_unrelated_tastes_stay_apart_and_nothing_is_harmed():
    from flaskr.evaluator import fit

    weights, ratios = [], []
    for seed in range(4):
        media, hidden = person(False, seed=seed)
        evaluator = learn(media, ORDER, space="text", seed=seed)
        said = evaluator.hyperparameters["across"]["small"]
        own = fit(media[1].X, media[1].y)
        before, after = own.predict(hidden.X)[0], shown(evaluator, own, hidden)
        weights.append(said["blend"]["universal"])
        ratios.append(np.abs(hidden.y - after).mean() / np.abs(hidden.y - before).mean())
        assert said["transfer"]["spearman"]["low"] < 0.1 and not said["transfer"]["mae"]["low"] > 0
        if not weights[-1]:
            assert after == pytest.approx(before)
    assert np.median(weights) == 0 and np.mean(ratios) < 1.01


def test_a_medium_without_ratings_gets_guesses_from_the_others():
    media, hidden = person(True, few=3)
    media[1] = Medium(**(vars(media[1]) | {"version": None}))
    evaluator = learn(media, ORDER, space="text")
    mix = read(evaluator.hyperparameters["across"]["small"]["blend"])
    mean, spread = mix(None, evaluator.predict(with_medium(hidden.D, "small", ORDER)))
    assert np.corrcoef(mean, hidden.y)[0, 1] > 0.6 and (spread > 0).all()
    assert evaluator.hyperparameters["across"]["small"]["transfer"] is None  # three ratings measure nothing


def test_nothing_in_it_touches_the_ratings_it_is_measured_on():
    media, _ = person(True)
    rng = np.random.default_rng(5)
    shuffled = [Medium(**(vars(one) | {"y": rng.permutation(one.y)})) for one in media]
    for said in learn(shuffled, ORDER, space="text").hyperparameters["across"].values():
        assert said["transfer"]["spearman"]["low"] < 0.05 and said["gain"]["mae"]["low"] <= 0.02
        assert said["blend"]["universal"] < 0.3


def test_it_is_kept_as_any_evaluator_is(tmp_path):
    media, hidden = person(True)
    evaluator = learn(media, ORDER, space="text")
    evaluator.save(tmp_path / "000001")
    again = load(tmp_path / "000001")
    assert again.hyperparameters == evaluator.hyperparameters and again.report["n"] == 180
    X = with_medium(hidden.D, "small", ORDER)
    assert again.predict(X)[0] == pytest.approx(evaluator.predict(X)[0])
    assert X.shape == (200, DIM + 3) and X[:, DIM:].sum(1) == pytest.approx(MEDIUM)
    assert not with_medium(hidden.D, "later", ORDER)[:, DIM:].any()
