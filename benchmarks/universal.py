"""What one medium teaches another, and whether the blend ever harms: `./run.sh bench universal`, real people's ratings of
movies as two "media" by genre, each description of one space; the medium's own vectors see a part of it."""

import csv
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks._people import _texts, _vectors
from flaskr.evaluator import fit
from flaskr.evaluator.blend import read
from flaskr.evaluator.universal import Medium, learn, with_medium

PEOPLE, SIMULATED = 40, 40
FEW, MANY, NEW = 30, 150, 40  # ratings of the small and of the large medium that are learned from; hidden ones at least
OWN = 24  # numbers of the small medium's own vectors: a random look at the description that misses most of it
SMALL, LARGE = "small", "large"


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}: simulated tastes, and with `data` real people."""
    rows = [*_compared("simulated, shared taste", _simulated(True), gains=True),
            *_compared("simulated, unrelated tastes", _simulated(False), gains=False), *_speed()]
    if data is not None:
        rows += _compared(f"movies, {FEW} of one half by genre, {MANY} of the other", _movies(data), gains=None)
    return rows


Person = tuple[list[Medium], np.ndarray, np.ndarray, np.ndarray]  # media; hidden own vectors, descriptions, ratings


def _compared(where: str, people: Iterator[Person], *, gains: bool | None) -> Iterator[dict]:
    """Error and order of hidden ratings by the blend and by the own evaluator alone; 95 % bootstrap interval over people."""
    errors, orders, weights, taught = [], [], [], []
    for media, X, D, y in people:
        across = learn(media, (LARGE, SMALL), space="text")
        said = across.hyperparameters["across"][SMALL]
        own = fit(media[1].X, media[1].y).predict(X)
        shown = read(said["blend"])(own, across.predict(with_medium(D, SMALL, (LARGE, SMALL))))
        errors.append([np.abs(guess[0] - y).mean() for guess in (own, shown)])
        orders.append([_order(guess[0], y) for guess in (own, shown)])
        weights.append(said["blend"]["universal"])
        taught.append(said["transfer"]["spearman"]["value"])
    errors, orders = np.array(errors), np.array(orders)
    low, high = _interval(errors[:, 1] - errors[:, 0])
    least = 0.0 if gains else 0.01
    yield _row(f"{where}: MAE of the blend {errors[:, 1].mean():.3f}, own alone {errors[:, 0].mean():.3f}; blend - own "
               f"({low:+.3f} to {high:+.3f})", float((errors[:, 1] - errors[:, 0]).mean()), least, "points")
    low, high = _interval(orders[:, 1] - orders[:, 0])
    yield _row(f"{where}: Spearman of the blend {orders[:, 1].mean():.3f}, own alone {orders[:, 0].mean():.3f}; blend - own "
               f"({low:+.3f} to {high:+.3f})", float((orders[:, 0] - orders[:, 1]).mean()), least, "less")
    low, high = _interval(np.array(taught))
    yield _row(f"{where}: people whose blend uses the universal guess (mean weight {np.mean(weights):.2f}; order from the "
               f"other medium alone {np.mean(taught):.3f}, {low:.3f} to {high:.3f}) of {len(weights)}",
               float(np.mean(np.array(weights) > 0)), 0.2 if gains is False else 1.0, "share")
    yield _row(f"{where}: people off by more than 2 % more than by the own evaluator alone",
               float(np.mean(errors[:, 1] > 1.02 * errors[:, 0])), 0.15, "share")


def _simulated(shared: bool) -> Iterator[Person]:
    """People who like topics; in the small medium the same ones or, not `shared`, what only its own vectors show."""
    for seed in range(SIMULATED):
        rng = np.random.default_rng(seed)
        of = rng.normal(size=(12, 64))
        liking = rng.normal(size=12)

        def medium(n: int, name: str, by_topic: bool, rng=rng, of=of, liking=liking) -> Medium:
            topic, X = rng.integers(12, size=n), _unit(rng.normal(size=(n, OWN)) * np.array([4.0] + [1.0] * (OWN - 1)))
            taste = liking[topic] if by_topic else 6 * X[:, 0] / 4
            y = np.clip(np.round(6 + 1.5 * taste + 1.2 * rng.normal(size=n)), 0, 10)
            return Medium(name, X, _unit(of[topic] + rng.normal(size=(n, 64))), y, np.arange(n), version="1")

        hidden = medium(200, SMALL, shared)
        yield [medium(MANY, LARGE, True), medium(FEW, SMALL, shared)], hidden.X, hidden.D, hidden.y


def _movies(data: Path) -> Iterator[Person]:
    """The first people by number with enough ratings of both halves: comedies without drama, and dramas."""
    folder = data / "rated-texts" / "movies"
    vectors = _vectors("texts", lambda: _texts(folder))
    place = {int(number): row for row, number in enumerate(vectors["names"])}
    with (folder / "movies.csv").open() as file:
        genres = {int(line["movieId"]): line["genres"] for line in csv.DictReader(file)}
    rated = defaultdict(list)
    with (folder / "ratings.csv").open() as file:
        for line in csv.DictReader(file):
            if int(line["movieId"]) in place:
                rated[int(line["userId"])].append((int(line["movieId"]), 2 * float(line["rating"])))
    look, found = np.random.default_rng(0).normal(size=(384, OWN)), 0
    for user in sorted(rated):
        rng = np.random.default_rng(user)
        order = [rated[user][at] for at in rng.permutation(len(rated[user]))]
        small = [one for one in order if "Comedy" in genres[one[0]] and "Drama" not in genres[one[0]]]
        large = [one for one in order if "Drama" in genres[one[0]]][:MANY]
        if len(small) < FEW + NEW or len(large) < 80 or found == PEOPLE:
            continue
        found += 1
        (D, y), (other, theirs) = (_of(vectors["X"], place, part) for part in (small, large))
        X, seen = _unit(D @ look), slice(FEW, None)
        yield [Medium(LARGE, _unit(other @ look), other, theirs, np.arange(len(theirs)), version="1"),
               Medium(SMALL, X[:FEW], D[:FEW], y[:FEW], np.arange(FEW), version="1")], X[seen], D[seen], y[seen]


def _speed() -> Iterator[dict]:
    """Seconds of the processor, so that other work on the machine does not count; the first call loads what is needed."""
    rng = np.random.default_rng(0)
    for n, limit in ((20, None), (200, 2.0), (1000, 10.0)):
        media = [Medium(name, _unit(rng.normal(size=(n // 2, 128))), _unit(rng.normal(size=(n // 2, 384))),
                        np.round(10 * rng.random(n // 2)), np.arange(n // 2), version="1") for name in (SMALL, LARGE)]
        started = time.process_time()
        learn(media, (LARGE, SMALL), space="text")
        if limit:
            yield _row(f"learn across two media of {n // 2} ratings each, all measured", time.process_time() - started, limit,
                       "s")


def _of(X: np.ndarray, place: dict[int, int], rated: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    return X[[place[movie] for movie, _ in rated]], np.array([rating for _, rating in rated])


def _order(guess: np.ndarray, truth: np.ndarray) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(guess.round(6), truth).statistic) if np.ptp(guess.round(6)) and np.ptp(truth) else 0.0


def _unit(X: np.ndarray) -> np.ndarray:
    return (X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def _interval(values: np.ndarray) -> tuple[float, float]:
    rows = np.random.default_rng(0).integers(len(values), size=(2000, len(values)))
    low, high = np.percentile(values[rows].mean(1), [2.5, 97.5])
    return float(low), float(high)


def _row(what: str, value: float, limit: float, unit: str) -> dict:
    return {"what": what, "value": value, "limit": limit, "unit": unit, "holds": value <= limit}
