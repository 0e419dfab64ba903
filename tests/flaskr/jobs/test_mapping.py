"""The map job: everything is mapped and named, nothing is done twice, new items find their place, old ones keep it."""

import numpy as np
import pytest
from sqlalchemy import delete, select

from flaskr.embeddings import store
from flaskr.evaluator import maps
from flaskr.extensions import db
from flaskr.jobs import queue
from flaskr.jobs.mapping import map_library, outdated
from flaskr.progress import Report
from flaskr.tables import Embedding, Job, next_revision
from tests.flaskr.evaluator.test_clusters import heaps


@pytest.fixture
def embedded(fill, music):
    """embedded(rows, genres): songs with these vectors; their ids."""
    space = store.embedder_for(music.embedder).space

    def make(rows, genres):
        ids = fill([{"genre": genre, "title": f"{genre} {at}", "fingerprint": f"{genre}{at}{len(rows)}",
                     "path": f"/songs/{genre}/{at}-{len(rows)}.mp3"} for at, genre in enumerate(genres)])
        db.session.add_all(Embedding(module="music", space=space, item_id=id_, fingerprint="", projection="1",
                                     vector=row.astype(np.float16).tobytes()) for id_, row in zip(ids, rows, strict=True))
        next_revision(store.stream(music))
        db.session.commit()
        return ids
    return make


def run(function, *arguments, tick=None):
    if tick:
        tick()
    return function(*arguments)


def test_all_are_mapped_in_named_groups(embedded, music, settings):
    rows, heap = heaps(count=3, each=20)
    ids = embedded(rows, np.array(["Jazz", "Metal", "Folk"])[heap].tolist())
    assert outdated(music, settings.project)
    report = map_library(music, settings.project, run=run)
    drawn = maps.load(maps.path_of(settings.project, "music"))
    assert report.counts == {"planned": 1, "mapped": 60} and drawn.ids.tolist() == ids
    assert {"Jazz", "Metal", "Folk"} <= {word for name in drawn.names for word in name.split(" · ")}
    assert set(drawn.central[:, 0].tolist()) <= set(ids)
    assert not outdated(music, settings.project)
    assert map_library(music, settings.project, run=run).counts == {}


def test_new_ones_are_placed_and_old_ones_stay(embedded, music, settings):
    rows, heap = heaps(count=3, each=20)
    genres = np.array(["Jazz", "Metal", "Folk"])[heap].tolist()
    known = embedded(rows[::2], genres[::2])
    path = maps.path_of(settings.project, "music")
    map_library(music, settings.project, run=run)
    before = maps.load(path)
    embedded(rows[1:12:2], genres[1:12:2])
    assert map_library(music, settings.project, run=run).counts == {"mapped": 36}
    after = maps.load(path)
    assert np.array_equal(after.at[after.rows_of(np.array(known))], before.at)
    embedded(rows[13::2], genres[13::2])
    assert map_library(music, settings.project, run=run).counts == {"planned": 1, "mapped": 60}


def test_a_few_items_make_no_map(embedded, music, settings):
    rows, _ = heaps(count=1, each=5)
    embedded(rows, ["Jazz"] * 5)
    assert "A map needs 12" in map_library(music, settings.project, run=run).words
    assert maps.load(maps.path_of(settings.project, "music")) is None


def test_the_queue_asks_for_it_only_where_it_is_due(app, embedded, music, settings):
    def asked():
        found = list(db.session.scalars(select(Job.verb).order_by(Job.id)))
        db.session.execute(delete(Job))
        db.session.commit()
        return found

    queue.follow(app, Report("embed", "music"))
    assert asked() == []
    rows, _ = heaps(count=1, each=20)
    embedded(rows, ["Jazz"] * 20)
    queue.follow(app, Report("embed", "music"))
    assert asked() == ["map"]
    map_library(music, settings.project, run=run)
    queue.follow(app, Report("predict", "music"))
    assert asked() == []
