"""Near-duplicates: comparing 100,000 items with each other; with real photographs, how many are found and how many falsely."""

import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from benchmarks.library_rows import row
from flaskr.embedders.picture import PictureEmbedder
from flaskr.embeddings.duplicates import SLAB, TILE, _near
from flaskr.jobs.compute import Compute
from flaskr.media.pictures import pixels

ITEMS, DIM, PLANTED = 100_000, 96, 1000
PHOTOS = 60


def run(data: Path | None = None) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        return [all_with_all(Path(folder)), *(photographs(Path(folder), data / "photos") if data else ())]


def all_with_all(folder: Path) -> dict:
    """Unit vectors of which PLANTED are nearly another's."""
    vectors = np.random.default_rng(0).standard_normal((ITEMS, DIM)).astype(np.float32)
    vectors[-PLANTED:] = vectors[:PLANTED] + 0.1 * vectors[-PLANTED:]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    compute, vectors = Compute(), vectors.astype(np.float16)
    np.save(folder / "vectors.npy", vectors)
    slabs = [(str(folder / "vectors.npy"), at, at + SLAB) for at in range(0, ITEMS, SLAB)]
    list(compute.each(abs, [(1,)] * 64))  # the workers are up
    bare = took(lambda: list(compute.each(bare_products, slabs, chunk=1)))
    found = []
    ours = took(lambda: found.append(_near(vectors, 0.75, folder / "songs.npz", compute.each, lambda *_: None)))
    compute.close()
    assert len(found[0][0]) == PLANTED, len(found[0][0])
    return row(f"{ITEMS:,} x {DIM} vectors, each with all, beside bare products by the same {compute.workers} workers "
               f"({ours:.1f} and {bare:.1f} s)", ours / bare, 3, "x")


def bare_products(path: str, start: int, stop: int) -> float:
    """In a worker: what any comparison must compute, and nothing else."""
    vectors = np.load(path, mmap_mode="r")
    mine = vectors[start:stop].astype(np.float32)
    return sum(float((mine @ vectors[at:at + TILE].astype(np.float32).T)[0, 0]) for at in range(start, ITEMS, TILE))


def took(work: Callable) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def forms(photo: Image.Image) -> Iterator[Image.Image]:
    """One photograph as people come to have it twice: itself, smaller, cropped, brighter."""
    width, height = photo.size
    yield photo
    yield photo.resize((width // 2, height // 2))
    yield photo.crop((width * 3 // 100, height * 3 // 100, width * 97 // 100, height * 97 // 100))
    yield ImageEnhance.Brightness(photo).enhance(1.2)


def photographs(folder: Path, photos: Path) -> list[dict]:
    """Precision and recall over all pairs of PHOTOS photographs in four forms, re-encoded."""
    embedder, raw, looks, labels = PictureEmbedder(), [], [], []
    for number, path in enumerate(sorted(photos.glob("*.JPEG"))[:PHOTOS]):
        for at, form in enumerate(forms(Image.open(path).convert("RGB"))):
            form.save(folder / f"{at}.jpg", quality=60 + 10 * at)
            samples = [pixels(folder / f"{at}.jpg")]
            raw.append(embedder.features(samples))
            looks.append(embedder.look(samples))
            labels.append(number)
    vectors = embedder.fit_projection(np.array(raw)).apply(np.array(raw))
    return list(_score(vectors @ vectors.T >= embedder.same, looks, labels, embedder.alike))


def _score(near: np.ndarray, looks: list, labels: list[int], alike: Callable) -> Iterator[dict]:
    found, same = set(), {pair for pair in combinations(range(len(labels)), 2) if labels[pair[0]] == labels[pair[1]]}
    found = {(a, b) for a, b in combinations(range(len(labels)), 2) if near[a, b] and alike(looks[a], looks[b])}
    yield row(f"precision, {len(labels)} pictures", len(found & same) / max(1, len(found)), 0.99, "", at_least=True)
    yield row(f"recall, {len(same)} pairs", len(found & same) / len(same), 0.95, "", at_least=True)
