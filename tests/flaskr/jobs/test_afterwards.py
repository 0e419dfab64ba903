"""After a pause: enough new ratings are learned from, fewer move the predictions, and never while it learns."""

import dataclasses
import threading

import pytest
from sqlalchemy import select

from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs import afterwards, queue
from flaskr.media.discovery import names
from flaskr.tables import Job


@pytest.fixture
def after(app, settings):
    """after(n): the setting."""
    def choose(number):
        app.extensions["settings"] = load_settings(
            names(), dict(settings.environ) | {"ANAGNORISIS_EVALUATOR__RETRAIN_AFTER": str(number)})
    return choose


def verbs():
    return list(db.session.scalars(select(Job.verb).where(Job.state == "queued")))


@pytest.mark.parametrize(("number", "done"), [(0, "nothing"), (31, "nothing"), (30, "train")])
def test_the_first_training_comes_by_itself(taught, app, music, after, number, done):
    after(number)
    assert afterwards.follow(app, music) == done
    assert verbs() == (["train"] if done == "train" else [])


def test_new_ratings_are_counted_from_the_last_training(taught, app, music, after):
    taught.train()
    after(3)
    before = taught.predictions()
    for at in (33, 36):
        ratings.rate(music, taught.ids[at], 0.0)
    assert afterwards.follow(app, music) == "moved" and verbs() == []
    assert (taught.predictions() != before).any()
    ratings.rate(music, taught.ids[39], 0.0)
    assert afterwards.follow(app, music) == "train" and verbs() == ["train"]
    assert afterwards.follow(app, music) == "later" and verbs() == ["train"]
    db.session.scalar(select(Job)).state = "done"
    queue.enqueue("predict", "music")
    assert afterwards.follow(app, music) == "later"


def test_too_few_to_learn_from_are_no_training(app, music, after):
    after(1)
    assert not afterwards.due(music, app.extensions["settings"].project, 1)


def test_it_waits_for_a_pause_and_does_it_once(app, music, monkeypatch):
    done, seen = [], threading.Event()

    def follow(_app, module):
        done.append(module.name)
        seen.set()
        return "later" if len(done) == 1 else "moved"
    monkeypatch.setattr(afterwards, "follow", follow)
    waiting = afterwards.Afterwards(app, pause=0.3)
    for _ in range(5):
        waiting.rated(music)
    assert done == []
    waiting.rated(dataclasses.replace(music, name="other"))
    assert seen.wait(20)
    for _ in range(200):
        if len(done) >= 3:
            break
        threading.Event().wait(0.1)
    assert sorted(done) == ["music", "music", "other"] or sorted(done) == ["music", "other", "other"]
    waiting.rated(music)
    waiting.close()
