"""What a training tells while it runs, and that it can be asked to stop with the best kept."""

import pytest

from flaskr.evaluator import cards
from flaskr.jobs import learn, learning
from flaskr.jobs.learn import train
from flaskr.progress import Cancelled


class Enough(Exception):
    pass


def test_steps_are_told_and_forgotten(tmp_path):
    folder = tmp_path / "evaluator"
    assert learning.so_far(folder) is None and not learning.enough(folder)
    learning.begin(folder)
    tell = learning.teller(folder)
    tell(0.25, "Hiding some")
    tell(0.5, "Guessing them", {"spearman": 0.4, "name": "no number"})
    told = learning.so_far(folder)
    assert (told["fraction"], told["words"], told["enough"]) == (0.5, "Guessing them", False)
    assert told["steps"] == [{"fraction": 0.5, "spearman": 0.4}]
    learning.end(folder)
    assert learning.so_far(folder) is None


def test_the_steps_that_are_kept_are_bounded(tmp_path):
    tell = learning.teller(tmp_path)
    for at in range(learning.MOST + 5):
        tell(0.1, "", {"mae": at})
    assert len(learning.so_far(tmp_path)["steps"]) == learning.MOST


def test_enough_reaches_the_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "Enough", Enough)
    tell = learning.teller(tmp_path)
    tell(0.1, "Beginning")
    assert learning.enough(tmp_path)
    with pytest.raises(Enough):
        tell(0.2, "Going on")
    learning.begin(tmp_path)
    assert not learning.is_enough(tmp_path)


def test_a_card_says_how_long_it_took(rated_songs, music, settings, app):
    rated_songs(lambda at: 9.0 - 6 * (at % 2))
    heard = []
    train(music, settings.project, run=app.extensions["compute"].run, progress=lambda *said: heard.append(said))
    folder = cards.folder_of(settings.project, "music")
    report = cards.current_card(folder)["report"]
    assert report["seconds"] > 0
    assert heard[0][:2] == (0, 100) and heard[-1][:2] == (100, 100)
    assert learning.so_far(folder) is None


def test_a_cancelled_training_leaves_nothing_behind(rated_songs, music, settings):
    rated_songs(lambda at: 5.0 + at % 2)
    folder = cards.folder_of(settings.project, "music")

    def run(function, *arguments, tick):
        learning.teller(folder)(0.3, "Hiding some")
        tick()

    def progress(done, total, words=""):
        if done:
            assert (done, words) == (30, "Hiding some")
            raise Cancelled

    with pytest.raises(Cancelled):
        learn.train(music, settings.project, run=run, progress=progress)
    assert learning.so_far(folder) is None and cards.current_card(folder) is None
