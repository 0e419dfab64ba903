"""A library of rows without files, for what only reads the tables; and a module whose embedder takes texts, on the table of
another."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert

from flaskr.embedders import embedder_for
from flaskr.embedders.projection import fit
from flaskr.embeddings.embed import embed
from flaskr.embeddings.store import projection_path, stream
from flaskr.extensions import db
from flaskr.library import words
from flaskr.tables import Embedding, next_revision

PASSAGES = {
    "garden": ["Roses need sun and a little water every morning.", "The stock market fell sharply on Monday."],
    "kitchen": ["Bake the bread at 220 degrees for forty minutes.", "Whisk eggs with sugar until pale."],
    "planets": ["Saturn's rings are made of ice and rock.", "Mars has the largest volcano known."],
}


def passages(path: Path) -> list[str]:
    return PASSAGES[Path(path).stem]


@pytest.fixture
def texts(music):
    """The music module, as if its items were texts."""
    return replace(music, embedder="text", samples=passages)


@pytest.fixture
def embed_texts(app, settings, texts, scan, write_song):
    """embed_texts(): embed three items of two passages each; the report."""
    for number, name in enumerate(PASSAGES):
        write_song(f"{name}.wav", hertz=300 + number, title=name)
    scan()
    compute = app.extensions["compute"]
    return lambda: embed(texts, settings.project, each=compute.each, run=compute.run)


@pytest.fixture
def rated_songs(app, music, settings):
    """rated_songs(liking, n=40): n songs of two heaps of sound, embedded; song k is rated liking(k) unless that is
    None. Their ids."""
    def run(liking, *, n=40, seed=0):
        embedder, rng, number = embedder_for(music.embedder), np.random.default_rng(seed), next_revision("music")
        made = [{"fingerprint": f"{at:040x}", "path": f"/songs/{at:06d}.mp3", "folder": "/songs/", "title": f"Song {at}",
                 "artist": f"Artist {at}", "revised": number, "rating": liking(at)} for at in range(n)]
        ids = list(db.session.scalars(insert(music.Item).returning(music.Item.id), made))
        centres = rng.standard_normal((2, embedder.raw_dim))
        raw = (centres[np.arange(n) % 2] + 0.3 * rng.standard_normal((n, embedder.raw_dim))).astype(np.float16)
        projection = fit(raw, dim=embedder.dim, weights=np.ones(embedder.raw_dim, np.float32))
        path = projection_path(settings.project, music, projection.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        projection.save(path)
        next_revision(stream(music))
        db.session.execute(insert(Embedding), [
            {"module": "music", "space": embedder.space, "item_id": id_, "fingerprint": f"{at:040x}",
             "features": raw[at].tobytes(), "vector": vector.astype(np.float16).tobytes(), "projection": projection.id}
            for at, (id_, vector) in enumerate(zip(ids, projection.apply(raw), strict=True))])
        db.session.commit()
        return ids
    return run


@pytest.fixture
def fill(app, music):
    """fill([{...}, ...]): songs with these columns; their ids."""
    def run(rows):
        number = next_revision("music")
        made = [{"fingerprint": f"{at:040x}", "path": f"/songs/{at:06d}.mp3", "folder": "/songs/", "title": f"Song {at}",
                 "artist": f"Artist {at % 7}", "revised": number, "added": float(at), **row}
                for at, row in enumerate(rows, start=1)]
        keys = set().union(*made)
        for row in made:
            for key in keys - set(row):
                row[key] = None
        ids = list(db.session.scalars(insert(music.Item).returning(music.Item.id), made))
        words.index(music, [(id_, row["path"], row) for id_, row in zip(ids, made, strict=True)])
        db.session.commit()
        return ids
    return run
