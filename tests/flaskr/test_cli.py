"""The commands: what they print, for people and for programs, and how they exit."""

import json

import pytest

from flaskr.jobs.learn import train
from flaskr.jobs.steps import STEPS


@pytest.fixture(autouse=True)
def schema_is_there(monkeypatch):
    monkeypatch.setattr("flaskr.cli.ready", lambda: None)  # the fixture made it; the upgrade has its own test


def test_a_scan_with_an_unreadable_file_is_done(runner, write_song, songs):
    write_song("one.wav")
    (songs / "broken.flac").write_bytes(b"nothing" * 100)
    result = runner.invoke(args=["scan", "--json"])
    assert result.exit_code == 0
    report = json.loads(result.output)["reports"][0]
    assert report["counts"]["added"] == 1 and report["seconds"] >= 0
    assert report["unreadable"][0]["path"].endswith("broken.flac") and report["unreadable"][0]["reason"]


def test_a_scan_that_can_not_go_on_fails_with_its_sentence(runner, songs):
    songs.rmdir()
    result = runner.invoke(args=["scan", "--json"])
    assert result.exit_code == 1 and "is not there" in json.loads(result.stdout)["stopped"][0]


def test_words_for_people(runner, write_song):
    write_song("one.wav")
    assert "1 added" in runner.invoke(args=["scan", "music"]).output
    assert "1 embedded" in runner.invoke(args=["embed"]).output
    result = runner.invoke(args=["train"])
    assert result.exit_code == 1 and "Rate at least 5 songs first" in result.output


def test_an_unknown_module_is_named(runner):
    result = runner.invoke(args=["scan", "poems"])
    assert result.exit_code == 2 and "There is no module poems" in result.output


def test_again_reads_every_file(runner, write_song):
    write_song("one.wav")
    runner.invoke(args=["scan"])
    result = json.loads(runner.invoke(args=["scan", "--again", "--json"]).output)
    assert not result["stopped"], result
    report = result["reports"][0]
    assert report["counts"].get("touched") == 1


def test_every_verb_is_a_command(app):
    assert set(STEPS) | {"init-db", "doctor", "serve"} <= set(app.cli.commands)


def test_doctor_finds_what_is_missing(runner, songs):
    songs.rmdir()
    result = runner.invoke(args=["doctor", "--json"])
    found = {finding["name"]: finding for finding in json.loads(result.output)}
    assert result.exit_code == 1 and not found["music folder"]["ok"] and found["Python"]["ok"]


def test_a_taste_travels_by_commands(runner, rated_songs, music, settings, app, tmp_path):
    file = str(tmp_path / "taste.zip")
    result = runner.invoke(args=["taste", "export", "music", file])
    assert result.exit_code == 1 and "Nothing was learned yet" in result.output
    rated_songs(lambda at: 9.0 - 6 * (at % 2))
    train(music, settings.project, run=app.extensions["compute"].run)
    told = json.loads(runner.invoke(args=["taste", "export", "music", file, "--json"]).output)
    assert told == {"file": file, "bytes": (tmp_path / "taste.zip").stat().st_size}
    told = json.loads(runner.invoke(args=["taste", "import", "music", file, "--json"]).output)
    assert told["predicted"] == 40 and "40 ratings" in told["words"]
    (tmp_path / "taste.zip").write_bytes(b"nothing")
    result = runner.invoke(args=["taste", "import", "music", file])
    assert result.exit_code == 1 and "not a file that was exported" in result.output
    assert runner.invoke(args=["taste", "export", "poems", file]).exit_code == 2
