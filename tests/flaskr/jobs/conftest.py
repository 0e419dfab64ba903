"""A library of rows with vectors and an evaluator that learned from some of them."""

from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import insert

from flaskr.embeddings.store import Matrix
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs import afterwards, blend, learn, moving
from flaskr.tables import next_revision

N, SPACE = 60, "sound:test"


@pytest.fixture
def taught(app, music, settings, monkeypatch):
    """Three heaps of songs in turn; 30 songs rated (9, 2 or 5 by their heap) and learned from, all predicted: ids, train,
    predictions()."""
    number, heap = next_revision("music"), np.arange(N) % 3
    ids = list(db.session.scalars(insert(music.Item).returning(music.Item.id), [
        {"fingerprint": f"{at:040x}", "path": f"/songs/{at}.mp3", "title": f"Song {at}", "revised": number,
         "artist": f"Artist {at}"} for at in range(N)]))
    db.session.commit()
    rows = np.eye(16)[heap] + 0.1 * np.random.default_rng(0).standard_normal((N, 16))
    held = Matrix(np.array(ids), (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16), SPACE)
    for module in (learn, afterwards, blend):
        monkeypatch.setattr(module, "matrix", lambda module, space=None: held)
    for module in (moving, blend):
        monkeypatch.setattr(module, "matrix_in", lambda module, project, space: held)
    monkeypatch.setattr("flaskr.feedback.training.matrix", lambda module, space=None: held)

    def train():
        run = app.extensions["compute"].run
        learn.train(music, settings.project, run=run)
        learn.predict(music, settings.project, run=run)

    def predictions():
        db.session.expire_all()
        return np.array([db.session.get(music.Item, id_).prediction for id_ in ids], float)
    for at in range(30):
        ratings.rate(music, ids[at], (9.0, 2.0, 5.0)[at % 3] + at % 2)
    return SimpleNamespace(ids=ids, train=train, predictions=predictions, heap=heap)
