"""The rating queue as a plain form: rate, skip, undo, and where each leads."""

import re

import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.tables import RatingEvent


@pytest.fixture
def songs_there(write_song, scan, music):
    for at in range(4):
        write_song(f"{at}.wav", title=f"Song {at}", hertz=200 + 100 * at)
    scan()
    return list(db.session.scalars(select(music.Item.id).order_by(music.Item.id)))


def form_of(page):
    """What the form of a page would send."""
    return dict(re.findall(r'<input type="hidden" name="(seed|number|before|id|kind)" value="([^"]*)"', page))


def send(client, page, **more):
    answer = client.post("/music/rate-these", data=form_of(page) | more)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_a_person_rates_skips_and_takes_back(client, songs_there, music):
    first = client.get("/music/rate-these?seed=5").text
    assert "By chance" in first and "<strong>0</strong> songs rated" in first and 'value="undo"' not in first
    asked = int(form_of(first)["id"])
    second = send(client, first, points="7")
    assert "<strong>1</strong> song rated" in second and form_of(second)["id"] != str(asked)
    event = db.session.scalar(select(RatingEvent))
    assert (event.item_id, event.rating, event.origin) == (asked, 7.0, "random")
    third = send(client, second, act="skip")
    assert len({form_of(page)["id"] for page in (first, second, third)}) == 3
    again = send(client, third, act="undo")
    assert form_of(again)["id"] == form_of(second)["id"] and "<strong>1</strong>" in again
    before = send(client, again, act="undo")
    assert form_of(before)["id"] == str(asked) and "<strong>0</strong>" in before
    assert db.session.get(music.Item, asked).rating is None


def test_a_rating_of_what_was_not_by_chance_says_so(client, songs_there):
    page = client.get("/music/rate-these?seed=5").text
    send(client, page, rating="7.5", act="rate", kind="promising")
    assert (db.session.scalar(select(RatingEvent)).origin, db.session.scalar(select(RatingEvent)).rating) == ("queue", 7.5)


def test_the_end_is_calm(client, songs_there):
    page = client.get("/music/rate-these?seed=5").text
    for _ in songs_there[1:]:
        page = send(client, page, points="3")
    page = send(client, page, act="skip")
    assert "That was all for now" in page and "you skipped 1" in page
    last = send(client, client.get("/music/rate-these").text, points="0")
    assert "Everything is rated" in last


@pytest.mark.parametrize(("sent", "status"), [({"rating": "11"}, 400), ({"rating": ""}, 400),
                                              ({"points": "7", "id": "99"}, 404)])
def test_nothing_is_invented(client, songs_there, sent, status):
    page = client.get("/music/rate-these?seed=5").text
    assert client.post("/music/rate-these", data=form_of(page) | sent).status_code == status
    assert db.session.scalar(select(RatingEvent)) is None


@pytest.mark.parametrize("address", ["?seed=x&number=-4&before=r.r.x.9999999999999999999999", "?seed=1e99&number=nan",
                                     "?before=..r"])
def test_strange_addresses_ask_all_the_same(client, songs_there, address):
    assert "By chance" in client.get(f"/music/rate-these{address}").text


def test_an_empty_library_says_so_and_others_lead_here(client, app):
    assert "No songs yet" in client.get("/music/rate-these").text
    for name in ("images", "text", "videos"):
        assert client.get(f"/{name}/rate-these").status_code == 200


def test_home_and_train_lead_here(client, songs_there):
    assert 'href="/music/rate-these"' in client.get("/").text and 'href="/music/rate-these"' in client.get("/train").text
