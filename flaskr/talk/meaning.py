"""How near the titles of a catalogue are in meaning to words: by vectors that were made once, else by shared letters."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.embedders import TextEmbedder
from flaskr.listing.meaning import query_vector
from flaskr.progress import Progress, Unavailable, silent
from flaskr.talk.contract import Entry

TASK = 64  # titles that a worker embeds at a time
PLACES = 20.0  # how soon a place in an order counts less: the 20th half a step, the 60th a whole one behind the first


def vectors_of(entries: Sequence[Entry], folder: Path) -> Path:
    """Where the vectors of these titles are kept, named by what the titles say."""
    seen = blake2b(TextEmbedder().space.encode(), digest_size=12)
    for entry in entries:
        seen.update(f"\n{entry.id}\t{entry.words}".encode("utf-8", "replace"))
    return folder / f"{seen.hexdigest()}.npy"


def embed(entries: Sequence[Entry], folder: Path, *, each: Callable[..., Iterator], progress: Progress = silent) -> int:
    """Write the vectors of all titles, float16 [n, 384], unless they are there; how many were made. Unavailable where a worker
    was lost."""
    path, embedder = vectors_of(entries, folder), TextEmbedder()
    if path.is_file() or not entries:
        return 0
    vectors = np.empty((len(entries), embedder.dim), np.float16)
    order = sorted(range(len(entries)), key=lambda row: len(entries[row].words))  # of like length together: less is padded
    tasks = [order[at:at + TASK] for at in range(0, len(order), TASK)]
    texts = (([entries[row].words for row in task],) for task in tasks)
    for done, (task, (_, found, why)) in enumerate(zip(tasks, each(embedder.parts, texts, chunk=1), strict=True), start=1):
        if found is None:
            raise Unavailable(f"The titles could not be embedded: {why}")
        vectors[task] = found
        progress(min(done * TASK, len(entries)), len(entries), "titles embedded")
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".npy.new")
    with fresh.open("wb") as file:
        np.save(file, vectors)
    os.replace(fresh, path)
    for old in folder.glob("*.npy"):
        if old != path:
            old.unlink(missing_ok=True)
    return len(entries)


def nearness(entries: Sequence[Entry], words: str, folder: Path, run: Callable[..., Any]) -> np.ndarray:
    """float32 [n]: how near each title is to the words, in deviations from the mean; 0 without words. `run`: `Compute.run`."""
    if not words or not entries:
        return np.zeros(len(entries), np.float32)
    path = vectors_of(entries, folder)
    near = _by_meaning(path, words, run) if path.is_file() else None
    if near is None:
        near = _by_letters(tuple(entry.words for entry in entries), words)
    return ((near - near.mean()) / (near.std() + 1e-6)).astype(np.float32)


def steps(places: np.ndarray) -> np.ndarray:
    """float32: how far behind the first a place of an order (0, 1, 2 ...) counts: log2(1 + place / PLACES)."""
    return np.log2(1 + places / PLACES).astype(np.float32)


def _by_meaning(path: Path, words: str, run: Callable[..., Any]) -> np.ndarray | None:
    """None where the text model can't work just now."""
    try:
        return _mapped(path) @ query_vector(words, run).astype(np.float32)
    except Unavailable:
        return None


@lru_cache(maxsize=2)
def _mapped(path: Path) -> np.ndarray:
    return np.load(path, mmap_mode="r", allow_pickle=False).astype(np.float32)


def _by_letters(texts: tuple[str, ...], words: str) -> np.ndarray:
    known, matrix = _letters(texts)
    return (matrix @ known.transform([words]).T).toarray()[:, 0]


@lru_cache(maxsize=1)
def _letters(texts: tuple[str, ...]) -> tuple[Any, Any]:
    """Pieces of words with their weight in each text: tf-idf."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, dtype=np.float32)
    return known, known.fit_transform(texts or ("",))
