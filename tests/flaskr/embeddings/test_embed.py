"""Embed: only what is missing, failures kept with their reason, a grown library gets a new projection."""

import pytest
from sqlalchemy import func, select

from flaskr.embeddings import embed as module_of_embed
from flaskr.embeddings.embed import embed
from flaskr.embeddings.store import current_projection, matrix
from flaskr.extensions import db
from flaskr.tables import Embedding


@pytest.fixture
def run(app, music, settings):
    def go():
        compute = app.extensions["compute"]
        return embed(music, settings.project, each=compute.each, run=compute.run)
    return go


def test_only_what_is_missing(run, scan, write_song, music):
    write_song("one.wav", seconds=1)
    scan()
    assert run().counts["embedded"] == 1 and run().counts["embedded"] == 0
    write_song("two.wav", hertz=900, seconds=1)
    scan()
    assert run().counts["embedded"] == 1
    assert len(matrix(music).ids) == 2


def test_what_can_not_be_heard_is_kept_with_its_reason_and_is_no_zero_vector(run, scan, write_song, music, monkeypatch):
    from flaskr.media.contract import Unreadable
    write_song("one.wav", seconds=1)
    scan()

    def fail(*_):
        raise Unreadable("It is silent to us.")
    monkeypatch.setattr("modules.music.read.samples", fail)
    report = run()
    assert report.unreadable[0][1] == "It is silent to us." and report.counts["unreadable"] == 1
    assert run().counts["unreadable"] == 0
    assert db.session.scalar(select(Embedding.error)) == "It is silent to us." and len(matrix(music).ids) == 0


def test_a_library_that_outgrew_its_projection_gets_a_new_one(run, scan, write_song, music, settings, monkeypatch):
    monkeypatch.setattr(module_of_embed, "LEAST", 4)
    monkeypatch.setattr("flaskr.embedders.classical.ENOUGH", 4)
    for number in range(3):
        write_song(f"{number}.wav", hertz=200 + 300 * number, seconds=1, noise=0.1 * number)
    scan()
    assert run().counts["refitted"] == 0
    before = matrix(music)
    for number in range(3, 8):
        write_song(f"{number}.wav", hertz=200 + 300 * number, seconds=1, noise=0.05 * number)
    scan()
    assert run().counts["refitted"] == 1
    after = matrix(music)
    assert after.space != before.space and after.space.startswith("sound-")
    assert db.session.scalar(select(func.count(Embedding.projection.distinct()))) == 1
    projection = current_projection(settings.project, music, after.space.partition("/")[0])
    assert projection.fitted_on == 8
    assert run().counts["refitted"] == 0
