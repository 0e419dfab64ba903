"""Move, trash and near-duplicates over HTTP: refused while the setting is off, JSON for programs, pages for people."""

import os

import pytest
import send2trash.plat_other

from flaskr.embeddings import duplicates as compared
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.library import trash
from flaskr.tables import Different
from modules.music.tables import Song

JSON = {"Accept": "application/json"}


@pytest.fixture
def two(write_song, scan, music):
    """Two songs in the library."""
    write_song("a/one.wav", title="One", seconds=0.6)
    write_song("b/two.wav", title="Two <b>&", hertz=500)
    scan()
    return {song.title[:3]: song.id for song in db.session.query(Song)}


@pytest.fixture
def allowed(app, settings, tmp_path, monkeypatch):
    """Files may change, and the trash lies in the test's own folder."""
    library = settings.values.library.model_copy(update={"files_may_change": True})
    object.__setattr__(settings, "values", settings.values.model_copy(update={"library": library}))
    (tmp_path / "home").mkdir()
    for name, value in (("HOME", tmp_path / "home"), ("XDG_DATA_HOME", tmp_path / "home" / "data")):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(send2trash.plat_other, "XDG_DATA_HOME", os.fsencode(tmp_path / "home" / "data"))
    monkeypatch.setattr(send2trash.plat_other, "HOMETRASH_B", os.fsencode(tmp_path / "home" / "data" / "Trash"))
    monkeypatch.setattr(trash, "put", lambda path: send2trash.plat_other.send2trash(path))


@pytest.fixture
def alike(app, two, music, settings):
    """The two songs were found to be alike."""
    import numpy as np
    path = compared.path_of(settings.project, music)
    path.parent.mkdir(parents=True)
    compared._save(path, compared.Pairs(np.array([1]), np.array([2]), np.array([0.99], np.float32), 1.0, 0, 2))


@pytest.mark.parametrize("path", ["move", "trash", "tidied/undo", "duplicates/keep"])
def test_refused_while_the_setting_is_off(client, two, path, songs):
    answer = client.post(f"/music/{path}", data={"id": [1, 2], "folder": "x", "keep": 1}, headers=JSON)
    assert answer.status_code == 403 and "library.files_may_change" in answer.json["error"]
    assert len(list(songs.rglob("*.wav"))) == 2
    assert b"Put into the trash" not in client.get("/music/1").data


def test_moved_and_moved_back(client, two, allowed, songs):
    answer = client.post("/music/move", data={"id": two["One"], "folder": str(songs / "new")}, headers=JSON)
    assert answer.json["words"] == "1 song moved." and answer.json["left"] == [] and (songs / "new/one.wav").is_file()
    back = client.post(answer.json["undo"], headers=JSON)
    assert back.json["words"] == "1 song put back where it was." and back.json["undo"] is None
    assert (songs / "a/one.wav").is_file()
    assert client.post(answer.json["undo"], headers=JSON).status_code == 409


def test_a_folder_outside_has_its_sentence(client, two, allowed):
    answer = client.post("/music/move", data={"id": two["One"], "folder": "/etc"}, headers=JSON)
    assert answer.status_code == 403 and answer.json["error"] == "The folder /etc is outside the folders of your library."


def test_a_page_without_script_has_the_way_back(client, two, allowed, songs):
    page = client.get(f"/music/{two['One']}").text
    assert "Put into the trash" in page and f'<option value="{songs}/a">' in page
    answer = client.post("/music/trash", data={"id": two["One"], "back": f"/music/{two['One']}"})
    assert answer.status_code == 303 and not (songs / "a/one.wav").exists()
    page = client.get(f"/music/{two['One']}").text
    assert "1 song put into the trash. Ratings are kept." in page and "The file is not where it was" in page
    assert "/music/tidied/undo?tidied=1" in page
    assert client.post("/music/tidied/undo?tidied=1", data={"back": "/music/"}).status_code == 303
    assert (songs / "a/one.wav").is_file() and "1 song put back" in client.get("/music/").text
    assert "1 song put back" not in client.get("/music/").text


def test_what_stays_is_told(client, two, allowed, songs):
    (songs / "a/one.wav").unlink()
    data = {"id": list(two.values()), "folder": "new"}
    answer = client.post("/music/move", data=data, headers=JSON)
    assert answer.json["left"] == [{"name": "one.wav", "reason": "The file is not where it was; scan again to find it."}]
    assert answer.json["done"] == [two["Two"]]


def test_duplicates_side_by_side(client, two, alike):
    page = client.get("/music/duplicates").text
    assert page.count('type="radio"') == 2 and "Two &lt;b&gt;&amp;" in page
    assert "library.files_may_change" in page and "Keep the best" not in page and "They are different" in page
    assert client.get("/music/duplicates?page=999999999999").status_code == 200


def test_keep_the_best_and_undo(client, two, alike, allowed, music, songs):
    ratings.rate(music, two["Two"], 8.0)
    page = client.get("/music/duplicates").text
    assert "Keep the best" in page and "the rating comes along" in page
    answer = client.post("/music/duplicates/keep", data={"id": [1, 2], "keep": two["One"]}, headers=JSON)
    assert answer.json["words"] == "“One” stays, 1 is in the trash. It has the rating 8 now."
    assert not (songs / "b/two.wav").exists() and db.session.get(Song, two["One"]).rating == 8.0
    assert "Nothing twice" in client.get("/music/duplicates").text
    back = client.post(answer.json["undo"], headers=JSON)
    assert back.json["words"] == "1 song back from the trash. The rating is as it was."
    assert (songs / "b/two.wav").is_file() and db.session.get(Song, two["One"]).rating is None
    assert db.session.get(Song, two["Two"]).rating == 8.0 and 'type="radio"' in client.get("/music/duplicates").text


def test_only_the_rating_is_carried_where_files_may_not_change(client, two, alike, music, songs):
    ratings.rate(music, 2, 6.0)
    assert "Give the rating to the best" in client.get("/music/duplicates").text
    answer = client.post("/music/duplicates/rate", data={"id": [1, 2], "keep": 1}, headers=JSON)
    assert answer.json["words"] == "It has the rating 6 now." and len(list(songs.rglob("*.wav"))) == 2


def test_different_and_undo(client, two, alike):
    answer = client.post("/music/duplicates/different", data={"id": [1, 2]}, headers=JSON)
    assert db.session.query(Different).count() == 1 and "Nothing twice" in client.get("/music/duplicates").text
    assert client.post(answer.json["undo"], headers=JSON).json["words"] == "They are shown again."
    assert 'type="radio"' in client.get("/music/duplicates").text
    assert client.post("/music/duplicates/undo", headers=JSON).status_code == 409


def test_not_looked_yet(client, two):
    assert "Needs embeddings" in client.get("/music/duplicates").text
    assert 'href="/music/duplicates"' in client.get("/music/").text


def test_nonsense_is_answered(client, two, allowed, songs):
    for data in ({}, {"id": "x"}, {"id": "9" * 40}, {"id": "0", "keep": "x"}, {"id": ["77"], "keep": "78"}):
        for path in ("move", "trash", "duplicates/keep", "duplicates/different"):
            assert client.post(f"/music/{path}", data=data | {"folder": "new"}, headers=JSON).status_code in (200, 404, 409)
    assert len(list(songs.rglob("*.wav"))) == 2
