"""How fast and how good the evaluator is: `python -m benchmarks.taste [vectors.npz]`, each figure beside its limit."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from flaskr.evaluator import fit

PEOPLE = 20
NEW = 200  # items that nobody rated, on which simulated people are tested


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}. data: .npz with X [m, dim] and, per person, rows `items_<id>`
    and `ratings_<id>` (0..10); without it people are simulated."""
    return [*speed(), *(quality(simulated) if data is None or not data.is_file() else quality(lambda n: real(data, n)))]


def speed() -> Iterator[dict]:
    """Seconds of a fit with its whole report, and of a prediction of a large library."""
    for n, dim, limit in ((200, 128, 0.2), (200, 512, 0.2), (1000, 512, 2.0), (10_000, 512, 20.0)):
        X, y = someone(n, seed=1, dim=dim)
        seconds = _best(lambda X=X, y=y: fit(X, y), 1 if n > 1000 else 3)
        yield _row(f"fit and report, {n:,} ratings x {dim}", seconds, limit, "s")
    for dim in (128, 512):
        X, y = someone(1000, seed=1, dim=dim)
        library, _ = someone(100_000, seed=2, dim=dim)
        evaluator = fit(X, y)
        yield _row(f"predict 100,000 items x {dim} from 1,000 ratings",
                   _best(lambda evaluator=evaluator, library=library: evaluator.predict(library), 3), 0.5, "s")


def quality(people: Callable[[int], Iterator[tuple[np.ndarray, ...]]]) -> Iterator[dict]:
    """Mean over people of figures on new items, with the standard error in `what`."""
    for n in (20, 50, 100, 200):
        found: dict[str, list[float]] = {}
        for X, y, new, truth in people(n):
            evaluator = fit(X, y)
            mean, spread = evaluator.predict(new)
            ranks = float(np.corrcoef(_ranks(mean), _ranks(truth))[0, 1]) if np.ptp(mean) > 0 else 0.0
            gain = _mae(mean, truth) / _mae(np.full(len(truth), y.mean()), truth)
            inside = float(np.mean(np.abs(mean - truth) <= 1.2816 * spread))
            ours, others = evaluator.report["mae"], evaluator.report["baselines"]
            for what, value in (("rank correlation (Spearman)", ranks), ("MAE / MAE of the average", gain),
                                ("coverage of the 80 % interval", inside),
                                *((f"out-of-fold MAE / that of {name}", ours["value"] / other["mae"]["value"])
                                  for name, other in others.items())):
                found.setdefault(what, []).append(value)
        for what, values in found.items():
            error = np.std(values, ddof=1) / len(values) ** 0.5
            limit = 1.02 if "MAE" in what else 0.75 if "coverage" in what else 0.0
            yield _row(f"{n} ratings: {what} (+- {error:.3f})", float(np.mean(values)), limit, "ratio",
                       at_least="MAE" not in what)


def simulated(n: int) -> Iterator[tuple[np.ndarray, ...]]:
    """(X, y, new X, new y) of each simulated person."""
    for seed in range(PEOPLE):
        X, y = someone(n + NEW, seed=seed, dim=128)
        yield X[:n], y[:n], X[n:], y[n:]


def real(path: Path, n: int) -> Iterator[tuple[np.ndarray, ...]]:
    """The same of real people with at least n + 50 ratings, in random order, at most PEOPLE of them."""
    with np.load(path) as data:
        names = [name.removeprefix("ratings_") for name in data.files if name.startswith("ratings_")]
        for name in [name for name in names if len(data[f"ratings_{name}"]) >= n + 50][:PEOPLE]:
            order = np.random.default_rng(0).permutation(len(data[f"ratings_{name}"]))
            X, y = data["X"][data[f"items_{name}"][order]], data[f"ratings_{name}"][order]
            yield X[:n], y[:n], X[n:], y[n:]


def someone(n: int, *, seed: int, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """n items in 25 clusters with a shared direction, as embeddings have, and one person's whole ratings: half of the
    variance is taste."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(25, dim))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    cluster = rng.integers(25, size=n)
    X = (centres[cluster] + 0.5 * centres[0] + rng.normal(size=(n, dim)) * 0.7 * dim**-0.5).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = 6.5 + 1.4 * rng.normal(size=25)[cluster] + 1.4 * rng.normal(size=n)
    return X, np.clip(np.round(y), 0, 10)


def _mae(guess: np.ndarray, truth: np.ndarray) -> float:
    return float(np.abs(guess - truth).mean())


def _ranks(values: np.ndarray) -> np.ndarray:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def _best(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    return {"what": what, "value": value, "limit": limit, "unit": unit,
            "holds": value >= limit if at_least else value <= limit}


def main() -> None:
    for row in run(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(f"{row['value']:10.3f} {row['unit']:6} limit {row['limit']:<6g} {'ok  ' if row['holds'] else 'MISS'} "
              f"{row['what']}")


if __name__ == "__main__":
    main()
