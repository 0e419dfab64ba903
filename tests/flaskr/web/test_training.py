"""The Train page: honest first, every figure explained, and nothing flattered where nothing was learned."""

import io
import re

import numpy as np
import pytest
from sqlalchemy import select

from flaskr.evaluator import cards
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs import learning
from flaskr.jobs.learn import train
from flaskr.tables import Job


@pytest.fixture
def learned(rated_songs, music, settings, app):
    """learned(liking, n=...): songs rated so, and an evaluator that learned from them; the Train page of music."""
    def run(liking, **named):
        rated_songs(liking, **named)
        train(music, settings.project, run=app.extensions["compute"].run)
        return cards.folder_of(settings.project, "music")
    return run


def shown(client):
    return client.get("/train").text


def loved_and_not(at):
    return 8.0 + at % 3 * 0.5 if at % 2 == 0 else 2.0 + at % 3 * 0.5


def test_shuffled_ratings_are_never_flattered(learned, client):
    drawn = np.random.default_rng(3).permutation([loved_and_not(at) for at in range(80)])
    learned(lambda at: float(drawn[at]), n=80)
    page = shown(client)
    assert "it is no better than your average yet" in page and 'data-verdict="no_better"' in page
    assert "It reaches" not in page and "would probably be off by" not in page
    low, high = re.search(r"Puts things in your order.*?<strong>.*?</strong><span class=\"faint\">(.*?)&nbsp;% to (.*?)&nbsp;%",
                          page, re.DOTALL).groups()
    assert float(low.replace("−", "-")) < 0 < float(high.replace("−", "-"))


def test_a_learned_taste_stands_beside_simpler_guessers(learned, client):
    learned(loved_and_not)
    page = shown(client)
    assert page.index('data-verdict="better"') < page.index('class="figures"')
    for words in ("Your average", "A straight line", "Most alike items", "Which of two", "large misses", "Keeps its word"):
        assert words in page
    assert page.count("<svg viewBox") >= 3 and "<desc id=" in page and "What more ratings would bring" in page
    assert "Takes about 2 seconds" in page and "/train/music/export" in page


def test_every_figure_leads_to_its_explanation(learned, client):
    learned(loved_and_not)
    anchors = set(re.findall(r'href="/wiki/figures#([\w-]+)"', client.get("/train").text))
    there = set(re.findall(r'<h2 id="([\w-]+)"', client.get("/wiki/figures").text))
    assert len(anchors) == 6 and anchors <= there


def test_what_the_log_tells_stands_there(learned, client, music):
    folder = learned(loved_and_not)
    for item in db.session.scalars(select(music.Item)):
        item.prediction = 5.0
    db.session.commit()
    for at, id_ in enumerate(db.session.scalars(select(music.Item.id)).all()):
        ratings.rate(music, id_, loved_and_not(at), origin="random" if at % 2 else "page")
    page = shown(client)
    assert "It had guessed 40 songs before you rated them" in page and "20 songs that were asked about by chance" in page
    assert "0 songs so far, at least 5 are needed" in page and "unlearned" not in page and folder.is_dir()


def test_a_training_that_runs_shows_its_course(learned, client):
    folder = learned(loved_and_not)
    assert client.get("/train/music/learning").text.count("Stop and keep the best") == 0
    tell = learning.teller(folder)
    for step in range(5):
        tell(step / 5, "Guessing", {"spearman": step / 10})
    frame = client.get("/train/music/learning").text
    assert 'id="learning-music"' in frame and "Stop and keep the best" in frame and "In your order" in frame
    assert client.post("/train/music/enough").status_code == 303 and learning.is_enough(folder)
    assert "keeps the best it has found" in client.get("/train/music/learning").text


def test_stop_without_a_training_says_so(client):
    assert client.post("/train/music/enough", headers={"Accept": "application/json"}).json["words"].startswith("No training")


def test_a_taste_leaves_and_comes_back(learned, client):
    folder = learned(loved_and_not)
    answer = client.get("/train/music/export")
    assert answer.mimetype == "application/zip" and "taste-music.zip" in answer.headers["Content-Disposition"]
    sent = client.post("/train/music/import", data={"taste": (io.BytesIO(answer.data), "a.zip")})
    assert sent.status_code == 303 and cards.current_version(folder) == "000002"
    assert db.session.scalar(select(Job.verb).where(Job.state == "queued")) == "predict"
    page = shown(client)
    assert "Brought in from a file" in page and "Go back to this" in page


def test_a_wrong_file_is_refused_in_a_sentence(learned, client):
    learned(loved_and_not)
    wrong = client.post("/train/music/import", data={"taste": (io.BytesIO(b"x" * 3_000_000), "a.zip")})
    assert wrong.status_code == 409 and "not a file that was exported" in wrong.text
    assert client.post("/train/music/import").status_code == 409


@pytest.mark.parametrize("name", ["anime", "nothing", "..%2f.."])
def test_only_what_learns_has_these_pages(client, name):
    for path in ("learning", "export", "compare"):
        assert client.get(f"/train/{name}/{path}").status_code == 404
    for path in ("import", "enough", "back"):
        assert client.post(f"/train/{name}/{path}").status_code == 404
