"""Across media in the application: learned after a training, blended into predictions, marked, and honest without."""

import time

import numpy as np
import pytest
from sqlalchemy import insert, select, update

from flaskr.embedders import TextEmbedder, embedder_for
from flaskr.evaluator import cards
from flaskr.evaluator.universal import learn
from flaskr.extensions import db
from flaskr.feedback import plays, ratings
from flaskr.jobs import blend, queue
from flaskr.jobs.steps import STEPS, Work
from flaskr.progress import Stopped
from flaskr.tables import Embedding, Job, RatingEvent, next_revision

DIM, TOPICS = 384, 6


@pytest.fixture
def media(app):
    """put(name, n, seed): n items of a module, each about a topic that only its description tells; (module, ids, topics)."""
    of = np.random.default_rng(9).normal(size=(TOPICS, DIM))

    def put(name: str, n: int, seed: int):
        module, rng = app.extensions["modules"][name], np.random.default_rng(seed)
        number, topic = next_revision(name), np.arange(n) % TOPICS
        ids = list(db.session.scalars(insert(module.Item).returning(module.Item.id), [
            {"fingerprint": f"{name}{at:030x}", "path": f"/{name}/{at}", "folder": f"/{name}/", "title": f"{name} {at}",
             "revised": number} for at in range(n)]))
        text, own = TextEmbedder().space, embedder_for(module.embedder)
        for space, dim, rows in ((own.space, own.dim, rng.normal(size=(n, own.dim))),
                                 (text, DIM, of[topic] + 0.4 * rng.normal(size=(n, DIM)))):
            if space == text and own.space == text and dim != DIM:
                continue
            next_revision(f"{name}/{space}")
            unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
            db.session.execute(insert(Embedding), [
                {"module": name, "space": space, "item_id": id_, "fingerprint": "x", "projection": "p",
                 "vector": row.astype(np.float16).tobytes()} for id_, row in zip(ids, unit, strict=True)])
        db.session.commit()
        return module, ids, topic
    return put


@pytest.fixture
def step(app, settings):
    def run(verb, module):
        return STEPS[verb](Work(settings, app.extensions["compute"], module))
    return run


def rate(module, ids, topics, seed=0):
    rng, liking = np.random.default_rng(seed), np.linspace(1.5, 9, TOPICS)
    for id_, topic in zip(ids, topics, strict=True):
        ratings.rate(module, id_, float(np.clip(liking[topic] + 0.5 * rng.normal(), 0, 10)))


def shown(module):
    db.session.expire_all()
    return {item.id: item for item in db.session.scalars(select(module.Item))}


def test_songs_teach_pictures_that_were_never_rated(media, step, settings, client):
    songs, known, topics = media("music", 60, 1)
    pictures, pictured, of = media("images", 30, 2)
    rate(songs, known, topics)
    with pytest.raises(Stopped, match="Nothing was learned yet"):
        step("predict", pictures)
    step("train", songs)
    report = step("universal", songs)
    assert report.counts == {"ratings": 60, "media": 1} and "off by" in report.words
    assert step("predict", pictures).counts["predicted"] == 30
    found = shown(pictures)
    assert np.corrcoef([found[id_].prediction for id_ in pictured], of)[0, 1] > 0.8
    assert {item.predicted_by for item in found.values()} == {blend.version(settings.project, "images")} == {"+000001"}
    assert all(item.rating is None for item in found.values())
    assert "what you rated in other kinds of media" in client.get(f"/images/{pictured[0]}/why").text


def test_what_is_shown_is_the_blend_and_says_so(media, step, settings, client):
    songs, known, topics = media("music", 80, 1)
    rate(songs, known[:60], topics[:60])
    step("train", songs)
    assert step("predict", songs).counts["predicted"] == 80 and blend.version(settings.project, "music") == "000001"
    step("universal", songs)
    said = blend.across(blend.universal_card(settings.project))["music"]
    assert said["blend"]["universal"] > 0.3 and said["gain"]["mae"]["low"] > 0  # the sound says nothing here, the words all
    assert step("predict", songs).counts["predicted"] == 80
    found = shown(songs)
    assert np.corrcoef([found[id_].prediction for id_ in known[60:]], topics[60:])[0, 1] > 0.8
    assert {item.predicted_by for item in found.values()} == {"000001+000001"}
    assert "also counts" in client.get(f"/music/{known[0]}/why").text 
    assert 'data-rating-stale-value="false"' in client.get(f"/music/{known[-1]}").text
    step("train", songs)  # a newer own evaluator guesses alone until the blend was weighed again
    assert blend.version(settings.project, "music") == "000002"


def test_where_nothing_is_gained_predictions_stay_the_own_ones(media, step, settings):
    songs, known, topics = media("music", 60, 1)
    rate(songs, known, np.random.default_rng(4).permutation(topics))
    step("train", songs)
    step("predict", songs)
    before = [item.prediction for item in shown(songs).values()]
    step("universal", songs)
    assert blend.version(settings.project, "music") == "000001" and step("predict", songs).counts["predicted"] == 0
    assert [item.prediction for item in shown(songs).values()] == before


def test_too_few_ratings_are_told_and_end_nothing(media, step, settings):
    songs, known, topics = media("music", 20, 1)
    rate(songs, known[:3], topics[:3])
    assert "Nothing to learn across media yet" in step("universal", songs).words
    assert blend.universal_card(settings.project) is None


def test_ratings_are_not_touched(media, step, music):
    songs, known, topics = media("music", 40, 1)
    rate(songs, known, topics)

    def state():
        return (db.session.execute(select(music.Item.id, music.Item.rating, music.Item.rated_at)).all(),
                db.session.execute(select(RatingEvent.id, RatingEvent.rating)).all())
    before = state()
    for verb in ("train", "universal", "predict"):
        step(verb, songs)
    assert state() == before


def test_after_a_training_it_learns_across_media_then_predicts_all(media, app, settings):
    songs, known, topics = media("music", 40, 1)
    media("images", 10, 2)
    rate(songs, known, topics)
    queue.enqueue("train", "music")
    while queue.run_next(app):
        pass
    db.session.expire_all()
    ran = [(job.verb, job.module, job.state) for job in db.session.scalars(select(Job).order_by(Job.id)) if job.verb != "map"]
    assert ran[:2] == [("train", "music", "done"), ("universal", "music", "done")]
    assert set(ran[2:]) == {("predict", "music", "done"), ("predict", "images", "done")}


def test_a_failure_across_media_still_lets_the_own_evaluator_predict(media, app, monkeypatch):
    songs, known, topics = media("music", 40, 1)
    rate(songs, known, topics)

    def broken(work):
        raise ValueError("broken")
    monkeypatch.setitem(STEPS, "universal", broken)
    queue.enqueue("train", "music")
    while queue.run_next(app):
        pass
    db.session.expire_all()
    assert [(job.verb, job.state) for job in db.session.scalars(select(Job).order_by(Job.id)) if job.verb != "map"] == [
        ("train", "done"), ("universal", "failed"), ("predict", "done")]


def test_the_command_learns_once(media, runner, monkeypatch):
    songs, known, topics = media("music", 40, 1)
    rate(songs, known, topics)
    monkeypatch.setattr("flaskr.cli.ready", lambda: None)
    answer = runner.invoke(args=["train", "music", "--json"])
    assert answer.exit_code == 0 and answer.output.count('"verb": "universal"') == 1
    assert runner.invoke(args=["universal", "--json"]).output.count('"verb": "universal"') == 1


def test_what_was_played_before_the_rating_moves_predictions(media, step, settings):
    songs, known, _ = media("music", 90, 1)
    rng = np.random.default_rng(3)
    liking = rng.normal(size=90)
    db.session.execute(update(songs.Item).values(duration=100.0))
    for number, id_ in enumerate(known):
        for again in range(2):
            good = bool(rng.random() < 1 / (1 + np.exp(-3 * liking[number])))
            plays.record(songs, id_, heard=95.0 if good else 20.0, duration=100.0, token=f"{id_}-{again}", ended=good,
                         now=time.time() - 1000)
    for number, id_ in enumerate(known[:70]):
        ratings.rate(songs, id_, float(np.clip(5.5 + 2 * liking[number] + 0.5 * rng.normal(), 0, 10)))
    step("train", songs)
    step("universal", songs)
    head = blend.across(blend.universal_card(settings.project))["music"]["signals"]
    assert head["share"] > 0.5 and head["saved"] > 0.2 and head["n"] == 70
    step("predict", songs)
    found = shown(songs)
    assert np.corrcoef([found[id_].prediction for id_ in known[70:]], liking[70:])[0, 1] > 0.5
    assert {item.predicted_by for item in found.values()} == {"000001+000001"}


def test_signals_follow_their_switches(media, step, app, settings, monkeypatch):
    songs, known, topics = media("music", 40, 1)
    rate(songs, known, topics)
    heard = []
    monkeypatch.setattr("flaskr.jobs.universal.learn", lambda *given, **named: heard.append(named["listen_to"]) or learn(
        *given, **named))
    step("train", songs)
    step("universal", songs)
    off = settings.values.model_copy(update={"signals": settings.signals.model_copy(update={"skips": False, "dwell": False})})
    monkeypatch.setattr(type(settings), "signals", off.signals, raising=False)
    step("universal", songs)
    assert heard == [("plays", "skips", "dwell"), ("plays",)]
    assert cards.current_card(cards.folder_of(settings.project, "universal"))["n"] == 40
