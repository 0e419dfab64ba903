"""The rating queue as a plain form: rate, skip, undo, and where each leads."""

import re

import pytest
from sqlalchemy import select, update

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.tables import Comparison, RatingEvent, Revision, next_revision


@pytest.fixture
def songs_there(write_song, scan, music):
    for at in range(4):
        write_song(f"{at}.wav", title=f"Song {at}", hertz=200 + 100 * at)
    scan()
    return list(db.session.scalars(select(music.Item.id).order_by(music.Item.id)))


def form_of(page):
    """What the form of a page would send."""
    return dict(re.findall(r'<input type="hidden" name="(seed|number|before|id|kind|mode|module|other)" value="([^"]*)"', page))


def send(client, page, to="/music/rate-these", **more):
    answer = client.post(to, data=form_of(page) | more)
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


def test_which_of_two_is_kept_as_a_comparison_and_taken_back(client, songs_there, music):
    assert "No two to choose from" in client.get("/music/rate-these?mode=two").text
    db.session.execute(update(music.Item).values(prediction=5.0, spread=1.0, predicted_by="000001", revised=10**6))
    db.session.execute(update(Revision).where(Revision.module == "music").values(number=10**6))
    db.session.commit()
    page = client.get("/music/rate-these?mode=two&seed=1").text
    first, second = int(form_of(page)["id"]), int(form_of(page)["other"])
    after = send(client, page, better="second")
    kept = db.session.scalar(select(Comparison))
    assert (kept.first, kept.second, kept.preferred, kept.origin, kept.undone) == (first, second, second, "close", False)
    send(client, send(client, after, act="skip"), better="neither")
    assert db.session.scalar(select(Comparison).order_by(Comparison.id.desc())).preferred is None
    again = send(client, after, act="undo")
    assert form_of(again)["number"] == "0"
    assert client.post("/music/rate-these", data=form_of(page) | {"better": "both"}).status_code == 400
    assert db.session.scalar(select(RatingEvent)) is None


def test_would_you_still_hides_the_first_answer_until_the_second(client, songs_there, music):
    assert "Nothing to ask again" in client.get("/music/rate-these?mode=again").text
    ratings.rate(music, songs_there[1], 8.5)
    assert "Nothing to ask again" in client.get("/music/rate-these?mode=again").text
    db.session.get(music.Item, songs_there[1]).rated_at = 1000.0
    db.session.commit()
    page = client.get("/music/rate-these?mode=again").text
    assert form_of(page)["id"] == str(songs_there[1]) and "Would you still? Rated long ago" in page
    assert "8.5" not in re.sub("<svg.*?</svg>", "", page)
    after = send(client, page, points="6")
    assert "you said 8.5 then, 6 now" in after
    event = db.session.scalar(select(RatingEvent).order_by(RatingEvent.id.desc()))
    assert (event.before, event.rating, event.origin) == (8.5, 6.0, "again")
    send(client, after, act="undo")
    assert db.session.get(music.Item, songs_there[1]).rating == 8.5


def test_all_kinds_of_media_in_turn(client, songs_there, app, music):
    texts = app.extensions["modules"]["text"]
    db.session.add(texts.Item(fingerprint="f", path="/a.txt", title="A text", revised=next_revision("text")))
    db.session.commit()
    page, seen = client.get("/rate-these?seed=1").text, []
    for _ in range(4):
        seen.append(form_of(page)["module"])
        page = send(client, page, "/rate-these", points="4")
    assert seen.count("text") == 1 and seen.count("music") == 3
    skipped = send(client, page, "/rate-these", act="skip")
    back = send(client, send(client, skipped, "/rate-these", act="undo"), "/rate-these", act="undo")
    assert form_of(back)["number"] == "3"
    assert len(list(db.session.scalars(select(RatingEvent).where(RatingEvent.origin == "undo")))) == 1
    assert client.post("/rate-these", data=form_of(page) | {"module": "anime", "points": "4"}).status_code == 404


def test_what_was_predicted_before_is_told(client, songs_there, music):
    assert "predicted before you answered" not in client.get("/music/rate-these").text
    db.session.execute(update(music.Item).values(prediction=5.0, spread=1.0))
    db.session.commit()
    for id_ in songs_there[:3]:
        ratings.rate(music, id_, 7.0, origin="random")
    page = client.get("/music/rate-these").text
    assert "predicted before you answered" in page and "off by 2.00 points" in page
