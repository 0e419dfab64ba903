"""Keeps embeddings: raw features and float16 vectors in the database, one matrix a module in memory."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy import bindparam, select, update

from flaskr.embedders import embedder_for
from flaskr.embedders.base import Projection
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Embedding, next_revision, revision

CHUNK = 5000
WIDEST_BYTES = 512 << 20  # turning float16 into float32 takes ten times as long as multiplying by it


@dataclass(frozen=True)
class Matrix:
    """Vectors of a module's items: ids int64 [n] ascending, vectors float16 [n, dim] unit rows, and their space."""

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


_held: dict[tuple, tuple[tuple, Matrix]] = {}
_lock = threading.Lock()


def projection_path(project: Path, module: Module, projection: str) -> Path:
    return project / "models" / module.name / f"projection-{projection}.safetensors"


def current_projection(project: Path, module: Module, space: str) -> Projection | None:
    """The projection that the stored vectors were made with; None before the first, or when its file is lost."""
    name = db.session.scalar(select(Embedding.projection).where(
        Embedding.module == module.name, Embedding.space == space, Embedding.projection.is_not(None)).limit(1))
    path = name and projection_path(project, module, name)
    return Projection.load(path) if path and path.is_file() else None


def matrix(module: Module) -> Matrix:
    """All vectors of the module's embedder; read once and kept until one of them changes."""
    space = embedder_for(module.embedder).space
    key, number = (str(db.engine.url), module.name), revision(stream(module))
    with _lock:
        held = _held.get(key)
    if held and held[0] == (space, number):
        return held[1]
    rows = db.session.execute(
        select(Embedding.item_id, Embedding.vector, Embedding.projection)
        .where(Embedding.module == module.name, Embedding.space == space, Embedding.vector.is_not(None))
        .order_by(Embedding.item_id)).all()
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    joined = b"".join(row[1] for row in rows)
    vectors = np.frombuffer(joined, np.float16).reshape(len(rows), -1) if rows else np.zeros((0, 1), np.float16)
    fresh = Matrix(ids, vectors, f"{space}/{rows[0][2]}" if rows else space)
    with _lock:
        _held[key] = ((space, number), fresh)
    return fresh


def stream(module: Module) -> str:
    """Name under which changes of this module's vectors are numbered."""
    return f"{module.name}/vectors"


def features(module: Module, space: str) -> tuple[np.ndarray, np.ndarray]:
    """(ids int64 [n], raw features float16 [n, raw_dim]) of every embedded item."""
    rows = db.session.execute(
        select(Embedding.item_id, Embedding.features)
        .where(Embedding.module == module.name, Embedding.space == space, Embedding.features.is_not(None))
        .order_by(Embedding.item_id)).all()
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    joined = b"".join(row[1] for row in rows)
    return ids, np.frombuffer(joined, np.float16).reshape(len(rows), -1) if rows else np.zeros((0, 1), np.float16)


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
