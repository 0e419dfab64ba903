"""Vectors as an evaluator knows them: the library's own, or raw features through the projection that it brought along."""

import re
import threading
from pathlib import Path

import numpy as np

from flaskr.embedders import embedder_for
from flaskr.embedders.base import Projection
from flaskr.embeddings.store import Matrix, features, matrix, projection_path, stream
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import revision

SPACE = re.compile(r"([\w.-]{1,60})(?:/([0-9a-f]{12}|as-it-is))?")  # embedder and its version, projection
CHUNK = 4096

_last: dict[tuple, Matrix] = {}  # one: whoever brings a taste in looks through one projection
_lock = threading.Lock()


def matrix_in(module: Module, project: Path, space: str) -> Matrix:
    """All vectors of a module in `space`, if its raw features can be projected there; else the library's own, whose
    `space` then says so. Kept in memory until an embedding changes."""
    held, path = matrix(module), projection_of(project, module, space)
    if held.space == space or path is None:
        return held
    key = (str(db.engine.url), module.name, space, revision(stream(module)))
    with _lock:
        found = _last.get(key)
    if found is None:
        ids, raw = features(module, embedder_for(module.embedder).space)
        projection = Projection.load(path)
        vectors = np.empty((len(raw), projection.basis.shape[1]), np.float16)
        for start in range(0, len(raw), CHUNK):
            vectors[start:start + CHUNK] = projection.apply(raw[start:start + CHUNK])
        found = Matrix(ids, vectors, space)
        with _lock:
            _last.clear()
            _last[key] = found
    return found


def projection_of(project: Path, module: Module, space: str) -> Path | None:
    """The file of the projection that vectors of a space were made with; None where there is none."""
    found = SPACE.fullmatch(space)
    if found is None or not found[2] or found[1] != embedder_for(module.embedder).space:
        return None
    path = projection_path(project, module, found[2])
    return path if path.is_file() else None
