"""Descriptions are embedded once, anew when their facts change, and in batches that survive a kill."""

import numpy as np
import pytest
from sqlalchemy import select

from flaskr.embedders import TextEmbedder
from flaskr.embeddings import meaning, store
from flaskr.embeddings.meaning import embed_descriptions
from flaskr.extensions import db
from flaskr.jobs.steps import STEPS, Work
from flaskr.progress import Cancelled, Stopped, Unavailable
from flaskr.tables import Embedding

SPACE = TextEmbedder().space


@pytest.fixture
def describe(app, music):
    """describe(): embed the descriptions that are missing."""
    return lambda **named: embed_descriptions(music, each=app.extensions["compute"].each, **named)


@pytest.fixture
def step(app, settings, music):
    return lambda: STEPS["embed"](Work(settings, app.extensions["compute"], music))


def test_only_what_is_missing_or_said_otherwise(describe, scan, write_song, retag, music):
    path = write_song("one.wav", title="Waltz", artist="Bill Evans")
    write_song("two.wav", hertz=900, title="March")
    scan()
    assert describe() == 2 and describe() == 0
    before = store.matrix(music, SPACE)
    assert before.vectors.shape == (2, 384) and before.space == f"{SPACE}/as-it-is"
    assert np.linalg.norm(before.vectors.astype(np.float32), axis=1) == pytest.approx(1, abs=2e-3)
    retag(path, title="Waltz", artist="Oscar Peterson")
    scan()
    assert describe() == 1
    after = store.matrix(music, SPACE)
    assert len(after.ids) == 2 and not np.array_equal(after.vectors, before.vectors)


def test_the_verb_embed_does_both_and_they_do_not_mix(step, scan, write_song, music, monkeypatch):
    write_song("one.wav", seconds=1, title="Waltz")
    scan()
    assert step().counts == {"embedded": 1, "unreadable": 0, "refitted": 0, "described": 1}
    assert step().counts == {"embedded": 0, "unreadable": 0, "refitted": 0, "described": 0}
    own, said = store.matrix(music), store.matrix(music, SPACE)
    assert own.vectors.shape == (1, 128) and said.vectors.shape == (1, 384)
    assert store.matrix(music) is own and store.matrix(music, SPACE) is said
    assert store.parts(music).ids.tolist() == []


def test_a_kill_keeps_the_batches_before_it(describe, scan, write_song, music, monkeypatch):
    monkeypatch.setattr(meaning, "TASK", 2)
    for number in range(5):
        write_song(f"{number}.wav", hertz=200 + number, title=f"Song {number}")
    scan()

    def cancel(done, total, words):
        if done == 4:
            raise Cancelled
    with pytest.raises(Cancelled):
        describe(progress=cancel)
    assert describe() == 1


def test_a_worker_that_was_lost_costs_nothing_but_time(describe, scan, write_song, music):
    write_song("one.wav", title="Waltz")
    scan()
    lost = embed_descriptions(music, each=lambda function, tasks, chunk: ((task, None, "It crashed.") for task in tasks))
    assert lost == 0 and describe() == 1


def test_without_the_model_all_but_the_meaning_works(step, scan, write_song, music, monkeypatch):
    write_song("one.wav", seconds=1)
    scan()

    def fail(*_):
        raise Unavailable("The text model is not installed.")
    monkeypatch.setattr(TextEmbedder, "parts", fail)
    report = step()
    assert report.counts["embedded"] == 1 and "described" not in report.counts
    assert report.words == "Search by meaning has to wait. The text model is not installed."
    monkeypatch.setattr("flaskr.embedders.sound.SoundEmbedder.features", fail)
    write_song("two.wav", hertz=900, seconds=1)
    scan()
    with pytest.raises(Stopped, match="not installed"):
        step()


def test_texts_say_themselves_and_keep_their_parts(texts, embed_texts, settings):
    assert embed_texts().counts["embedded"] == 3
    assert embed_descriptions(texts, each=None) == 0
    parts, held = store.parts(texts), store.matrix(texts)
    assert parts.ids.tolist() == np.repeat(held.ids, 2).tolist() and parts.vectors.dtype == np.float16
    first = parts.vectors[:2].astype(np.float32).mean(0)
    assert held.vectors[0] @ first / np.linalg.norm(first) == pytest.approx(1, abs=2e-3)
    assert not (settings.project / "models").exists()  # nothing was fitted, so there is no projection to keep
    assert embed_texts().counts == {"embedded": 0, "unreadable": 0, "refitted": 0}
    assert db.session.scalar(select(Embedding.projection)) == "as-it-is"


def test_parts_that_would_fill_the_memory_are_left_out(texts, embed_texts, monkeypatch):
    embed_texts()
    monkeypatch.setattr(store, "MOST_PART_BYTES", 3 * 2 * 384 * 2 - 1)
    assert store.parts(texts) is None
    monkeypatch.setattr(store, "_held", {})
    monkeypatch.setattr(store, "MOST_PART_BYTES", 3 * 2 * 384 * 2)
    assert len(store.parts(texts).ids) == 6
