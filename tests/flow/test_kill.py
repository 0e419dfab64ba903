"""kill -9 at any moment of scan, embed and train loses nothing; the next run goes on."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SONGS = 60


@pytest.fixture
def environ(tmp_path, songs):
    return os.environ | {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_MUSIC__MEDIA_DIRECTORY": str(songs), "ANAGNORISIS_LIBRARY__BATCH": "10",
        "ANAGNORISIS_COMPUTE__WORKERS": "1", "FLASK_APP": "flaskr"}


@pytest.fixture
def flask(environ):
    """flask("scan"): the report of a command that ran to its end."""
    def run(*arguments):
        done = subprocess.run([sys.executable, "-m", "flask", *arguments, "--json"], cwd=ROOT, env=environ,
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)
    return run


@pytest.fixture
def ask(tmp_path):
    """ask(sql): the first value, read beside whoever writes."""
    def run(sql):
        connection = sqlite3.connect(tmp_path / "project" / "database" / "project.db", timeout=10)
        try:
            value = connection.execute(sql).fetchone()[0]
            connection.commit()
            return value
        finally:
            connection.close()
    return run


@pytest.fixture
def kill_when(environ):
    """kill_when(verb, condition): start a command and kill -9 it when the condition holds."""
    def run(verb, condition):
        process = subprocess.Popen([sys.executable, "-m", "flask", verb], cwd=ROOT, env=environ,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not condition():
            assert process.poll() is None and time.monotonic() < deadline, f"{verb} ended before it could be killed"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    return run


def test_killed_again_and_again(write_song, flask, ask, kill_when, tmp_path):
    for number in range(SONGS):
        write_song(f"{number}.wav", hertz=100 + 20 * number, seconds=0.6, noise=0.2 * (number % 2), artist=f"A{number}")
    flask("init-db")

    kill_when("scan", lambda: ask("SELECT count(*) FROM song") > 0)
    known = ask("SELECT count(*) FROM song")
    assert 0 < known < SONGS and ask("PRAGMA integrity_check") == "ok"
    assert ask("SELECT count(*) FROM song") == ask("SELECT count(*) FROM file") == ask("SELECT count(*) FROM song_words")
    ask("UPDATE song SET rating = id % 11 RETURNING id")
    report = flask("scan")["reports"][0]
    assert report["counts"] == {"unchanged": known, "added": SONGS - known, "unreadable": 0}
    assert ask("SELECT count(*) FROM song WHERE rating IS NOT NULL") == known

    kill_when("embed", lambda: ask("SELECT count(*) FROM embedding") > 0)
    embedded = ask("SELECT count(*) FROM embedding")
    assert 0 < embedded < SONGS
    assert flask("embed")["reports"][0]["counts"] == {
        "embedded": SONGS - embedded, "unreadable": 0, "refitted": 1, "described": SONGS}
    assert ask("SELECT count(*) FROM embedding") == 2 * SONGS
    assert ask("SELECT count(DISTINCT space || projection) FROM embedding") == 2

    folder = tmp_path / "project" / "models" / "music" / "evaluator"
    kill_when("train", folder.is_dir)
    flask("train")
    flask("predict")
    assert ask("SELECT count(*) FROM song WHERE prediction IS NULL") == 0
    assert not [path for path in folder.iterdir() if "saving" in path.name]
