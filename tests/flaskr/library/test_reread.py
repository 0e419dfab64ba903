"""One file, read anew after it was changed from within the application."""

import pytest
from sqlalchemy import text

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.library.reread import reread
from flaskr.media.contract import Unreadable
from modules.music.tables import Song


def test_one_file_is_read_anew(write_song, scan, music, app, retag, songs):
    path = write_song("one.wav", title="Before")
    scan()
    ratings.rate(music, 1, 6.0)
    retag(path, title="After")
    each = app.extensions["compute"].each
    reread(music, str(path), each=each)
    db.session.expire_all()
    song = db.session.get(Song, 1)
    assert (song.title, song.rating, song.id) == ("After", 6.0, 1)
    assert "After" in db.session.scalar(text("SELECT words FROM song_words"))
    assert scan().counts == {"unchanged": 1, "unreadable": 0}
    path.write_bytes(b"")
    with pytest.raises(Unreadable):
        reread(music, str(path), each=each)
    db.session.expire_all()
    assert db.session.get(Song, 1).rating == 6.0
    with pytest.raises(KeyError):
        reread(music, str(songs / "never.wav"), each=each)
