"""A library of rows without files, for what only reads the tables."""

import pytest
from sqlalchemy import insert

from flaskr.extensions import db
from flaskr.library import words
from flaskr.tables import next_revision


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
