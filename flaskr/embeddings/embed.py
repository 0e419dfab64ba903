"""Embed: gives every item of a module its raw features and its vector; only what is missing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import and_, delete, insert, or_, select

from flaskr.embedders import embedder_for
from flaskr.embedders.base import AsItIs, Embedder, Projection
from flaskr.embeddings import store
from flaskr.extensions import db
from flaskr.library.paths import shown
from flaskr.media.contract import Module, Unreadable
from flaskr.progress import Progress, Report, silent
from flaskr.tables import Embedding, next_revision

BATCH = 32
CHUNK = 2  # items a worker takes at a time: each is most of a second of work
GROWTH = 1.5  # a projection is fitted anew when the library has grown by this factor
LEAST = 50  # items below which the embedder's own constants serve better than a fit
SAMPLE = 20_000
LARGEST = 65_504.0  # float16 ends here


def embed(module: Module, project: Path, *, each: Callable[..., Iterator], run: Callable[..., Any],
          progress: Progress = silent) -> Report:
    """Embed what has no embedding of its present content. `counts["refitted"]` is 1 when all vectors changed."""
    report, embedder = Report("embed", module.name), embedder_for(module.embedder)
    todo = missing(module, embedder.space)
    projection = store.current_projection(project, module, embedder.space) if embedder.fits else None
    progress(0, len(todo), f"{len(todo):,} to embed")
    results = each(embed_one, ((path, module.samples, module.embedder) for _, path, _ in todo), chunk=CHUNK)
    batch = []
    for done, ((item, path, fingerprint), (_, result, failure)) in enumerate(zip(todo, results, strict=True), start=1):
        raw, parts, reason = result or (None, None, failure)
        batch.append({"item_id": item, "fingerprint": fingerprint, "features": raw, "parts": parts, "error": reason or None})
        if reason:
            report.unreadable.append((shown(path), reason))
        if len(batch) == BATCH or done == len(todo):
            projection = projection or embedder.fit_projection(np.zeros((0, embedder.raw_dim), np.float16))
            _save(module, embedder.space, batch, projection, project)
            batch = []
            progress(done, len(todo), f"{done:,} of {len(todo):,} embedded")
    report.count("embedded", len(todo) - len(report.unreadable))
    report.count("unreadable", len(report.unreadable))
    report.count("refitted", int(refit(module, embedder, projection, project, run)))
    return report.end()


def missing(module: Module, space: str) -> list[tuple[int, str, str]]:
    """(item id, path, fingerprint) of the present items whose content has no embedding in this space."""
    Item = module.Item
    same = and_(Embedding.module == module.name, Embedding.space == space, Embedding.item_id == Item.id)
    rows = db.session.execute(
        select(Item.id, Item.path, Item.fingerprint).outerjoin(Embedding, same)
        .where(Item.missing.is_(False), or_(Embedding.id.is_(None), Embedding.fingerprint != Item.fingerprint))
        .order_by(Item.id)).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def embed_one(path: str, samples: Callable[[Path], list], takes: str) -> tuple[bytes | None, bytes | None, str]:
    """In a worker: (float16 raw features as bytes, those of the parts or None, "") or (None, None, reason)."""
    embedder = embedder_for(takes)
    try:
        seen = samples(Path(path))
        parts = embedder.parts(seen)
        raw = embedder.features(seen) if parts is None else embedder.joined(parts)
    except Unreadable as error:
        return None, None, str(error)
    except OSError as error:
        return None, None, error.strerror or type(error).__name__
    if not np.isfinite(raw).all():
        return None, None, "Its features are not finite numbers; the file is likely damaged."
    halves = np.clip(raw, -LARGEST, LARGEST).astype(np.float16).tobytes()
    return halves, None if parts is None else parts.astype(np.float16).tobytes(), ""


def refit(module: Module, embedder: Embedder, projection: Projection | None, project: Path,
          run: Callable[..., Any]) -> bool:
    """Fit the projection to the library as it is now, when it has outgrown the last one; whether it was."""
    if not embedder.fits:
        return False
    ids, raw = store.features(module, embedder.space)
    db.session.rollback()
    if projection is None or len(ids) < max(projection.fitted_on * GROWTH, LEAST):
        return False
    rows = np.linspace(0, len(ids) - 1, min(len(ids), SAMPLE)).astype(np.int64)
    fresh: Projection = run(embedder.fit_projection, raw[rows])
    fresh.save(store.projection_path(project, module, fresh.id))
    store.project_all(module, embedder.space, fresh)
    return True


def _save(module: Module, space: str, batch: list[dict], projection: Projection | AsItIs, project: Path) -> None:
    path = store.projection_path(project, module, projection.id)
    if isinstance(projection, Projection) and not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        projection.save(path)
    good = [row for row in batch if row["features"]]
    if good:
        raw = np.stack([np.frombuffer(row["features"], np.float16) for row in good])
        for row, vector in zip(good, projection.apply(raw).astype(np.float16), strict=True):
            row |= {"vector": vector.tobytes(), "projection": projection.id}
    next_revision(store.stream(module))
    db.session.execute(delete(Embedding).where(
        Embedding.module == module.name, Embedding.space == space,
        Embedding.item_id.in_([row["item_id"] for row in batch])))
    empty = {"features": None, "vector": None, "projection": None, "module": module.name, "space": space}
    db.session.execute(insert(Embedding), [empty | row for row in batch])
    db.session.commit()
