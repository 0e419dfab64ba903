"""Near-duplicates: what is alike is found, grouped around the best, and stays away once it is dealt with."""

import os

import numpy as np
import pytest
from sqlalchemy import insert, select

from flaskr.embedders import embedder_for
from flaskr.embeddings import duplicates as compared
from flaskr.embeddings import store
from flaskr.extensions import db
from flaskr.feedback import duplicates as said
from flaskr.feedback import ratings
from flaskr.library import tidy
from flaskr.listing.duplicates import MOST_IN_GROUP, duplicates
from flaskr.progress import Cancelled, Stopped
from flaskr.tables import Different, Embedding, Play, RatingEvent, next_revision
from modules.music.tables import Song

DIM = 16


@pytest.fixture
def library(music, songs, monkeypatch):
    """library([(vector, facts), ...]): songs with these vectors; what a second look would see is taken as alike."""
    monkeypatch.setattr(compared, "look_one", lambda path, samples, takes: ([path], ""))
    monkeypatch.setattr(type(embedder_for(music.embedder)), "alike", lambda self, first, second: True)

    def make(rows):
        for at, (_, facts) in enumerate(rows, start=1):
            path = songs / f"{at}.mp3"
            path.write_bytes(b"%d" % at)
            db.session.add(Song(id=at, fingerprint=f"{at:040d}", path=str(path), folder=f"{songs}/", title=f"Song {at}",
                                **({"size": 1000, "duration": 200.0, "bitrate": 128} | facts)))
        db.session.flush()
        next_revision(music.name)
        next_revision(store.stream(music))
        space = embedder_for(music.embedder).space
        unit = [np.asarray(vector, np.float32) / np.linalg.norm(vector) for vector, _ in rows]
        db.session.execute(insert(Embedding), [
            {"module": "music", "space": space, "item_id": at, "fingerprint": f"{at:040d}", "projection": "p",
             "vector": vector.astype(np.float16).tobytes()} for at, vector in enumerate(unit, start=1)])
        db.session.commit()
    return make


@pytest.fixture
def compare(app, music, settings):
    return lambda: compared.compare(music, settings.project, each=app.extensions["compute"].each)


@pytest.fixture
def found(music, settings):
    """found() -> ids of each group, the best first."""
    return lambda: [[item.id for item in group.items] for group in duplicates(music, settings.project).groups]


def axis(number, towards=None, share=0.0):
    """A unit vector along an axis, leaning towards another one."""
    vector = np.zeros(DIM)
    vector[number] = 1.0
    if towards is not None:
        vector[towards] += share
    return vector


def test_alike_is_found_and_other_is_not(library, compare, found, music, settings):
    assert duplicates(music, settings.project).state == "unembedded"
    library([(axis(0), {}), (axis(0, 1, 0.1), {"bitrate": 320}), (axis(2), {}), (axis(3), {}), (axis(3, 4, 0.9), {})])
    assert duplicates(music, settings.project).state == "unlooked"
    report = compare()
    assert report.counts == {"compared": 5, "pairs": 1}
    assert found() == [[2, 1]]
    page = duplicates(music, settings.project)
    assert (page.state, page.total, page.compared, page.outdated) == ("some", 1, 5, False)
    assert page.groups[0].spare == 1000 and ("bitrate", "Bit rate") in page.groups[0].differ
    assert page.groups[0].most("bitrate") == 320 and page.groups[0].most("duration") is None
    next_revision(store.stream(music))
    db.session.commit()
    assert duplicates(music, settings.project).outdated


def test_durations_must_agree(library, compare, found):
    library([(axis(0), {"duration": 200.0}), (axis(0), {"duration": 212.0}), (axis(1), {"duration": 200.0}),
             (axis(1), {"duration": 209.0}), (axis(2), {"duration": 10.0}), (axis(2), {"duration": 12.5}),
             (axis(3), {"duration": None}), (axis(3), {"duration": 50.0})])
    compare()
    assert sorted(map(sorted, found())) == [[3, 4], [5, 6], [7, 8]]


def test_a_chain_does_not_swallow_the_library(library, compare, found, music):
    """Each is alike to the next, none to the one after: groups are pairs around the best, never the whole chain."""
    angle = np.arccos(embedder_for(music.embedder).same) * 0.9
    library([([np.cos(angle * at), np.sin(angle * at), *[0.0] * (DIM - 2)], {"size": 1000 + at}) for at in range(7)])
    compare()
    assert found() and all(len(group) <= 3 for group in found())
    assert sum(map(len, found())) <= 7


def test_a_thousand_equal_ones_stay_bounded(library, compare, found, music, settings):
    library([(axis(0), {}) for _ in range(300)])
    report = compare()
    assert report.counts["pairs"] <= 300 * compared.MOST_ALIKE
    assert all(2 <= len(group) <= MOST_IN_GROUP for group in found())


def test_slabs_and_tiles_see_every_pair(tmp_path, monkeypatch):
    monkeypatch.setattr(compared, "TILE", 7)
    vectors = np.random.default_rng(0).standard_normal((100, DIM)).astype(np.float16)
    np.save(tmp_path / "v.npy", vectors)
    pairs = {pair for start in range(0, 100, 13)
             for pair in zip(*map(np.ndarray.tolist, compared.compare_slab(
                 str(tmp_path / "v.npy"), start, min(start + 13, 100), 6.0)[:2]), strict=True)}
    products = vectors.astype(np.float32) @ vectors.astype(np.float32).T
    assert pairs == {(a, b) for a in range(100) for b in range(a + 1, 100) if products[a, b] >= 6.0}


def test_missing_files_and_broken_caches(library, compare, found, music, settings):
    library([(axis(0), {}), (axis(0), {}), (axis(1), {})])
    compare()
    db.session.get(Song, 1).missing = True
    next_revision(music.name)
    db.session.commit()
    assert found() == [] and duplicates(music, settings.project).state == "none"
    compared.path_of(settings.project, music).write_bytes(b"PK\x03\x04 broken")
    assert duplicates(music, settings.project).state == "unlooked"


def test_what_a_killed_comparison_left_is_cleared_away(library, compare, music, settings):
    library([(axis(0), {}), (axis(1), {})])
    folder = compared.path_of(settings.project, music).parent
    folder.mkdir(parents=True)
    old, fresh = folder / ".music-1.npy", folder / ".music-2.npy"
    for file in (old, fresh):
        file.write_bytes(b"")
    os.utime(old, (1, 1))
    compare()
    assert sorted(path.name for path in folder.iterdir()) == [".music-2.npy", "music.npz"]


def test_cancelled_in_between(library, app, music, settings):
    library([(axis(0), {}), (axis(0), {})])

    def cancel(done, total, words=""):
        raise Cancelled
    with pytest.raises(Cancelled):
        compared.compare(music, settings.project, each=app.extensions["compute"].each, progress=cancel)
    assert list(compared.path_of(settings.project, music).parent.iterdir()) == []


def test_nothing_to_compare(music, compare):
    with pytest.raises(Stopped, match="embed first"):
        compare()


def test_the_keeper_gets_the_newest_rating(library, compare, found, music, settings):
    library([(axis(0), {"bitrate": 320}), (axis(0), {}), (axis(0), {})])
    compare()
    ratings.rate(music, 2, 4.0)
    ratings.rate(music, 3, 9.0)
    ratings.rate(music, 2, 5.0)
    db.session.add(Play(module="music", item_id=2, started=1.0, heard=9.0))
    db.session.commit()
    assert found()[0][0] == 1
    kept = said.keep(music, 1, [2, 3], settings=settings, throw=False)
    assert db.session.get(Song, 1).rating == 5.0 and db.session.get(Song, 2).rating == 5.0
    event = db.session.get(RatingEvent, kept.event)
    assert (event.origin, event.before, event.rating) == ("duplicate", None, 5.0)
    assert db.session.scalar(select(Play.item_id)) == 2  # what was played stays played
    said.take_back(music, kept.event)
    assert db.session.get(Song, 1).rating is None


def test_the_keepers_own_rating_stays(library, music, settings):
    library([(axis(0), {}), (axis(0), {})])
    ratings.rate(music, 1, 2.0)
    ratings.rate(music, 2, 9.0)
    assert said.keep(music, 1, [2], settings=settings, throw=False).change is None
    assert db.session.get(Song, 1).rating == 2.0


def test_a_rating_changed_since_is_not_taken_back(library, music, settings):
    library([(axis(0), {}), (axis(0), {})])
    ratings.rate(music, 2, 9.0)
    kept = said.keep(music, 1, [2], settings=settings, throw=False)
    ratings.rate(music, 1, 3.0)
    assert said.take_back(music, kept.event) is None and db.session.get(Song, 1).rating == 3.0
    with pytest.raises(KeyError):
        said.take_back(music, db.session.scalar(select(RatingEvent.id).where(RatingEvent.origin == "page").limit(1)))


def test_nothing_goes_when_it_must_not(library, music, settings, songs):
    library([(axis(0), {}), (axis(0), {})])
    with pytest.raises(tidy.Refused):
        said.keep(music, 1, [2], settings=settings, throw=True)
    with pytest.raises(KeyError):
        said.keep(music, 77, [1, 2], settings=settings, throw=False)
    with pytest.raises(Stopped, match="at least two"):
        said.keep(music, 1, [1], settings=settings, throw=False)
    assert len(list(songs.iterdir())) == 2


def test_the_others_stay_when_the_keeper_is_gone(library, music, settings, songs):
    library([(axis(0), {}), (axis(0), {})])
    allowed = settings.values.library.model_copy(update={"files_may_change": True})
    object.__setattr__(settings, "values", settings.values.model_copy(update={"library": allowed}))
    (songs / "1.mp3").unlink()
    with pytest.raises(Stopped, match="not where it was"):
        said.keep(music, 1, [2], settings=settings, throw=True)
    assert (songs / "2.mp3").is_file()


def test_different_stays_away_until_undone(library, compare, found, music):
    library([(axis(0), {}), (axis(0), {}), (axis(0), {})])
    compare()
    notes = said.differ(music, [3, 1])
    assert [(note.first, note.second) for note in db.session.scalars(select(Different))] == [(1, 3)]
    assert said.differ(music, [1, 3]) == []
    assert found() == [[1, 2]]
    rest = said.differ(music, [1, 2, 3])
    assert found() == []
    compare()
    assert found() == []
    assert said.same_again(music, [*notes, *rest]) == 3
    assert len(found()[0]) == 3
