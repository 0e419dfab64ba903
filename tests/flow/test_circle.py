"""The whole circle: files, scanned, embedded, rated, trained, predicted; and it survives moves and restarts."""

import shutil

import numpy as np
import pytest
from sqlalchemy import select

from flaskr import create_app
from flaskr.embeddings.store import matrix
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs.steps import STEPS, Work
from flaskr.listing import page, query, radio
from flaskr.progress import Stopped

KINDS = 14


@pytest.fixture
def library(write_song):
    """Songs of two clearly different kinds: low tones, and noise."""
    for number in range(KINDS):
        write_song(f"tones/{number}.wav", hertz=110 + 9 * number, seconds=2, genre="tone", artist=f"T{number}")
        write_song(f"noise/{number}.wav", hertz=3000 + number, seconds=2, noise=0.4, genre="noise", artist=f"N{number}")


@pytest.fixture
def step(app, settings, music):
    """step("scan"): run a verb as a command or a job does."""
    def run(verb):
        return STEPS[verb](Work(settings, app.extensions["compute"], music))
    return run


def items(music):
    db.session.expire_all()
    return {item.path.rsplit("songs/", 1)[1]: item for item in db.session.scalars(select(music.Item))}


def test_the_circle(library, step, music, settings, app, songs):
    assert step("scan").counts["added"] == 2 * KINDS
    assert step("embed").counts["embedded"] == 2 * KINDS
    held = matrix(music)
    assert held.vectors.shape[0] == 2 * KINDS
    assert np.linalg.norm(held.vectors.astype(np.float32), axis=1) == pytest.approx(1, abs=2e-3)

    known = items(music)
    for number in range(8):  # tones are loved, noise is not; six of each stay unrated
        ratings.rate(music, known[f"tones/{number}.wav"].id, 8 + number % 3)
        ratings.rate(music, known[f"noise/{number}.wav"].id, 1 + number % 3)
    assert step("train").counts["ratings"] == 16
    assert step("predict").counts["predicted"] == 2 * KINDS
    assert step("predict").counts["predicted"] == 0

    known = items(music)
    unrated = [(item.prediction, name) for name, item in known.items() if item.rating is None]
    best = [name for _, name in sorted(unrated, reverse=True)[:6]]
    assert all(name.startswith("tones/") for name in best), unrated
    top = page.page(query.read(music, {}), size=14).items
    assert all(item.genre == "tone" for item in top)
    played = [pick.item.genre for seed in range(10) for pick in radio.queue(music, seed=seed, count=5)]
    assert played.count("tone") > 3 * played.count("noise")

    (songs / "elsewhere").mkdir()
    shutil.move(songs / "tones" / "0.wav", songs / "elsewhere" / "moved.wav")
    step("scan")
    assert items(music)["elsewhere/moved.wav"].rating == 8
    assert step("embed").counts["embedded"] == 0

    again = create_app(settings)  # a restart
    with again.app_context():
        restarted = again.extensions["modules"]["music"]
        found = items(restarted)
        assert sum(item.rating is not None for item in found.values()) == 16
        assert sum(item.prediction is not None for item in found.values()) == 2 * KINDS
        assert matrix(restarted).vectors.shape == held.vectors.shape
        db.engine.dispose()


def test_training_too_early_says_what_is_missing(library, step, music):
    with pytest.raises(Stopped, match="Nothing was learned yet"):
        step("predict")
    with pytest.raises(Stopped, match="Rate at least 5 songs first"):
        step("train")


def test_edited_content_is_embedded_and_predicted_again(library, step, music, retag, songs):
    step("scan")
    step("embed")
    for number, item in enumerate(items(music).values()):
        ratings.rate(music, item.id, number % 10)
    step("train")
    step("predict")
    retag(songs / "tones" / "1.wav", title="Changed")
    step("scan")
    assert items(music)["tones/1.wav"].predicted_by is None
    assert step("embed").counts["embedded"] == 1
    assert step("predict").counts["predicted"] == 1
