"""The search through all media, and what a module's page makes of words, examples and chosen items."""

import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import ratings

JSON = {"Accept": "application/json"}


@pytest.fixture
def three(write_song, scan, music):
    for number in range(3):
        write_song(f"{number}.wav", hertz=300 + 50 * number, title=f"Elephant {number}", genre="Jazz" if number else "Folk")
    scan()
    return list(db.session.scalars(select(music.Item.id).order_by(music.Item.title)))


def rated(music):
    db.session.expire_all()
    return list(db.session.scalars(select(music.Item.rating).order_by(music.Item.title)))


def test_all_media_answer_in_their_sections(client, three):
    said = client.get("/search?q=elephnat").text
    assert "Elephant 0" in said and "is read as" in said and "No image found" in said
    assert "/music/?q=elephnat" in said
    assert "What are you looking for" in client.get("/search").text
    assert "described" in client.get("/search?q=elephant&by=meaning").text
    assert client.get("/search", query_string={"q": '"<b>OR*', "by": "x"}).status_code == 200


def test_only_the_list_is_sent_for_a_part(client, three):
    said = client.get("/music/?part=items&page=1").text
    assert said.count("card-item") == 3 and "<html" not in said


def test_filters_show_what_there_is_to_choose(client, three):
    said = client.get("/music/?genre=Jazz").text
    assert "Folk (1)" in said and "Jazz (2)" in said and "Elephant 1" in said and "Elephant 0" not in said
    assert client.get("/music/values?key=genre&typed=az").json == {"values": [["Jazz", 2]]}
    assert client.get("/music/values?key=path").status_code == 404


def test_chosen_items_are_rated_and_taken_back_as_one(client, three, music):
    ratings.rate(music, three[0], 4)
    answer = client.post("/music/rate", data={"id": [*map(str, three), "x", "9" * 30], "rating": "8"}, headers=JSON)
    assert answer.json == {"changed": 3, "id": None} and rated(music) == [8, 8, 8]
    assert client.post("/music/undo", headers=JSON).json["changed"] == 3 and rated(music) == [4, None, None]
    client.post("/music/rate", data={"id": three[0], "rating": ""})
    assert rated(music) == [None, None, None]
    assert client.post("/music/rate", data={"id": three[0], "rating": "11"}, headers=JSON).status_code == 400
    assert client.post("/music/rate", data={"rating": "5"}, headers=JSON).json["changed"] == 0


def test_all_that_a_page_finds_is_rated_by_its_query(client, three, music):
    answer = client.post("/music/rate", data={"all": "1", "query": "genre=Jazz&page=7", "rating": "6"}, headers=JSON)
    assert answer.json["changed"] == 2 and rated(music) == [None, 6, 6]


def test_examples_join_the_query_that_stands_there(client, three):
    answer = client.post("/music/resemble", data={"id": three[:2], "way": "like", "query": "genre=Jazz&like=9&page=3"})
    assert answer.status_code == 303 and answer.location == f"/music/?like=9,{three[0]},{three[1]}&genre=Jazz"
    answer = client.post("/music/resemble", data={"id": three[2], "way": "unlike", "query": ""})
    assert answer.location == f"/music/?unlike={three[2]}"
    assert "Elephant 2" in client.get(answer.location).text


def test_a_prediction_of_another_evaluator_says_so(client, three, music):
    item = db.session.get(music.Item, three[0])
    item.prediction, item.spread, item.predicted_by = 7.0, 1.0, "000001"
    db.session.commit()
    said = client.get("/music/?view=list").text
    assert said.count('data-state="stale"') == 1 and "by an earlier evaluator" in said
    assert said.count('title="Not rated, no prediction yet"') == 3 and client.get(f"/music/{three[0]}/facts").json["stale"]
