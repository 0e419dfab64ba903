"""How soon, how well and how honestly a taste is learned: `python -m benchmarks.taste [DATA]`, each figure beside its limit.

People are taken by number, not by result; of more than PEOPLE, as many as the table says."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR
from threadpoolctl import threadpool_limits

from benchmarks._network import crossed, network
from benchmarks._people import Person, anime, labelled, movies, simulated
from flaskr.evaluator import fit, metrics

PEOPLE, KINDS_OF = 200, 30  # real people per figure, at most; simulated ones per kind of taste
FEWER = {"anime": 100}  # people of a set that is not asked for, but shows that nothing was tuned to the others
SIZES = {"movies": (20, 50, 100, 200, None), "sounds": (20, 50, 90), "photos": (20, 50, 100, 190),
         "anime": (20, 50, 100, 200, None)}
REAL = {"movies": movies, "anime": anime}
WORKERS = 2
WORSE = 1.01  # an error above this share of the average's counts as above it: less is no difference to anyone


def run(data: Path | None = None) -> Iterator[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"} as they come: speed, and with `data` the quality on its people."""
    yield from speed()
    yield from networks()
    if data is None:
        return
    yield from many(data)
    for name, sizes in SIZES.items():
        for n in sizes:
            people = REAL[name](data, n, FEWER.get(name, PEOPLE)) if name in REAL else simulated(data, name, n, KINDS_OF)
            yield from quality(f"{name}, {'all' if n is None else n} ratings", n, people)


def speed() -> Iterator[dict]:
    """Seconds of a fit with its whole report, of a prediction of a large library, and of one more rating."""
    for n, limit in ((200, 0.3), (1000, 2.0), (10_000, 20.0)):
        X, y = someone(n, seed=1, dim=512)
        seconds = _best(partial(fit, X, y), 1 if n > 1000 else 3)
        yield _row(f"fit and report, {n:,} ratings x 512", seconds, limit, "s")
    X, y = someone(1000, seed=1, dim=512)
    library, _ = someone(100_000, seed=2, dim=512)
    evaluator = fit(X, y)
    yield _row("predict 100,000 items x 512 from 1,000 ratings", _best(partial(evaluator.predict, library), 3), 0.5, "s")
    yield _row("predict 1,000,000 items x 512 from 1,000 ratings (100,000 ten times)",
               _best(lambda: [evaluator.predict(library) for _ in range(10)], 1), 3.0, "s")
    page = library[:60]
    yield _row("one more rating, and 60 items of a page predicted again",
               _best(lambda: evaluator.updated(library[0], 9.0).predict(page), 5), 0.1, "s")
    held = evaluator.hold(library)
    yield _row("one more rating, and 100,000 held items predicted again", _best(lambda: held.rated(0, 9.0).predict(), 5),
               0.1, "s")
    del held
    large = np.concatenate([library] * 10)
    held = evaluator.hold(large)
    yield _row("one more rating, and 1,000,000 held items predicted again", _best(lambda: held.rated(0, 9.0).predict(), 3),
               3.0, "s")
    few = fit(*someone(200, seed=1, dim=512))
    yield _row("predict 1,000,000 items x 512 from 200 ratings", _best(partial(few.predict, large), 1), 3.0, "s")


def networks() -> Iterator[dict]:
    """Beside a neural network, from many ratings of a taste that is made for one."""
    for n in (2000, 10_000):
        X, y = crossed(n + 2000, 64, seed=1)
        yield _beside(f"crossed traits, {n:,} ratings", X, y, n, 2000, (128, 64))


def many(data: Path) -> Iterator[dict]:
    """Thousands of real labels on real embeddings, as one person's: what a site's members gave to anime on average, and how
    many watched it."""
    for name, X, y in labelled(data):
        for n in (1000, 3000, 9000):
            yield _beside(f"{name}, {n:,} labels", X, y, n, 1500, (512, 256))


def _beside(what: str, X: np.ndarray, y: np.ndarray, n: int, hidden: int, width: tuple[int, int]) -> dict:
    drawn = np.random.default_rng(0).multinomial(hidden, np.full(hidden, 1 / hidden), size=300).T
    counts = np.concatenate([np.ones((hidden, 1)), drawn], axis=1)
    ours, theirs = fit(X[:n], y[:n]).predict(X[-hidden:])[0], network(X[:n], y[:n], X[-hidden:], hidden=width)
    rank, other = (metrics.spearman(y[-hidden:], np.round(g, 5), counts) for g in (ours, theirs))
    low, high = np.percentile((rank - other)[1:], [2.5, 97.5])
    what += f": spearman; ours {rank[0]:.3f}, a neural network {other[0]:.3f}; ours - network {low:+.3f} to {high:+.3f}"
    return _row(what, float(rank[0]), float(other[0]), "spearman", at_least=True, high=float(high))


def quality(where: str, n: int | None, people: Iterable[Person]) -> Iterator[dict]:
    """Figures of hidden items, mean over people with a 95 % bootstrap interval over people, in `what`."""
    with ProcessPoolExecutor(WORKERS) as pool:
        each = list(pool.map(tried, people, chunksize=4))
    found = {name: [one[name] for one in each] for name in each[0]}
    for figure in ("spearman", "ndcg10"):
        table = {name: np.array([each[figure] for each in found[name]]) for name in found}
        best = max((name for name in table if name != "ours"), key=lambda name: table[name].mean())
        low, high = _interval(table["ours"] - table[best])
        others = ", ".join(f"{name} {values.mean():.3f}" for name, values in table.items())
        yield _row(f"{where}: {figure}; {others}; ours - {best} {low:+.3f} to {high:+.3f}",
                   float(table["ours"].mean()), float(table[best].mean()), figure, at_least=True, high=high)
    errors = {name: np.array([each["mae"] for each in found[name]]) for name in found}
    low, high = _interval(errors["ours"] - errors["mean"])
    yield _row(f"{where}: MAE; {', '.join(f'{name} {e.mean():.3f}' for name, e in errors.items())}; "
               f"ours - mean {low:+.3f} to {high:+.3f}", float(errors["ours"].mean()), float(errors["mean"].mean()), "points")
    ratio = errors["ours"] / errors["mean"]
    yield _row(f"{where}: people not above the mean's MAE x {WORSE} (x 1: {np.mean(ratio <= 1):.2f}; "
               f"x 1.02: {np.mean(ratio <= 1.02):.2f}) of {len(ratio)}", float(np.mean(ratio <= WORSE)), 0.95, "share",
               at_least=True)
    inside = np.array([each["coverage"] for each in found["ours"]])
    low, high = _interval(inside)
    off = abs(float(inside.mean()) - 0.8)
    yield _row(f"{where}: coverage of the 80 % interval {inside.mean():.3f} ({low:.3f} to {high:.3f}), off by", off,
               0.03 if n is None or n >= 50 else 1.0, "share")


def tried(person: Person) -> dict[str, dict[str, float]]:
    """Figures of hidden items by ours and by every peer."""
    with threadpool_limits(1):
        evaluator = fit(person.X, person.y, library=person.library)
        mean, spread = evaluator.predict(person.new)
        guesses = {"ours": mean, **{name: guess(person) for name, guess in PEERS.items()}}
    found = {name: _figures(person.truth, np.clip(guess, 0, 10)) for name, guess in guesses.items()}
    found["ours"]["coverage"] = float(np.mean(np.abs(mean - person.truth) <= 1.2816 * spread))
    return found


def _figures(truth: np.ndarray, guess: np.ndarray) -> dict[str, float]:
    once, guess = np.ones((len(truth), 1)), np.round(guess.astype(float), 5)
    return {"spearman": float(metrics.spearman(truth, guess, once)[0]), "mae": float(np.abs(truth - guess).mean()),
            "ndcg10": float(metrics.ndcg_at_k(truth, guess, once)[0])}


def _ridge(person: Person) -> np.ndarray:
    return RidgeCV(alphas=np.logspace(-2, 3, 11)).fit(person.X, person.y).predict(person.new)


def _neighbours(person: Person) -> np.ndarray:
    tried = {"n_neighbors": [k for k in (1, 3, 5, 10, 20) if k <= 0.7 * len(person.y)]}
    return GridSearchCV(KNeighborsRegressor(), tried, scoring="neg_mean_squared_error",
                        cv=5).fit(person.X, person.y).predict(person.new)


def _support_vectors(person: Person) -> np.ndarray:
    tried = {"C": [0.3, 1, 3, 10], "epsilon": [0.5]}
    return GridSearchCV(SVR(), tried, scoring="neg_mean_absolute_error",
                        cv=5).fit(person.X, person.y).predict(person.new)


def _process(person: Person) -> np.ndarray:
    """A Gaussian process that fits its own width, signal and noise; the first 300 ratings of larger sets (time)."""
    X, y, middle = person.X[:300], person.y[:300], person.y[:300].mean()
    kernel = ConstantKernel(1.0) * RBF(1.0, (0.2, 10)) + WhiteKernel(1.0)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a bound that is reached is an answer here
        return GaussianProcessRegressor(kernel).fit(X, y - middle).predict(person.new) + middle


PEERS: dict[str, Callable[[Person], np.ndarray]] = {
    "mean": lambda person: np.full(len(person.truth), person.y.mean()),
    "ridge": _ridge, "knn": _neighbours, "svr": _support_vectors, "gp": _process}


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


def _interval(values: np.ndarray) -> tuple[float, float]:
    rows = np.random.default_rng(0).integers(len(values), size=(2000, len(values)))
    low, high = np.percentile(values[rows].mean(1), [2.5, 97.5])
    return float(low), float(high)


def _best(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False, high: float | None = None) -> dict:
    """high: where the interval of value - limit ends, if the limit is a rival measured on the same people."""
    holds = value >= limit if at_least else value <= limit
    return {"what": what, "value": value, "limit": limit, "unit": unit, "holds": holds,
            "even": not holds and high is not None and high > 0}

