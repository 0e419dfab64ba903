import numpy as np
import pytest

from flaskr.evaluator import fit
from flaskr.evaluator.graph import FEWEST, Graph
from flaskr.evaluator.kernels import GRAPH, WIDE, Geometry

torch = pytest.importorskip("torch")


def ring(n: int, seed: int, radius: float) -> np.ndarray:
    """Items along a circle: what is alike lies along the line, not across."""
    rng = np.random.default_rng(seed)
    angle = rng.random(n) * 2 * np.pi
    return (np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius + 0.03 * rng.normal(size=(n, 2))).astype(np.float32)


def test_alike_is_what_many_chains_join():
    """Two rings, one within the other: by distance alone, the other ring is often nearer than the rest of one's own."""
    library = np.concatenate([ring(250, 0, 1.0), ring(250, 1, 0.7)])
    side = np.repeat([1.0, -1.0], 250)
    rng = np.random.default_rng(2)
    right = {GRAPH: [], WIDE: []}
    for _ in range(6):
        rows = np.concatenate([rng.permutation(250)[:12], 250 + rng.permutation(250)[:12]])
        geometry = Geometry.of(library[rows], 0, library)
        A = torch.from_numpy(library.astype(float) - geometry.centre)
        for kernel, found in right.items():
            K = geometry.features(kernel, A, A[rows])
            K = (K @ K[rows].T if kernel == GRAPH else K).numpy()
            guess = K @ np.linalg.solve(K[rows] + 0.5 * np.eye(24), side[rows])
            found.append(np.mean(np.sign(guess) == side))
    assert np.mean(right[GRAPH]) > np.mean(right[WIDE]) + 0.05
    assert np.mean(right[GRAPH]) > 0.85


def test_the_library_is_used_where_it_helps(person):
    X, y = person(300, seed=4)
    mean, _ = fit(X[:60], y[:60], library=X).predict(X[60:])
    plain, _ = fit(X[:60], y[:60]).predict(X[60:])
    assert np.abs(mean - y[60:]).mean() < 1.03 * np.abs(plain - y[60:]).mean()
    assert np.abs(mean - plain).max() > 1e-3


def test_a_handful_of_items_is_no_graph():
    X = ring(FEWEST - 1, 0, 1.0)
    assert Graph.of(X, X, 0) is None
    assert fit(X, np.arange(FEWEST - 1) % 11, library=X).predictors[0].graph is None


def test_coordinates_are_centred_on_what_was_rated():
    X = ring(200, 0, 1.0)
    graph = Graph.of(X, X[:40], 0)
    seen = graph.features(torch.from_numpy(X[:40].astype(float)))
    assert float(seen.mean(0).abs().max()) < 1e-9
    assert float(seen.square().sum(1).mean()) == pytest.approx(1)


def test_a_library_of_another_space_is_refused(person):
    X, y = person(20)
    with pytest.raises(ValueError, match="same embedding spaces"):
        fit(X, y, library=np.zeros((50, 31), np.float32))
