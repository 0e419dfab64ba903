"""Keeps embeddings: raw features and float16 vectors in the database, one matrix a module and space in memory."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from flaskr.embedders import embedder_for
from flaskr.embedders.base import Projection
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Embedding, next_revision, revision

CHUNK = 5000
WIDEST_BYTES = 64 << 20  # of a float32 copy: turning float16 into float32 takes numpy ten times as long as multiplying
MOST_PART_BYTES = 256 << 20  # of all parts of a module's items, float16


@dataclass(frozen=True)
class Matrix:
    """Vectors of a module's items: ids int64 [n] ascending, vectors float16 [n, dim] unit rows, and their space.

    Of parts, one row for each part of an item: its id stands several times.
    """

    ids: np.ndarray
    vectors: np.ndarray
    space: str

    @cached_property
    def wide(self) -> np.ndarray | None:
        """The vectors as float32, made on first use; None where they would take more than WIDEST_BYTES."""
        return self.vectors.astype(np.float32) if self.vectors.size * 4 <= WIDEST_BYTES else None

    def rows_of(self, ids: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        """(positions in `ids` that have a vector, their rows here)."""
        wanted = np.asarray(list(ids), dtype=np.int64)
        at = np.searchsorted(self.ids, wanted)
        at[at == len(self.ids)] = 0
        found = np.flatnonzero(self.ids[at] == wanted) if len(self.ids) else np.zeros(0, np.int64)
        return found, at[found]


_held: dict[tuple, tuple[int, Matrix | None]] = {}
_lock = threading.Lock()


def projection_path(project: Path, module: Module, projection: str) -> Path:
    return project / "models" / module.name / f"projection-{projection}.safetensors"


def current_projection(project: Path, module: Module, space: str) -> Projection | None:
    """The projection that the stored vectors were made with; None before the first, or when its file is lost."""
    name = db.session.scalar(select(Embedding.projection).where(
        Embedding.module == module.name, Embedding.space == space, Embedding.projection.is_not(None)).limit(1))
    path = name and projection_path(project, module, name)
    return Projection.load(path) if path and path.is_file() else None


def matrix(module: Module, space: str | None = None) -> Matrix:
    """All vectors of a module in a space, its embedder's if none is named; read once and kept until one changes."""
    return _kept(module, space or embedder_for(module.embedder).space, Embedding.vector)


def parts(module: Module) -> Matrix | None:
    """The parts of all items of a module; None where there are more than MOST_PART_BYTES of them."""
    embedder = embedder_for(module.embedder)
    return _kept(module, embedder.space, Embedding.parts, dim=embedder.dim, most=MOST_PART_BYTES)


def stream(module: Module, space: str | None = None) -> str:
    """Name under which changes of this module's vectors in a space (its embedder's if none is named) are numbered."""
    return f"{module.name}/{space or embedder_for(module.embedder).space}"


def _kept(module: Module, space: str, column: InstrumentedAttribute, *, dim: int = 0, most: int = 0) -> Matrix | None:
    """The rows of one column, from memory as long as the stream's number is the same; None above `most` bytes."""
    key, number = (str(db.engine.url), module.name, space, column.key), revision(stream(module, space))
    with _lock:
        held = _held.get(key)
    if held and held[0] == number:
        return held[1]
    chosen = (Embedding.module == module.name, Embedding.space == space, column.is_not(None))
    fresh = None
    if not most or (db.session.scalar(select(func.sum(func.length(column))).where(*chosen)) or 0) <= most:
        rows = db.session.execute(select(Embedding.item_id, column, Embedding.projection).where(*chosen)
                                  .order_by(Embedding.item_id)).all()
        fresh = Matrix(*_arrays(rows, dim), f"{space}/{rows[0][2]}" if rows else space)
    with _lock:
        _held[key] = (number, fresh)
    return fresh


def _arrays(rows: Sequence, dim: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(ids int64 [n], float16 [n, dim]) of (id, bytes, ...) rows, each of one vector or, with `dim`, of several."""
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    if not rows:
        return ids, np.zeros((0, dim or 1), np.float16)
    dim = dim or len(rows[0][1]) // 2
    joined = bytearray().join(row[1] for row in rows)  # writable, as torch wants what it shares
    vectors = np.frombuffer(joined, np.float16).reshape(-1, dim)
    if len(vectors) != len(ids):
        ids = np.repeat(ids, [len(row[1]) // (2 * dim) for row in rows])
    return ids, vectors


def features(module: Module, space: str) -> tuple[np.ndarray, np.ndarray]:
    """(ids int64 [n], raw features float16 [n, raw_dim]) of every embedded item."""
    return _arrays(db.session.execute(
        select(Embedding.item_id, Embedding.features)
        .where(Embedding.module == module.name, Embedding.space == space, Embedding.features.is_not(None))
        .order_by(Embedding.item_id)).all())


def project_all(module: Module, space: str, projection: Projection) -> int:
    """Replace every vector by the new projection's, in one transaction: the old ones serve until it commits."""
    ids, raw = features(module, space)
    table = Embedding.__table__.c
    change = update(Embedding.__table__).where(
        table.module == module.name, table.space == space, table.item_id == bindparam("item")).values(
        vector=bindparam("bytes"), projection=projection.id)
    next_revision(stream(module))
    for at in range(0, len(ids), CHUNK):
        vectors = projection.apply(raw[at:at + CHUNK]).astype(np.float16)
        db.session.connection().execute(change, [
            {"item": int(item), "bytes": vector.tobytes()}
            for item, vector in zip(ids[at:at + CHUNK], vectors, strict=True)])
    db.session.commit()
    return len(ids)
