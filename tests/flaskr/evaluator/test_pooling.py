"""Attention over passages: found where one passage decides, and left out where the mean says as much."""

import numpy as np
import pytest

from flaskr.evaluator.pooling import MEAN, Passages, Pooling, choose_pooling, read

N, EACH, DIM = 150, 12, 24


def books(decides: bool, seed: int = 0) -> tuple[np.ndarray, np.ndarray, Passages]:
    """Texts of twelve passages; where it `decides`, one passage that is liked makes the rating, whatever the others say."""
    rng = np.random.default_rng(seed)
    liked, passages = rng.normal(size=DIM), rng.normal(size=(N, EACH, DIM))
    liked /= np.linalg.norm(liked)
    if decides:
        passages[:, 0] += np.where(rng.random(N) < 0.5, 9.0, 0.0)[:, None] * liked
    passages /= np.linalg.norm(passages, axis=2, keepdims=True)
    says = (passages @ liked).max(1) if decides else (passages @ liked).mean(1)
    y = 5 + 2 * (says - says.mean()) / says.std() + 0.3 * rng.normal(size=N)
    mean = passages.mean(1)
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    return mean.astype(np.float32), np.clip(y, 0, 10), Passages(
        passages.reshape(-1, DIM).astype(np.float32), np.repeat(np.arange(N), EACH))


def test_attention_is_kept_where_one_passage_decides():
    X, y, passages = books(True)
    found, crossed, figures = choose_pooling(X, y, passages, np.arange(N) % 10)
    assert found.query is not None and found.sharpness > 0 and figures["gain"] > 0
    assert np.linalg.norm(crossed, axis=1) == pytest.approx(1, abs=1e-5) and not np.allclose(crossed, X)
    again = read(found.as_dict())
    assert again(X, passages) == pytest.approx(found(X, passages), abs=1e-3)


def test_the_mean_is_kept_where_it_says_as_much():
    for seed in range(4):
        X, y, passages = books(False, seed)
        found, crossed, _ = choose_pooling(X, y, passages, np.arange(N) % 10)
        assert found is MEAN and crossed is X and read(found.as_dict()) == MEAN


def test_few_texts_are_not_tried():
    X, y, passages = books(True)
    some = Passages(passages.rows[:20 * EACH], passages.owner[:20 * EACH])
    assert choose_pooling(X[:20], y[:20], some, np.arange(20) % 10)[0] is MEAN
    assert choose_pooling(X, y, None, np.arange(N) % 10)[2] == {"tried": 0, "gain": 0.0}


def test_items_without_passages_stay_as_they_are():
    X = np.eye(3, 4, dtype=np.float32)
    rows = np.array([[0, 1, 0, 0], [0, 0, 1, 0]], np.float32)
    pooled = Pooling(np.array([0, 1, 0, 0], np.float32), 50.0)(X, Passages(rows, np.array([1, 1])))
    assert pooled[[0, 2]].tolist() == X[[0, 2]].tolist()
    assert pooled[1] == pytest.approx([0, 1, 0, 0], abs=1e-6)
