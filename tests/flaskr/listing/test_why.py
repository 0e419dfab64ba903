"""What pulled a prediction: the right items, on the right side, linked; and the reasons why there is nothing to show."""

import numpy as np
import pytest
from sqlalchemy import update

from flaskr.embeddings.store import Matrix
from flaskr.evaluator import cards, fit, store
from flaskr.extensions import db
from flaskr.jobs.learn import fit_and_publish
from flaskr.listing import why
from flaskr.tables import next_revision

N, SPACE = 40, "sound:test"


def call(function, *arguments):
    return function(*arguments)


@pytest.fixture
def learned(fill, music, settings, monkeypatch):
    """Two heaps of songs, one loved and one not, all but the last of each rated and learned from: (ids, folder)."""
    known = fill([{"title": f"Heap {at % 2} song {at}"} for at in range(N)])
    rng, heap = np.random.default_rng(0), np.arange(N) % 2
    rows = np.eye(16)[heap] + 0.15 * rng.standard_normal((N, 16))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    y = np.where(heap == 0, 9.0, 2.0) - np.arange(N) % 3 * 0.5
    held = Matrix(np.array(known), rows, SPACE)
    monkeypatch.setattr(why, "matrix", lambda module: held)
    number = next_revision("music")
    db.session.execute(update(music.Item), [{"id": id_, "rating": value, "revised": number}
                                            for id_, value in zip(known[:-2], y[:-2].tolist(), strict=True)])
    db.session.commit()
    folder = cards.folder_of(settings.project, "music")
    X = rows[:-2].astype(np.float32)
    fit_and_publish(X, y[:-2], np.arange(N - 2), np.array(known[:-2]), SPACE, X, folder)
    return known, folder, X, y[:-2]


def asked(music, settings, item_id):
    return why.why(music, db.session.get(music.Item, item_id), settings.project, call)


def test_loved_ones_pull_up_and_others_pull_down(learned, music, settings):
    known, *_ = learned
    liked, not_liked = asked(music, settings, known[-2]), asked(music, settings, known[-1])
    assert liked.up and all(pull.item.title.startswith("Heap 0") and pull.points > 0 for pull in liked.up)
    assert not_liked.down and all(pull.item.title.startswith("Heap 1") and pull.points < 0 for pull in not_liked.down)
    assert len(liked.up) <= 3
    assert [pull.points for pull in liked.up] == sorted((pull.points for pull in liked.up), reverse=True)
    for found in (liked, not_liked):
        assert not found.note


def test_what_is_shown_adds_up(learned, music, settings):
    known, folder, *_ = learned
    found = asked(music, settings, known[-2])
    total = found.base + found.rest + sum(pull.points for pull in (*found.up, *found.down))
    evaluator = store.load_current(folder)
    expected = evaluator.predict(why.matrix(music).vectors[-2:-1].astype(np.float32))[0]
    assert total == pytest.approx(float(expected[0]), abs=0.01)


def test_older_versions_show_nothing(learned, music, settings):
    known, folder, X, y = learned
    store.publish(fit(X, y, space=SPACE), folder)
    assert asked(music, settings, known[-1]) is None


def test_reasons_for_nothing(learned, music, settings, monkeypatch):
    known, *_ = learned
    held = why.matrix(music)
    monkeypatch.setattr(why, "matrix", lambda module: Matrix(held.ids[:-1], held.vectors[:-1], SPACE))
    assert "not embedded" in asked(music, settings, known[-1]).note
    monkeypatch.setattr(why, "matrix", lambda module: Matrix(held.ids[1:], held.vectors[1:], SPACE))
    assert "train again" in asked(music, settings, known[-1]).note
    monkeypatch.setattr(why, "matrix", lambda module: Matrix(held.ids, held.vectors, "another"))
    assert "train again" in asked(music, settings, known[-1]).note


def test_nothing_similar_is_said(learned, music, settings, monkeypatch):
    known, *_ = learned
    held = why.matrix(music)
    far = held.vectors.copy()
    far[-1] = -np.eye(16)[5]
    monkeypatch.setattr(why, "matrix", lambda module: Matrix(held.ids, far, SPACE))
    assert asked(music, settings, known[-1]).outside and not asked(music, settings, known[-2]).outside


def test_with_many_ratings_the_most_alike_ones_are_shown(learned, music, settings, monkeypatch, client):
    known, *_ = learned
    monkeypatch.setattr(why, "MOST", 10)
    found = asked(music, settings, known[-2])
    assert "no longer keeps apart" in found.note and len(found.near) == why.NEAR
    assert all(near.item.title.startswith("Heap 0") and near.item.id != known[-2] for near in found.near)
    likeness = [near.alike for near in found.near]
    assert likeness == sorted(likeness, reverse=True) and likeness[0] > 0.5
    of_a_rated_one = asked(music, settings, known[0])
    assert known[0] not in [near.item.id for near in of_a_rated_one.near]
    assert "most alike ones that you rated" in client.get(f"/music/{known[-2]}/why").text


def test_guesses_no_better_than_the_average_are_said_to_be_slight(learned, music, settings, monkeypatch, client):
    known, *_ = learned
    card = why.cards.current_card
    assert not asked(music, settings, known[-2]).slight
    monkeypatch.setattr(why.cards, "current_card", lambda folder: card(folder) | {"report": {"verdict": "no_better"}})
    assert asked(music, settings, known[-2]).slight
    assert "no better than your average yet" in client.get(f"/music/{known[-2]}/why").text


def test_the_page_shows_it(learned, music, client):
    known, *_ = learned
    page = client.get(f"/music/{known[-2]}/why").text
    assert "Pulled up by" in page and '<turbo-frame id="why"' in page and "Heap 0 song" in page
    assert client.get("/music/999/why").status_code == 404


def test_what_is_rated_often_is_named_if_it_counts(learned, music, client, monkeypatch):
    known, *_ = learned

    def page(interest):
        monkeypatch.setattr(why, "pulls", lambda *arguments: (np.full(N - 2, 0.05), 5.0, interest, False))
        return client.get(f"/music/{known[-2]}/why").text

    assert "you rate the like often <strong>+0.30" in page(0.3)
    assert "you rate the like seldom <strong>−0.30" in page(-0.3)
    assert "you rate the like" not in page(0.04)
    assert "all your other ratings <strong>+1.79" in page(0.04)  # its 35 are 1.75


def test_without_an_evaluator_it_says_so(fill, music, client):
    known = fill([{}])
    assert "Nothing was learned yet" in client.get(f"/music/{known[0]}/why").text
