"""Search by meaning: what was meant stands first, paging costs nothing, and nothing breaks without vectors."""

import numpy as np
import pytest
from sqlalchemy import select

from flaskr.embedders import TextEmbedder
from flaskr.embeddings import store
from flaskr.embeddings.meaning import embed_descriptions
from flaskr.extensions import db
from flaskr.listing import meaning
from flaskr.listing.meaning import meant
from flaskr.progress import Unavailable

SONGS = [("Rainy Night Blues", "Blues"), ("Thunder Riff", "Heavy metal"), ("Lullaby for a Baby", "Children's music"),
         ("Brandenburg Concerto No. 3", "Baroque"), ("Club Floor Anthem", "Techno")]


class Counted:
    """run(function, ...) in this process, counting."""

    calls = 0

    def __call__(self, function, *arguments):
        self.calls += 1
        return function(*arguments)


@pytest.fixture
def run():
    meaning._queries.clear()
    meaning._orders.clear()
    return Counted()


@pytest.fixture
def library(app, music, scan, write_song):
    for number, (title, genre) in enumerate(SONGS):
        write_song(f"{number}.wav", hertz=300 + number, title=title, genre=genre)
    scan()
    embed_descriptions(music, each=app.extensions["compute"].each)
    return dict(map(tuple, db.session.execute(select(music.Item.id, music.Item.title))))


@pytest.mark.parametrize(("typed", "expected"), [
    ("something to make an infant sleep", "Lullaby for a Baby"), ("loud guitars with distortion", "Thunder Riff"),
    ("Bach", "Brandenburg Concerto No. 3"), ("electronic dance", "Club Floor Anthem"), ("sad storm", "Rainy Night Blues")])
def test_what_is_meant_stands_first(library, music, run, typed, expected):
    ids, cosines = meant(music, typed, run=run)
    assert library[ids[0]] == expected and len(ids) == len(SONGS)
    assert ids.dtype == np.int64 and cosines.dtype == np.float32 and (np.diff(cosines) <= 0).all()


def test_the_model_works_once_for_all_pages_and_spaces_do_not_matter(library, music, run):
    first = meant(music, "sad  storm ", run=run)
    again, few = meant(music, "sad storm", run=run), meant(music, "sad storm", run=run, count=2)
    assert run.calls == 1 and again[0] is first[0] and few[0].tolist() == first[0][:2].tolist()
    with pytest.raises(ValueError, match="read-only"):
        again[0][0] = 7


def test_new_items_are_found_by_a_known_query(app, library, music, run, scan, write_song):
    meant(music, "whale song", run=run)
    write_song("new.wav", hertz=777, title="Songs of the Humpback Whale")
    scan()
    embed_descriptions(music, each=app.extensions["compute"].each)
    ids, _ = meant(music, "whale song", run=run)
    assert run.calls == 1 and db.session.get(music.Item, int(ids[0])).title == "Songs of the Humpback Whale"


@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
def test_nothing_typed_finds_nothing(library, music, run, typed):
    assert len(meant(music, typed, run=run)[0]) == 0 and run.calls == 0


def test_before_anything_is_embedded_nothing_is_found_and_no_model_loaded(app, music, run):
    ids, cosines = meant(music, "anything", run=run)
    assert len(ids) == len(cosines) == run.calls == 0


@pytest.mark.parametrize("typed", ["x" * 10_000, "caf\udce9", "[PAD]", "'; DROP TABLE song; --", "\u202e", "🐕"])
def test_odd_queries_are_answered(library, music, run, typed):
    assert len(meant(music, typed, run=run)[0]) == len(SONGS)


def test_without_the_model_the_reason_is_said(app, library, music):
    def fail(*_):
        raise Unavailable("The text model is not installed.")
    with pytest.raises(Unavailable):
        meant(music, "a query nobody typed before", run=fail)
    app.add_url_rule("/fails", view_func=lambda: fail())
    answer = app.test_client().get("/fails")
    assert answer.status_code == 503 and b"The text model is not installed." in answer.data


def test_the_best_passage_of_a_text_counts(texts, embed_texts, run, monkeypatch):
    embed_texts()
    titles = dict(map(tuple, db.session.execute(select(texts.Item.id, texts.Item.title))))
    ids, cosines = meant(texts, "The stock market fell sharply on Monday.", run=run)
    assert titles[ids[0]] == "garden" and cosines[0] > 0.99  # the mean of its two passages is far from either
    monkeypatch.setattr(store, "parts", lambda _: None)
    monkeypatch.setattr(meaning, "parts", lambda _: None)
    meaning._orders.clear()
    ids, cosines = meant(texts, "The stock market fell sharply on Monday.", run=run)
    assert titles[ids[0]] == "garden" and cosines[0] < 0.95


def test_a_query_is_embedded_by_what_workers_can_be_sent():
    import pickle

    assert pickle.loads(pickle.dumps(TextEmbedder().parts))(["hello"]).shape == (1, 384)
