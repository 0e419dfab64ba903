"""Compare: finds pairs of a module's items that are alike by their vectors and by a second look at the files."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from sqlalchemy import select

from flaskr.embedders import embedder_for
from flaskr.embeddings import store
from flaskr.extensions import db
from flaskr.library.paths import shown
from flaskr.media.contract import Module, Unreadable
from flaskr.progress import Progress, Report, Stopped, silent
from flaskr.tables import revision

SLAB = 2048  # rows a worker compares with all that follow: a second of work at 100,000
TILE = 4096  # of them at a time: a block of products stays within the cache's reach
MOST_ALIKE = 50  # pairs kept of one item, the nearest: a thousand equal pictures are not half a million pairs
DAY = 24 * 3600
SECONDS, SHARE = 3.0, 0.05  # by which the durations of alike items may differ


@dataclass(frozen=True)
class Pairs:
    """Alike items: first and second int64 [n], cosine float32 [n]. `made` when, of vectors numbered so, among `total`."""

    first: np.ndarray
    second: np.ndarray
    cosine: np.ndarray
    made: float
    number: int
    total: int


def compare(module: Module, project: Path, *, each: Callable[..., Iterator], progress: Progress = silent) -> Report:
    """Find the near-duplicates among the present items and keep them in the cache; Stopped without embeddings."""
    report, number = Report("compare", module.name), revision(store.stream(module))
    held, embedder = store.matrix(module), embedder_for(module.embedder)
    ids, vectors = _present(module, held)
    paths = dict(map(tuple, db.session.execute(select(module.Item.id, module.Item.path).where(module.Item.missing.is_(False)))))
    db.session.rollback()
    if not len(ids):
        raise Stopped(f"No {module.one} has an embedding yet: embed first, then they can be compared.")
    first, second, cosine = _near(vectors, embedder.same, path_of(project, module), each, progress)
    first, second, near = ids[first], ids[second], np.ones(len(first), bool)
    if hasattr(module.Item, "duration"):
        near = _as_long(module, first, second)
    first, second, cosine = first[near], second[near], cosine[near]
    alike = _second_look(module, paths, first, second, each, progress, report)
    _save(path_of(project, module), Pairs(first[alike], second[alike], cosine[alike], time.time(), number, len(ids)))
    report.count("compared", len(ids))
    report.count("pairs", int(alike.sum()))
    return report.end(f"{int(alike.sum()):,} pairs of {module.one}s are alike." if alike.any() else "No two are alike.")


def pairs(module: Module, project: Path) -> Pairs | None:
    """What the last comparison found; None before the first, or when its file can't be read."""
    try:
        with np.load(path_of(project, module), allow_pickle=False) as file:
            made, number, total = file["about"].tolist()
            return Pairs(file["first"], file["second"], file["cosine"], made, int(number), int(total))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def path_of(project: Path, module: Module) -> Path:
    return project / "cache" / "duplicates" / f"{module.name}.npz"


def compare_slab(path: str, start: int, stop: int, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """In a worker: (rows, later rows, cosines) of pairs whose first is in start..stop, at most MOST_ALIKE a row."""
    vectors = np.load(path, mmap_mode="r")
    mine = vectors[start:stop].astype(np.float32)
    found = []
    for at in range(start, len(vectors), TILE):
        products = mine @ vectors[at:at + TILE].astype(np.float32).T
        rows, columns = np.divmod(np.flatnonzero(products >= least), products.shape[1])
        later = columns + at > rows + start
        rows, columns = rows[later], columns[later]
        found.append((rows + start, columns + at, products[rows, columns]))
    rows, columns, cosines = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((-cosines, rows))
    rows, columns, cosines = rows[order], columns[order], cosines[order]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    return rows[place < MOST_ALIKE], columns[place < MOST_ALIKE], cosines[place < MOST_ALIKE].astype(np.float32)


def look_one(path: str, samples: Callable[[Path], list], takes: str) -> tuple[Any, str]:
    """In a worker: what the embedder needs to see of a file to confirm that two are the same, or the reason why not."""
    try:
        return embedder_for(takes).look(samples(Path(path))), ""
    except Unreadable as error:
        return None, str(error)
    except OSError as error:
        return None, error.strerror or type(error).__name__


def _present(module: Module, held: store.Matrix) -> tuple[np.ndarray, np.ndarray]:
    there = np.fromiter(db.session.scalars(select(module.Item.id).where(module.Item.missing.is_(False))), np.int64)
    kept = np.isin(held.ids, there)
    return held.ids[kept], held.vectors[kept]


def _near(vectors: np.ndarray, least: float, path: Path, each: Callable[..., Iterator], progress: Progress
          ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of pairs with a cosine of at least `least`; the workers share the vectors through a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.stem}-*.npy"):  # by a comparison that was killed
        if left.stat().st_mtime < time.time() - DAY:
            left.unlink(missing_ok=True)
    shared = path.with_name(f".{path.stem}-{os.getpid()}.npy")
    np.save(shared, vectors)
    total, done, found = len(vectors), 0, []
    try:
        slabs = [(str(shared), at, min(at + SLAB, total), least) for at in range(0, total, SLAB)]
        for (_, start, stop, _), result, failure in each(compare_slab, slabs, chunk=1):
            if failure:
                raise Stopped(f"The comparison did not come to its end: {failure}")
            found.append(result)
            # the first slab is compared with all, the last with itself: what counts is the area that is done
            done += (stop - start) * (2 * total - start - stop) // 2
            progress(done, total * total // 2, f"{stop:,} of {total:,} compared")
    finally:
        shared.unlink(missing_ok=True)
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def _as_long(module: Module, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """bool [n]: which pairs last equally long; an unknown duration is no objection."""
    rows = db.session.execute(select(module.Item.id, module.Item.duration).where(module.Item.duration.is_not(None))).all()
    db.session.rollback()
    known = dict(map(tuple, rows))
    one, other = (np.array([known.get(id_, np.nan) for id_ in ids.tolist()], np.float64) for ids in (first, second))
    apart = np.abs(one - other)
    return ~(apart > np.maximum(SECONDS, SHARE * np.maximum(one, other)))


def _second_look(module: Module, paths: dict, first: np.ndarray, second: np.ndarray, each: Callable[..., Iterator],
                 progress: Progress, report: Report) -> np.ndarray:
    """bool [n]: which pairs are alike by what their files show; every file is read once."""
    embedder, seen = embedder_for(module.embedder), {}
    ids = np.unique(np.concatenate([first, second])).tolist()
    results = each(look_one, ((paths[id_], module.samples, module.embedder) for id_ in ids), chunk=4)
    for done, (id_, (_, result, failure)) in enumerate(zip(ids, results, strict=True), start=1):
        seen[id_], why = result or (None, failure)
        if why:
            report.unreadable.append((shown(paths[id_]), why))
        progress(done, len(ids), f"{done:,} of {len(ids):,} looked at again")
    return np.array([seen[one] is not None and seen[other] is not None and embedder.alike(seen[one], seen[other])
                     for one, other in zip(first.tolist(), second.tolist(), strict=True)], bool)


def _save(path: Path, found: Pairs) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        np.savez(file, first=found.first, second=found.second, cosine=found.cosine,
                 about=np.array([found.made, found.number, found.total], np.float64))
    os.replace(fresh, path)
