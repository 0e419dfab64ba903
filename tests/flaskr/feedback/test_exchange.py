"""Ratings as one file and back: of songs by their content, of titles by their number; nothing is lost on the way."""

import csv
import json

import pytest

from flaskr.extensions import db
from flaskr.feedback import catalogue, exchange, ratings
from flaskr.feedback.catalogue import HIDDEN, WATCHED, Said
from flaskr.media.contract import Unreadable


@pytest.fixture
def rated(app, music, write_song, scan):
    """(music, anime, songs): two songs, one rated; three titles, rated, watched, hidden."""
    for number, name in enumerate(("one", "two"), 1):
        write_song(f"{name}.wav", title=f"=Song, {name}", hertz=200 * number)
    scan()
    anime = app.extensions["modules"]["anime"]
    db.session.add_all(anime.Item(id=id_, name=f"Title {id_}", genre="") for id_ in (1, 2, 3, 4))
    db.session.commit()
    songs = db.session.scalars(db.select(music.Item).order_by(music.Item.id)).all()
    ratings.rate(music, songs[0].id, 7.5)
    catalogue.rate(anime, 1, 9)
    catalogue.mark(anime, 2, WATCHED)
    catalogue.mark(anime, 3, HIDDEN)
    return music, anime, [song.id for song in songs]


def rating_of(music, id_):
    db.session.expire_all()
    return db.session.get(music.Item, id_).rating


@pytest.mark.parametrize("name", ["all.csv", "all.json", "ALL.JSON"])
def test_there_and_back(app, rated, runner, tmp_path, monkeypatch, name):
    monkeypatch.setattr("flaskr.cli.ready", lambda: None)
    music, anime, songs = rated
    done = runner.invoke(args=["ratings", "export", str(tmp_path / name)])
    assert done.exit_code == 0 and "4 ratings" in done.output
    before = catalogue.said(anime)
    ratings.undo(music)
    for _ in range(3):
        catalogue.undo(anime)
    assert rating_of(music, songs[0]) is None and catalogue.said(anime) == {}
    done = runner.invoke(args=["ratings", "import", str(tmp_path / name), "--json"])
    assert json.loads(done.output.splitlines()[-1])["new"] == 4
    assert rating_of(music, songs[0]) == 7.5 and catalogue.said(anime) == before
    again = runner.invoke(args=["ratings", "import", str(tmp_path / name)])
    assert "0 new, 0 changed, 4 as they were, 0 rated" in again.output
    ratings.undo(music)
    assert rating_of(music, songs[0]) is None


def test_what_was_rated_otherwise_stays_unless_asked(app, rated, tmp_path):
    music, anime, songs = rated
    exchange.write(tmp_path / "a.csv", (music, anime))
    ratings.rate(music, songs[0], 2)
    catalogue.rate(anime, 1, 3)
    found = exchange.bring(tmp_path / "a.csv", {"music": music, "anime": anime})
    assert found.counts["differ"] == 2 and rating_of(music, songs[0]) == 2 and catalogue.said(anime)[1] == Said(3.0)
    found = exchange.bring(tmp_path / "a.csv", {"music": music, "anime": anime}, take=True)
    assert found.counts["changed"] == 2 and rating_of(music, songs[0]) == 7.5 and catalogue.said(anime)[1] == Said(9.0)


def test_rows_that_can_not_be_used_are_counted(app, rated, tmp_path):
    music, anime, _ = rated
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([exchange.FIELDS, ("music", "0" * 64, "Elsewhere", 5, "", 0), ("films", "1", "X", 5, "", 0),
                                    ("anime", "99", "Nowhere", 5, "", 0), ("anime", "4", "Y", 11, "", 0),
                                    ("anime", "4", "Y", "nan", "", 0), ("anime", "4", "Y", "", "loved", 0), ("anime", "4"),
                                    ("anime", "4", "Y", "6.5", "", 0, "more")])
    found = exchange.bring(tmp_path / "a.csv", {"music": music, "anime": anime})
    assert found.unknown == ["Elsewhere", "Nowhere"] and sum(found.left.values()) == 5
    assert catalogue.said(anime)[4] == Said(6.5)


@pytest.mark.parametrize(("name", "content"), [
    ("a.json", b"{"), ("a.json", b"[1, 2]"), ("a.json", b'{"ratings": [1]}'), ("a.csv", b"a,b\n1,2\n"),
    ("a.csv", b"\xff\xfe\x00"),
    ("a.json", b"[" * 100_000)])
def test_what_is_no_such_file_is_named(app, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=r"a\.(csv|json) is no file of ratings"):
        exchange.bring(tmp_path / name, app.extensions["modules"])


def test_a_missing_file_is_named(app, tmp_path):
    with pytest.raises(Unreadable, match="can't be read"):
        exchange.bring(tmp_path / "none.csv", app.extensions["modules"])
