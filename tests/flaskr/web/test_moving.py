"""What a page is told after a rating, and who is told that there was one."""

from types import SimpleNamespace

import pytest

from flaskr.jobs import moving


@pytest.fixture
def song(write_song, scan):
    write_song("one.wav", title="One")
    scan()
    return 1


@pytest.mark.parametrize("ids", ["", "1", "1,2,x,-4,99999999999999999999", "," * 5000])
def test_where_nothing_was_learned_nothing_moves(client, song, ids):
    answer = client.post("/music/moved", data={"ids": ids})
    assert answer.status_code == 200 and answer.json == {"moves": {}}
    assert client.post("/music/moved", data={"ids": ids, "count": "1"}).json == {
        "moves": {}, "moved": 0, "looked": 0, "whole": True}
    assert client.get("/music/moved").status_code == 405


def test_moves_are_told_by_id_and_without_ids_a_worker_gets_ready(client, song, monkeypatch):
    asked, ready = [], []
    monkeypatch.setattr(moving, "move", lambda module, project, ids, run: asked.append(list(ids)) or {1: (5.0, 1.5)})
    monkeypatch.setattr(moving, "ready", lambda module, project, run: ready.append(module.name))
    monkeypatch.setattr(moving, "reach", lambda module, project, ids, run: (3, 7))
    assert client.post("/music/moved", data={"ids": "1,3,1"}).json == {"moves": {"1": [5.0, 1.5]}}
    assert asked[0][:2] == [1, 3] and ready == []
    client.post("/music/moved")
    assert ready == ["music"]
    told = client.post("/music/moved", data={"ids": "1", "count": "1"}).json
    assert told == {"moves": {"1": [5.0, 1.5]}, "moved": 3, "looked": 7, "whole": True}


def test_every_change_of_a_rating_is_told_to_what_follows(app, client, song):
    told = []
    app.extensions["afterwards"] = SimpleNamespace(rated=lambda module: told.append(module.name))
    client.post("/music/1/rate", data={"rating": "7"})
    client.post("/music/rate", data={"rating": "6", "id": "1"})
    client.post("/music/undo")
    client.post("/music/rate-these", data={"id": "1", "points": "5"})
    assert told == ["music"] * 4
    client.post("/music/1/rate", data={"rating": "11"})
    assert len(told) == 4


def test_only_this_page_may_ask(app, song):
    assert app.test_client().post("/music/moved", data={"ids": "1"}).status_code == 400
