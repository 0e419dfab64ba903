"""Descriptions: what is said of an item, in which order, how long, and never twice."""

import json
from types import SimpleNamespace

import pytest

from flaskr.describing import columns, description

SONG = {"title": "Waltz for Debby", "artist": "Bill Evans", "album": "Sunday at the Village Vanguard", "year": 1961,
        "album_artist": "bill evans", "genre": "", "path": "/home/me/Jazz/Bill Evans/01.mp3"}


def test_a_song_in_words(music):
    assert description(music, SONG) == ("Waltz for Debby. Artist: Bill Evans. Album: Sunday at the Village Vanguard. "
                                        "Year: 1961. Folder: Jazz / Bill Evans")


def test_only_columns_of_the_table_are_asked_for(app):
    for module in (one for one in app.extensions["modules"].values() if one.kind == "files"):
        assert {"title", "path"} <= set(columns(module)) <= set(module.Item.__table__.columns.keys())


def test_captions_and_previews_speak_for_themselves(app):
    images = app.extensions["modules"]["images"]
    said = description(images, {"title": "IMG_0042", "caption": "A dog in the snow.", "path": "/p/Winter/IMG_0042.jpg"})
    assert said == "IMG 0042. A dog in the snow. Folder: p / Winter"
    texts = SimpleNamespace(words=("title",), facts=(), Item=SimpleNamespace(
        __table__=SimpleNamespace(columns={"title", "preview", "path"})))
    assert description(texts, {"title": "Bread", "preview": "Take\nflour", "path": "/a.txt"}) == "Bread. Take flour"


def test_nothing_is_longer_than_the_model_reads(music):
    facts = {key: key * 5000 for key in columns(music)} | {"path": "/" + "x" * 9000 + "/y/z.mp3"}
    assert 100 < len(description(music, facts)) <= 1000


@pytest.mark.parametrize("facts", [{}, {"title": None}, {"title": "", "path": ""}, {"title": " _ ", "path": "/a.mp3"}])
def test_of_nothing_nothing_is_said(music, facts):
    assert description(music, facts) == ""


@pytest.mark.parametrize("odd", ["caf\udce9", "a\0b\x1b[2J", "\u202egnp.exe", "line\nbreak\ttab", "<script>alert(1)</script>"])
def test_odd_names_become_one_clean_line(music, odd):
    said = description(music, {"title": odd, "path": f"/{odd}/x.mp3"})
    assert said.isprintable() and said == description(music, {"title": odd, "path": f"/{odd}/x.mp3"})
    json.dumps(said).encode()
