"""The shared routes of a module: browse, item, rate, undo, thumbnail, file, play; for people and for scripts."""

import io

import av
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.tables import Job, Play

JSON = {"Accept": "application/json"}


@pytest.fixture
def item(write_song, scan, music, songs):
    path = write_song("one.wav", title="One", artist="Somebody", seconds=1)
    Image.new("RGB", (800, 400), "red").save(songs / "cover.jpg")
    scan()
    found = db.session.scalar(select(music.Item))
    assert found.path == str(path)
    return found


def rating_of(item):
    db.session.expire_all()
    return db.session.get(type(item), item.id).rating


def test_a_script_rates_and_takes_back(client, item):
    answer = client.post(f"/music/{item.id}/rate", data={"rating": "7.5"}, headers=JSON)
    assert answer.json == {"id": item.id, "title": "One", "before": None, "rating": 7.5}
    assert client.post("/music/undo", headers=JSON).json["rating"] is None
    assert client.post("/music/undo", headers=JSON).status_code == 409
    assert rating_of(item) is None


def test_a_form_rates_unrates_and_returns(client, item):
    answer = client.post(f"/music/{item.id}/rate", data={"rating": "8", "back": "/music/?page=2"})
    assert (answer.status_code, answer.location, rating_of(item)) == (303, "/music/?page=2", 8.0)
    client.post(f"/music/{item.id}/rate", data={"rating": ""})
    assert rating_of(item) is None


@pytest.mark.parametrize("typed", ["11", "-1", "many", "nan"])
def test_no_rating_is_invented(client, item, typed):
    answer = client.post(f"/music/{item.id}/rate", data={"rating": typed}, headers=JSON)
    assert answer.status_code == 400 and "0 to 10" in answer.json["error"] and rating_of(item) is None
    assert "0 to 10" in client.post(f"/music/{item.id}/rate", data={"rating": typed}).text


def test_pages_show_what_they_are_asked(client, item):
    assert "One" in client.get("/music/?q=one").text and "Somebody" in client.get("/music/?view=list").text
    assert "Somebody" in client.get(f"/music/{item.id}").text
    assert client.get(f"/music/{item.id}/facts").json["by"] == "Somebody"
    assert client.get("/music/99").status_code == 404


def test_a_thumbnail_is_small_webp_and_kept(client, item, settings):
    answer = client.get(f"/music/{item.id}/thumbnail?side=96")
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.format, picture.size) == ("WEBP", (96, 48)) and answer.headers["Cache-Control"]
    assert len(list((settings.project / "cache" / "thumbnails").rglob("*.webp"))) == 1
    assert client.get(f"/music/{item.id}/thumbnail?side=99999").status_code == 200


def test_a_song_without_a_picture_has_no_thumbnail(client, write_song, scan, music):
    write_song("bare.wav")
    scan()
    found = db.session.scalar(select(music.Item))
    assert not found.has_thumbnail and client.get(f"/music/{found.id}/thumbnail").status_code == 422


def test_a_file_is_served_in_ranges(client, item, songs):
    whole = (songs / "one.wav").read_bytes()
    answer = client.get(f"/music/{item.id}/file", headers={"Range": "bytes=10-19"})
    assert (answer.status_code, answer.data, answer.mimetype) == (206, whole[10:20], "audio/wav")


def test_a_format_that_no_browser_plays_is_turned_into_mp3(client, songs, scan, music):
    with av.open(str(songs / "old.aiff"), "w") as container:
        stream = container.add_stream("pcm_s16be", rate=22050, layout="mono")
        frame = av.AudioFrame.from_ndarray((np.sin(np.arange(22050) / 10) * 9000).astype(np.int16)[None], layout="mono")
        frame.sample_rate = 22050
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    scan()
    answer = client.get(f"/music/{db.session.scalar(select(music.Item.id))}/file")
    assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")
    with av.open(io.BytesIO(answer.data)) as container:
        assert container.streams.audio[0].codec_context.name.startswith("mp3")


def test_a_file_that_went_away_is_said_so(client, item, songs):
    (songs / "one.wav").unlink()
    answer = client.get(f"/music/{item.id}/file")
    assert answer.status_code == 404 and "Scan again" in answer.text


def test_a_play_is_recorded_once(client, item):
    sent = {"heard": "0.3", "ended": "0", "token": "abc"}
    assert client.post(f"/music/{item.id}/play", data=sent).json["recorded"]
    assert not client.post(f"/music/{item.id}/play", data=sent).json["recorded"]
    play = db.session.scalar(select(Play))
    assert play.skipped and play.heard == pytest.approx(0.3)
    assert client.post(f"/music/{item.id}/play", data={"heard": "1e999", "token": "x"}).status_code == 200


def test_radio_answers_in_seeds(client, item):
    assert client.get("/music/radio?seed=7").status_code == 200
    first = client.get("/music/radio/queue?seed=7&count=3").json["songs"]
    assert first == client.get("/music/radio/queue?seed=7&count=3").json["songs"] and first[0]["why"]


def test_jobs_are_asked_for_and_shown(client, item):
    assert client.post("/jobs/scan/music", headers=JSON).json["state"] == "queued"
    assert client.post("/jobs/dance/music").status_code == 404
    assert client.post("/jobs/scan/poems").status_code == 404
    job = db.session.scalar(select(Job.id))
    assert client.post(f"/jobs/{job}/cancel", headers=JSON).json["state"] == "cancelled"
    assert client.get("/jobs/").status_code == client.get(f"/jobs/{job}").status_code == 200
    assert client.get("/jobs/999").status_code == 404


def test_folders_are_chosen_on_the_page(client, app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", _without_environment(app))
    answer = client.post("/settings/music/folders", data={"folders": f"{tmp_path}\n"})
    assert answer.status_code == 303
    assert db.session.scalar(select(Job.verb)) == "scan"
    for wrong, words in (("here", "whole path"), ("/nowhere/at/all", "no folder")):
        answer = client.post("/settings/music/folders", data={"folders": wrong}, headers=JSON)
        assert answer.status_code == 400 and words in answer.json["error"]


@pytest.mark.parametrize("path", ["/", "/train", "/jobs/", "/settings/", "/wiki/", "/music/", "/health"])
def test_every_page_of_an_empty_installation(client, path):
    assert client.get(path).status_code == 200


def test_going_back_to_a_version_that_is_not_there(client):
    assert client.post("/train/music/back", data={"version": "../../etc"}).status_code == 404


def _without_environment(app):
    from dataclasses import replace
    settings = app.extensions["settings"]
    kept = {key: value for key, value in settings.environ.items() if "MEDIA_DIRECTORY" not in key}
    return replace(settings, environ=kept, origin={}).reloaded()
