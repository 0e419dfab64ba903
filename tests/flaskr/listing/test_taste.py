"""A module's taste: groups by liking, honest about few ratings; drift; gems; when guesses are left out; points of the map."""

import json
import time

import numpy as np
import pytest
from sqlalchemy import insert, update

from flaskr.evaluator import cards, maps
from flaskr.evaluator.mapping import Plan
from flaskr.extensions import db
from flaskr.listing import taste_drift, taste_groups, taste_points
from flaskr.listing.taste import taste
from flaskr.listing.taste_points import points
from flaskr.tables import Place, RatingEvent, next_revision

DAY = 86400.0


@pytest.fixture
def drawn(music, settings):
    """drawn(ids, groups): write a map that has these items in these groups."""
    def draw(ids, groups):
        ids, groups = np.array(ids), np.array(groups, np.uint8)
        amount = int(groups.max()) + 1
        central = np.full((amount, 24), -1, np.int64)
        for one in range(amount):
            mine = ids[groups == one][:24]
            central[one, :len(mine)] = mine
        rng = np.random.default_rng(0)
        at = rng.integers(-maps.FINE, maps.FINE, (len(ids), 2)).astype(np.int16)
        plan = Plan(np.zeros((2, 4), np.float16), np.zeros((2, 2), np.float32), np.zeros((amount, 4), np.float32), len(ids))
        maps.save(maps.path_of(settings.project, "music"), maps.LibraryMap(
            ids, at, groups, central, tuple(f"Group {one}" for one in range(amount)), "sound", f"{time.time()}"), plan)
    return draw


@pytest.fixture
def verdict(settings):
    """verdict("better"): an evaluator's card that says so."""
    def say(words):
        folder = cards.folder_of(settings.project, "music")
        (folder / "000001").mkdir(parents=True, exist_ok=True)
        (folder / "000001" / "card.json").write_text(json.dumps({"report": {"verdict": words, "sentence": "It is so."}}))
        (folder / "current").write_text("000001")
    return say


def library(fill, drawn, ratings=(9.0, 6.0, 2.0), each=40, rated=12):
    """Three groups of `each` songs, the first `rated` of each rated about so; all predicted."""
    group = np.repeat(np.arange(3), each)
    rows = [{"rating": ratings[one] + (at % 3 - 1) * 0.5 if at % each < rated else None, "prediction": ratings[one],
             "spread": 1.0, "folder": f"/songs/{at % 17}/", "artist": f"Artist {at % 17}", "finished": 0, "skipped": 0}
            for at, one in enumerate(group)]
    ids = fill(rows)
    drawn(ids, group)
    return ids, group


def test_groups_stand_in_the_order_of_liking(fill, drawn, verdict, music, settings):
    library(fill, drawn)
    verdict("better")
    found = taste(music, settings.project)
    assert [group.name for group in found.groups] == ["Group 0", "Group 1", "Group 2"]
    assert [group.said for group in found.groups] == ["liked", "unsure", "not_liked"]
    assert found.groups[0].rated.n == 12 and found.groups[0].expected == pytest.approx(9.0)
    assert len(found.groups[0].examples) == 3 and all(found.items[id_] for id_ in found.groups[0].examples)
    assert found.average == pytest.approx(17 / 3) and found.rated == 36 and found.trusted


def test_few_ratings_are_too_few_to_say(fill, drawn, verdict, music, settings):
    library(fill, drawn, rated=3)
    verdict("better")
    assert {group.said for group in taste(music, settings.project).groups} == {taste_groups.TOO_FEW}


def test_it_never_flatters(fill, drawn, verdict, music, settings):
    """Without an evaluator that is better than the average, no prediction is shown anywhere."""
    library(fill, drawn)
    for said in ("no_better", "too_few", ""):
        verdict(said)
        found = taste(music, settings.project)
        assert not found.trusted and found.gems == () and all(group.expected is None for group in found.groups)
    told = points(music, settings.project, trusted=False)
    assert all(point[3] is None for point in told["points"]) and any(point[4] is not None for point in told["points"])


def test_ratings_by_chance_say_nothing(fill, drawn, music, settings):
    told = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        db.session.execute(update(music.Item).values(missing=True, rating=None, revised=next_revision("music")))
        ids = fill([{"rating": float(value), "fingerprint": f"{seed}-{at}", "path": f"/{seed}/{at}.mp3"}
                    for at, value in enumerate(rng.integers(0, 11, 60))])
        drawn(ids, np.arange(60) % 6)
        told += any(group.said in ("liked", "not_liked") for group in taste(music, settings.project).groups)
    assert told <= 2


def test_a_new_rating_is_seen_at_once(fill, drawn, verdict, music, settings):
    ids, _ = library(fill, drawn)
    before = taste(music, settings.project)
    db.session.execute(update(music.Item).where(music.Item.id == ids[-1]).values(rating=10, revised=next_revision("music")))
    db.session.commit()
    assert taste(music, settings.project).rated == before.rated + 1


def test_gems_are_unmet_diverse_and_well_above_the_average(fill, drawn, verdict, music, settings):
    ids, group = library(fill, drawn)
    verdict("better")
    played = ids[12:20]
    db.session.execute(update(music.Item).where(music.Item.id.in_(played)).values(
        last_played=5.0, revised=next_revision("music")))
    db.session.commit()
    found = taste(music, settings.project)
    assert 0 < len(found.gems) <= 12 and not set(found.gems) & set(played)
    items = [found.items[id_] for id_ in found.gems]
    assert all(item.rating is None and item.prediction >= found.average + 0.5 for item in items)
    assert len({item.artist for item in items}) == len(items)


def test_what_was_opened_is_no_gem(fill, drawn, verdict, music, settings):
    from dataclasses import replace
    ids, _ = library(fill, drawn)
    verdict("better")
    reads = replace(music, resumes=True)
    db.session.add_all(Place(module="music", item_id=id_, at=1.0, seen=1.0) for id_ in ids[12:40])
    db.session.commit()
    assert not set(taste(reads, settings.project).gems) & set(ids[12:40])


def test_without_a_map_the_ratings_still_speak(fill, music, settings):
    fill([{"rating": 8.0}, {"rating": 6.0}, {}])
    found = taste(music, settings.project)
    assert not found.drawn and found.groups == () and found.average == 7 and found.verdict == ""
    assert points(music, settings.project, trusted=False)["points"] == []


def test_missing_items_and_items_off_the_map_are_left_out(fill, drawn, music, settings):
    ids, _ = library(fill, drawn)
    fill([{"rating": 1.0, "fingerprint": "new", "path": "/songs/new.mp3"}])
    db.session.execute(update(music.Item).where(music.Item.id == ids[0]).values(missing=True, revised=next_revision("music")))
    db.session.commit()
    found = taste(music, settings.project)
    assert sum(group.items for group in found.groups) == 119 and ids[0] not in found.groups[0].examples
    assert len(points(music, settings.project, trusted=False)["points"]) == 119


def test_the_points_are_bounded_and_rated_ones_come_last(fill, drawn, music, settings, monkeypatch):
    monkeypatch.setattr(taste_points, "MOST", 60)
    monkeypatch.setattr(taste_points, "MOST_RATED", 20)
    ids = fill([{"rating": 5.0 if at % 2 else None} for at in range(100)])
    drawn(ids, np.zeros(len(ids)))
    told = taste_points.points(music, settings.project, trusted=True)
    rated = [point[4] is not None for point in told["points"]]
    assert len(rated) == 60 and sum(rated) == 20 and all(rated[-20:]) and told["total"] == 100
    assert all(0 <= value <= 1000 for point in told["points"] for value in point[1:3])
    assert told == taste_points.points(music, settings.project, trusted=True)


def events(*rows):
    return np.array(sorted(rows, key=lambda row: row[2]), np.float64)


def test_a_rise_is_told_and_chance_is_not():
    rng = np.random.default_rng(0)
    rising = [(at, 3 + (5 if at >= 20 else 0) + rng.normal(0, 1), at * 5 * DAY) for at in range(40)]
    steady = [(100 + at, 6 + rng.normal(0, 1), at * 5 * DAY) for at in range(40)]
    rated = events(*rising, *steady)
    found = taste_drift.drift(rated, (rated[:, 0] >= 100).astype(np.int64))
    assert [move.group for move in found.moves if move.group is not None] == [0]
    assert all(move.by.above and move.after > move.before for move in found.moves) and found.compared == 3


def test_one_evening_tells_no_drift():
    rated = events(*((at, at % 11, 1e9 + at) for at in range(100)))
    found = taste_drift.drift(rated, np.zeros(100, np.int64))
    assert found.cut is None and found.moves == () and len(found.months) == 1


def test_months_have_an_interval_from_three_ratings_on():
    day = 1_760_000_000.0
    rated = events((1, 5, day), (2, 7, day), (3, 8, day), (4, 1, day + 40 * DAY))
    first, second = taste_drift.drift(rated, np.zeros(4, np.int64)).months
    assert first.n == 3 and first.figure.low < first.mean < first.figure.high and second.figure is None
    assert first.label == "2025-10"


def test_things_rated_twice(app):
    rated = events(*((at, 4, at) for at in range(6)), *((at, 7, 70 * DAY + at) for at in range(6)))
    assert taste_drift.drift(rated, np.zeros(12, np.int64)).again.value == 3


def test_what_was_taken_back_was_never_said(fill, music):
    ids = fill([{}, {}])
    rows = [(ids[0], 5.0, 10.0, None), (ids[0], 9.0, 20.0, None), (ids[1], 3.0, DAY * 2, None), (ids[1], None, DAY * 2 + 5, 3)]
    db.session.execute(insert(RatingEvent), [
        {"module": "music", "item_id": item, "fingerprint": "", "rating": rating, "at": at, "undoes": undoes}
        for item, rating, at, undoes in rows])
    db.session.commit()
    assert taste_drift.events(music).tolist() == [[ids[0], 9.0, 20.0]]
