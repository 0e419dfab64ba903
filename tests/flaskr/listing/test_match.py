"""More like these, less like those, and search by meaning: best first, with filters, and a reason where there is none."""

import numpy as np
import pytest
from sqlalchemy import insert

from flaskr.embedders import embedder_for
from flaskr.embeddings import store
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.listing import match
from flaskr.listing import page as pages
from flaskr.listing.everywhere import everywhere
from flaskr.listing.page import page
from flaskr.listing.query import read
from flaskr.listing.similar import similar
from flaskr.tables import Embedding, next_revision

CORNERS = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0.9, 0.3], [0, 0, 1], [0.5, 0.5, 0.5]], np.float32)


@pytest.fixture
def embedded(fill, music):
    """Six songs, each with a vector of its own; their ids."""
    ids = fill([{"genre": "Jazz" if at % 2 else "Folk"} for at in range(6)])
    vectors = (CORNERS / np.linalg.norm(CORNERS, axis=1, keepdims=True)).astype(np.float16)
    space = embedder_for(music.embedder).space
    db.session.execute(insert(Embedding), [
        {"module": "music", "space": space, "item_id": id_, "fingerprint": f"{id_}", "vector": vector.tobytes(),
         "projection": "p"} for id_, vector in zip(ids, vectors, strict=True)])
    next_revision(store.stream(music))
    db.session.commit()
    return ids


def asked(music, **args):
    return [item.id for item in page(read(music, args)).items]


def test_more_like_one_puts_the_nearest_first_and_leaves_it_out(embedded, music):
    assert asked(music, like=str(embedded[0]))[:2] == [embedded[1], embedded[5]]
    assert embedded[0] not in asked(music, like=str(embedded[0]))
    assert similar(music, embedded[0])[0][0].id == embedded[1]


def test_less_like_another_turns_away_from_it(embedded, music):
    towards = asked(music, like=str(embedded[5]))
    away = asked(music, like=str(embedded[5]), unlike=str(embedded[0]))
    assert towards.index(embedded[1]) < away.index(embedded[1]) and embedded[0] not in away
    assert asked(music, unlike=str(embedded[4]))[-1] in (embedded[3], embedded[5])


def test_filters_and_other_orders_go_along(embedded, music):
    near = f"{embedded[0]}"
    assert asked(music, like=near, genre="Folk") == [id_ for id_ in asked(music, like=near) if id_ in embedded[::2]]
    ratings.rate(music, embedded[3], 9)
    assert asked(music, like=near, sort="rating")[0] == embedded[3]
    assert asked(music, like=near, dir="asc") == asked(music, like=near)
    assert asked(music, like=near, dir="desc") == asked(music, like=near)[::-1]


def test_nothing_is_like_an_unknown_item(embedded, music, fill):
    found = page(read(music, {"like": "99"}))
    assert not found.items and "embedded" in found.note


def test_meaning_is_best_first_and_says_what_is_missing(embedded, music, monkeypatch):
    found = page(read(music, {"q": "quiet", "by": "meaning"}))
    assert not found.items and "described" in found.note
    ids, cosines = np.array(embedded[::-1]), np.linspace(0.9, 0.1, 6, dtype=np.float32)
    monkeypatch.setattr(match, "meant", lambda module, typed, *, run, count=None: (ids, cosines))
    assert asked(music, q="quiet", by="meaning") == embedded[::-1]
    assert asked(music, q="quiet", by="meaning", genre="Jazz") == [id_ for id_ in embedded[::-1] if id_ in embedded[1::2]]
    both = asked(music, q="quiet", by="meaning", like=str(embedded[0]))
    assert both[0] == embedded[1] or both[0] == embedded[5]
    monkeypatch.setattr(pages, "NEAREST", 2)
    assert asked(music, q="quiet", by="meaning", sort="title") == embedded[4:]


def test_meaning_that_is_not_to_be_had_says_why(embedded, music, monkeypatch):
    def unavailable(*_, **__):
        raise match.Unavailable("The weights are not there.")
    monkeypatch.setattr(match, "meant", unavailable)
    assert page(read(music, {"q": "quiet", "by": "meaning"})).note == "The weights are not there."


def test_all_media_are_searched_at_once(app, embedded):
    kinds = [module for module in app.extensions["modules"].values() if module.kind == "files"]
    found = everywhere(kinds, "song", "words", count=3)
    by_name = {one.query.module.name: one for one in found}
    assert len(by_name["music"].items) == 3 and by_name["music"].total == 6 and by_name["images"].total == 0
