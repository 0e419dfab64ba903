"""A library of texts, and an embedder that counts words: quick, and the same everywhere."""

import zlib

import numpy as np
import pytest
from sqlalchemy import select

from flaskr.config import load_settings
from flaskr.embedders import BUILT_IN
from flaskr.embedders.base import Embedder, Projection
from flaskr.extensions import db
from flaskr.media.discovery import names

DIM = 64


class Words(Embedder):
    """Passages by the words in them, each word a direction of its own."""

    name, version, takes, raw_dim, dim = "words", 1, "text", DIM, DIM

    def parts(self, samples):
        rows = np.zeros((len(samples), DIM), np.float32)
        for row, passage in zip(rows, samples, strict=True):
            for word in passage.lower().split():
                row[zlib.crc32(word.encode()) % DIM] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def features(self, samples):
        return self.parts(samples).mean(0)

    def fit_projection(self, raw, *, seed=0):
        return Projection(np.zeros(DIM, np.float32), np.full(DIM, 0.25, np.float32), np.eye(DIM, dtype=np.float32),
                          np.zeros(DIM, np.float32), 1 << 30)


@pytest.fixture
def library(tmp_path):
    """An empty folder for texts."""
    folder = tmp_path / "texts"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path, library):
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_TEXT__MEDIA_DIRECTORY": str(library), "ANAGNORISIS_COMPUTE__WORKERS": "1",
        "ANAGNORISIS_LIBRARY__FILES_MAY_CHANGE": "true"})


@pytest.fixture
def embedder(monkeypatch):
    """The embedder of words in place of the real one."""
    monkeypatch.setitem(BUILT_IN, "text", Words)
    return Words()


@pytest.fixture
def module(app, embedder):
    return app.extensions["modules"]["text"]


@pytest.fixture
def bring(app, module, settings):
    """bring(): scan the folder; the items by the names of their files."""
    from flaskr.library.scan import scan

    def go():
        scan(module, settings.text.media_directory, each=app.extensions["compute"].each)
        db.session.expire_all()
        return {item.path.rpartition("/")[2]: item for item in db.session.scalars(select(module.Item))}
    return go
