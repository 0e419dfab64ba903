"""Every protocol on every model: figures with 95 % intervals over users."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from flaskr.collaborative import metrics
from flaskr.collaborative.contract import Model
from flaskr.collaborative.data import LIKED, TOP, WATCHED, Ratings
from flaskr.collaborative.liking import at_hidden
from flaskr.collaborative.protocols import KNOWN, Cold, Split, cold_start, enough, liked_or_not, next_liked, some_ratings

Fit = Callable[[Ratings], Model]
PROTOCOLS = ("P1", "P2", "P3", "Cold")
OWN_SCALE = ("rmse", "mae")  # given in points of the data's own scale


@dataclass(frozen=True)
class Figure:
    """One cell of the leaderboard. users float [k]: the figure of each user, from which two models are compared in pairs
    (empty where a figure has none); low, high: its 95 % interval (NaN where it has none)."""

    model: str
    protocol: str
    name: str
    value: float
    low: float
    high: float
    users: np.ndarray


def leaderboard(data: Ratings, fits: Mapping[str, Fit], *, protocols: Iterable[str] = PROTOCOLS,
                tell: Callable[[str], None] = lambda words: None) -> Iterator[Figure]:
    """Fit each model on the training part of each protocol and measure it there. `tell` hears what is being done."""
    many = enough(data)
    splits = {"P1": partial(liked_or_not, many=many), "P2": partial(next_liked, many=many), "P3": some_ratings,
              "Cold": cold_start}
    measures = {"P1": liking, "P2": ranking, "P3": rating, "Cold": beginning}
    for protocol in protocols:
        split = splits[protocol](data)
        if not len(split.people if protocol == "Cold" else split.held):
            continue
        for name, fit in fits.items():
            tell(f"{protocol}: {name}")
            yield from (Figure(name, protocol, *figure) for figure in measures[protocol](fit(split.train), split))


def on_files(split: Split, fits: Mapping[str, Fit], *, tell: Callable[[str], None] = lambda words: None) -> Iterator[Figure]:
    """Fit on `split.train`, measure everything on its hidden rows: a train and a test file of somebody else's."""
    for name, fit in fits.items():
        tell(f"test: {name}")
        model = fit(split.train)
        yield from (Figure(name, "test", *figure) for measure in (ranking, rating, liking) for figure in measure(model, split))


def liking(model: Model, split: Split) -> Iterator[tuple]:
    """P1: AUC of the better half of each user's hidden ratings against the other, and the share of all pairs of different
    ratings in the right order; by expected rating, or by score where a model has none."""
    guess = at_hidden(model, split) if model.rate(_nobody(split.train)) is not None else _scores_at_hidden(model, split)
    hidden, rated = split.hidden, split.hidden.rated
    told = guess[rated], hidden.rating[rated], hidden.user[rated]
    for name, measure in (("auc", metrics.pair_auc), ("pairwise", metrics.pairwise)):
        _, values = measure(*told)
        if len(values):
            yield name, *metrics.interval(values), values


def rating(model: Model, split: Split) -> Iterator[tuple]:
    """P3: RMSE and MAE of the hidden ratings on the data's own scale, clipped to what was given in the training part;
    nothing without ratings."""
    if model.rate(_nobody(split.train)) is None:
        return
    hidden, rated = split.hidden, split.hidden.rated
    if not rated.any():
        return
    given = split.train.rating[split.train.rated]
    least, most = (given.min(), given.max()) if len(given) else (0, TOP)
    error = (np.clip(at_hidden(model, split), least, most) - hidden.rating)[rated] * split.data.unit
    users, place = np.unique(hidden.user[rated], return_inverse=True)
    squares, sizes = np.bincount(place, error**2), np.bincount(place, np.abs(error))
    counts = np.bincount(place)
    yield "rmse", *metrics.rmse_interval(squares, counts), (squares / counts) ** 0.5
    low, high = np.quantile(metrics.resampled_ratio(sizes, counts), [0.025, 0.975])
    yield "mae", float(sizes.sum() / counts.sum()), float(low), float(high), sizes / counts


def ranking(model: Model, split: Split) -> Iterator[tuple]:
    """P2: the whole catalogue but the person's training rows is ranked; relevant are hidden rows >= 8 (where there are none,
    the better half of the hidden ratings, and where nothing is rated, every hidden row)."""
    hidden = split.hidden
    liked = hidden.rating >= LIKED
    if not liked.any():
        liked = hidden.rating >= (np.median(hidden.rating[hidden.rated]) if hidden.rated.any() else WATCHED)
    yield from _ranked(model, split.train, hidden.keep(liked), split.train)


def beginning(model: Model, cold: Cold) -> Iterator[tuple]:
    """Cold: NDCG@10 after 0, 1, 5, 10 and 20 ratings of people who were not there at the fit; candidates and relevant items
    are the same at each step."""
    rest, known = cold.rest, cold.after(max(KNOWN))
    for count in KNOWN:
        ndcg = next(iter(_ranked(model, cold.after(count), rest.keep(rest.rating >= LIKED), known)))
        yield f"ndcg10 after {count}", *ndcg[1:]


def _ranked(model: Model, people: Ratings, relevant: Ratings, seen: Ratings) -> Iterator[tuple]:
    users = np.unique(relevant.user)
    share = np.bincount(people.item, minlength=people.n_items) / max(people.n_users, 1)
    found: dict[str, list[np.ndarray]] = {}
    for start in range(0, len(users), 256):
        block = users[start:start + 256]
        score = np.array(model.score(people.of_users(block)), np.float32)
        out, right = seen.of_users(block), relevant.of_users(block)
        score[out.user, out.item] = -np.inf
        items = np.split(right.item, right.starts[1:-1])
        for name, values in metrics.ranking(score, items, share).items():
            found.setdefault(name, []).append(values)
    if not found:
        return
    top = np.concatenate(found.pop("top"))
    for name, values in found.items():
        joined = np.concatenate(values)
        yield name, *metrics.interval(joined), joined
    yield "coverage", metrics.coverage(top, people.n_items), float("nan"), float("nan"), np.empty(0)


def _scores_at_hidden(model: Model, split: Split) -> np.ndarray:
    hidden, found = split.hidden, np.zeros(len(split.held))
    starts = hidden.starts
    for block in split.train.blocks():
        rows = slice(starts[block[0]], starts[block[-1] + 1])
        score = np.maximum(model.score(split.train.of_users(block)), -1e9)
        found[rows] = score[hidden.user[rows] - block[0], hidden.item[rows]]
    return found


def _nobody(data: Ratings) -> Ratings:
    return data.of_users(np.arange(min(1, data.n_users)))


def difference(one: Figure, other: Figure) -> tuple[float, float, float]:
    """(one - other, low, high): the paired bootstrap over users of the same protocol and figure."""
    return metrics.interval(one.users - other.users)
