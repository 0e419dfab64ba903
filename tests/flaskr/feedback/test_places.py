"""Places: one for each item, the last one counts, only of items that exist."""

import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import places
from flaskr.tables import Place


def test_the_last_place_counts(write_song, scan, music):
    write_song("a.wav")
    scan()
    item = db.session.scalar(select(music.Item.id))
    assert places.place(music, item) is None
    places.keep(music, item, 3.25)
    places.keep(music, item, 7.5)
    assert places.place(music, item) == 7.5 and len(db.session.scalars(select(Place)).all()) == 1


def test_no_place_in_what_is_not_there(app, music):
    with pytest.raises(KeyError):
        places.keep(music, 99, 1.0)
