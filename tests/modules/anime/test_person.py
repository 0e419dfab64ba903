"""The person at the browser as a user of the catalogue: rates, marks, is recommended to, brings a list, loses nothing."""

import gzip
import shutil
from io import BytesIO

import pytest

from flaskr.extensions import db, socketio
from flaskr.feedback import catalogue
from flaskr.feedback.catalogue import Said
from flaskr.tables import RatingEvent
from modules.anime.arrays import folder_of

HTML = {"Accept": "text/html"}
LIST = """<?xml version="1.0"?><myanimelist>{}</myanimelist>"""
ROW = ("<anime><series_animedb_id>{}</series_animedb_id><series_title>{}</series_title><my_score>{}</my_score>"
       "<my_status>{}</my_status></anime>")


@pytest.fixture
def trained(bring, generated, fitted, settings):
    """The generated catalogue with its model; the data."""
    bring(*generated[1:])
    shutil.copytree(fitted, folder_of(settings.project))
    return generated[0]


@pytest.fixture
def said(app):
    return lambda: catalogue.said(app.extensions["modules"]["anime"])


def the_list(*rows):
    return LIST.format("".join(ROW.format(*row) for row in rows)).encode()


def upload(client, content, **more):
    name = "list.xml.gz" if content[:2] == b"\x1f\x8b" else "list.xml"
    return client.post("/anime/list", data={"list": (BytesIO(content), name)} | more, content_type="multipart/form-data")


def test_a_rating_is_answered_noted_with_its_guess_and_told(trained, app, client, said, monkeypatch):
    told, one = [], int(trained.item_ids[0])
    monkeypatch.setattr(socketio, "emit", lambda name, facts: told.append((name, facts)))
    answer = client.post(f"/anime/{one}/rate", data={"rating": "8.5"}).json
    assert answer == {"id": one, "title": str(trained.catalogue.names[0]), "before": None, "rating": 8.5}
    assert said() == {one: Said(8.5)} and told == [("rating", {"module": "anime", "id": one, "rating": 8.5})]
    event = db.session.scalar(db.select(RatingEvent))
    assert 0 <= event.prediction <= 10 and event.predicted_by and event.module == "anime"
    assert client.get(f"/anime/{one}").json["mine"] == 8.5
    assert client.post("/anime/undo").json["rating"] is None and said() == {}
    assert client.post("/anime/undo").status_code == 409


@pytest.mark.parametrize(("address", "data", "status"), [
    ("/anime/1/rate", {"rating": "11"}, 400), ("/anime/1/rate", {"rating": "x"}, 400),
    ("/anime/404/rate", {"rating": "5"}, 404), ("/anime/1/mark", {"mark": "loved"}, 404),
    ("/anime/404/mark", {"mark": "watched"}, 404),
    (f"/anime/{10**25}/rate", {"rating": "5"}, 404), ("/anime/list", {}, 422)])
def test_bad_input_changes_nothing(bring, client, said, address, data, status):
    bring()
    answer = client.post(address, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == status and answer.json["error"] and said() == {}


def test_forms_without_script_lead_back(bring, client, said):
    bring()
    answer = client.post("/anime/1/rate", data={"rating": "7", "back": "/recommend/me?k=3"}, headers=HTML)
    assert answer.status_code == 303 and answer.location == "/recommend/me?k=3"
    page = client.post("/anime/2/mark", data={"mark": "hidden", "back": "/user?user_id=me"}, headers=HTML,
                       follow_redirects=True)
    assert "not shown again" in page.text and "Undo" in page.text and "Not interested (1)" in page.text
    assert said() == {1: Said(7.0), 2: Said(None, "hidden")}
    page = client.post("/anime/undo", data={"back": "/user?user_id=me"}, headers=HTML, follow_redirects=True)
    assert "as before" in page.text and said() == {1: Said(7.0)}


def test_a_new_import_leaves_the_person_alone(bring, client, said):
    bring()
    client.post("/anime/1/rate", data={"rating": "3.5"})
    client.post("/anime/2/mark", data={"mark": "watched"})
    before = said()
    bring("anime_id,name\n1,Renamed\n2,Other\n", "user_id,anime_id,rating\n7,1,10\n0,1,1\n1,2,9\n")
    assert said() == before and client.get("/anime/1").json["mine"] == 3.5
    assert [row["rating"] for row in client.get("/user?user_id=me").json["rows"]] == [-1, 3.5]


def test_me_is_a_user(bring, client):
    bring()
    assert client.get("/user?user_id=me").json["total"] == 0
    assert "Nothing rated yet" in client.get("/user?user_id=me", headers=HTML).text
    for id_, rating in ((1, 9), (3, 5)):
        client.post(f"/anime/{id_}/rate", data={"rating": rating})
    client.post("/anime/2/mark", data={"mark": "watched"})
    told = client.get("/user?user_id=me&mt_rating=4").json
    assert [(row["user_id"], row["anime_id"], row["rating"]) for row in told["rows"]] == [("me", 3, 5.0), ("me", 1, 9.0)]
    assert (told["user"]["id"], told["user"]["watched"], told["user"]["rated"], told["user"]["mean"]) == ("me", 3, 2, 7.0)
    page = client.get("/user?user_id=me", headers=HTML).text
    assert "What your ratings say" in page and "watched, not rated" in page
    assert client.get("/user?user_id=you").status_code == 400


def test_recommendations_come_at_once_and_grow_personal(trained, client):
    ids = trained.item_ids.tolist()
    assert "no title yet" in client.get("/recommend/me", headers=HTML).text
    popular = [pick["anime_id"] for pick in client.get("/recommend/me?k=10").json["recommendations"]]
    client.post(f"/anime/{popular[0]}/rate", data={"rating": "8"})
    page = client.get("/recommend/me", headers=HTML).text
    assert "one title only" in page and "Because you gave" not in page and "Because many like it" in page
    one = client.get("/recommend/me?k=9").json["recommendations"]
    assert [pick["anime_id"] for pick in one[:5]] == popular[1:6]  # up to one known title popularity decides
    mine = trained.item_ids[trained.item[trained.user == 5]][:8].tolist()
    for id_ in mine:
        client.post(f"/anime/{id_}/rate", data={"rating": "9"})
    picks = client.get("/recommend/me?k=10").json["recommendations"]
    assert client.get("/recommend/me").json["user_id"] == "me"
    assert not {pick["anime_id"] for pick in picks} & set(mine) and [pick["anime_id"] for pick in picks] != popular
    assert {reason["anime_id"] for pick in picks for reason in pick["because"]} <= {*mine, popular[0]} and picks[0]["because"]
    assert {pick["anime_id"] for pick in picks} <= set(ids)
    page = client.get("/recommend/me", headers=HTML).text
    assert "Because you gave" in page and "9" in page and "You have told of" not in page and 'action="/anime/' in page


def test_what_does_not_interest_is_gone_until_undone(trained, client):
    first = client.get("/recommend/me?k=3").json["recommendations"][0]["anime_id"]
    client.post(f"/anime/{first}/mark", data={"mark": "hidden"})
    assert first not in [pick["anime_id"] for pick in client.get("/recommend/me?k=50").json["recommendations"]]
    told = client.post("/anime/undo").json
    assert "shown again" in told["words"] or "no mark" in told["words"]
    assert client.get("/recommend/me?k=3").json["recommendations"][0]["anime_id"] == first


def test_filters_of_recommendations(trained, client):
    for address, wanted in (("type=Movie", ("type", "Movie")), ("genre=Genre 1", ("genre", "Genre 1"))):
        for user in ("me", trained.user_ids[3]):
            picks = client.get(f"/recommend/{user}?k=8&{address}").json["recommendations"]
            assert picks and all(wanted[1] in pick[wanted[0]] for pick in picks)
    assert client.get("/recommend/me?type=None").json["recommendations"] == []
    assert "Nothing is left" in client.get("/recommend/me?type=None", headers=HTML).text
    assert client.get("/recommend/me?colour=red").status_code == 400


def test_the_page_of_a_title(trained, client):
    one, two = trained.item_ids[trained.item[trained.user == 5]][:2].tolist()
    client.post(f"/anime/{two}/rate", data={"rating": "9"})
    told = client.get(f"/anime/{one}").json
    assert told["anime_id"] == one and 0 <= told["expected"] <= 10 and len(told["similar"]) == 8 and told["mine"] is None
    page = client.get(f"/anime/{one}", headers=HTML).text
    assert "Expected from you" in page and "site’s score" in page and "Similar titles" in page
    client.post(f"/anime/{one}/mark", data={"mark": "watched"})
    assert client.get(f"/anime/{one}").json["mark"] == "watched"
    assert "Marked as watched" in client.get(f"/anime/{one}", headers=HTML).text
    assert client.get("/anime/404").status_code == client.get(f"/anime/{10**30}").status_code == 404


def test_before_the_first_training(bring, client):
    bring()
    assert client.get("/recommend/me").status_code == 409
    page = client.get("/recommend/me", headers=HTML)
    assert page.status_code == 200 and "Learn from 4 ratings" in page.text
    told = client.get("/anime/1").json
    assert (told["expected"], told["because"], told["similar"]) == (None, [], [])


def test_a_list_comes_in_by_the_page_and_goes_as_one(bring, client, said):
    bring()
    client.post("/anime/3/rate", data={"rating": "2"})
    content = the_list((1, "Cowboy Bebop", 9, "Completed"), (2, "Film", 0, "Dropped"), (3, "Long", 8, "Completed"),
                       (99, "&lt;i&gt;Elsewhere", 7, "Completed"), (5, "Later", 0, "Plan to Watch"))
    told = upload(client, gzip.compress(content)).json
    assert (told["new"], told["same"], told["unknown"]) == (2, 0, ["<i>Elsewhere"]) and len(told["differ"]) == 1
    assert said() == {1: Said(9.0), 2: Said(None, "watched"), 3: Said(2.0)}
    count = db.session.scalar(db.select(db.func.count()).select_from(RatingEvent))
    page = client.post("/anime/list", data={"list": (BytesIO(content), "l.xml")}, headers=HTML,
                       content_type="multipart/form-data")
    assert page.status_code == 200 and "Nothing has changed" in page.text and 'value="3:8.0"' in page.text
    assert "&lt;i&gt;Elsewhere" in page.text and "<i>Elsewhere" not in page.text
    assert db.session.scalar(db.select(db.func.count()).select_from(RatingEvent)) == count
    client.post("/anime/list/take", data={"take": ["3:8.0", "x:1", "77:5"]})
    assert said()[3] == Said(8.0)
    client.post("/anime/undo")
    client.post("/anime/undo")
    assert said() == {3: Said(2.0)}


def test_a_large_list_may_come_but_no_larger(bring, client, monkeypatch):
    bring()
    rows = [(number, "A long name " * 20, 5, "Completed") for number in range(1000, 8000)]
    assert len(the_list(*rows)) > 2 << 20 and len(upload(client, the_list(*rows)).json["unknown"]) == 7000
    monkeypatch.setattr("flaskr.web.catalogue.LARGEST_LIST", 1 << 20)
    assert upload(client, the_list(*rows)).status_code == 413


def test_a_list_by_the_command(bring, runner, said, tmp_path):
    bring()
    (tmp_path / "list.xml").write_bytes(the_list((1, "Cowboy Bebop", 9, "Completed"), (99, "Elsewhere", 7, "Completed")))
    done = runner.invoke(args=["anime", "import-list", str(tmp_path / "list.xml")])
    assert done.exit_code == 0 and "1 new" in done.output and "Elsewhere" in done.output and said() == {1: Said(9.0)}
    again = runner.invoke(args=["anime", "import-list", str(tmp_path / "list.xml"), "--json"])
    assert '"same": 1' in again.output
    for wrong, words in ((tmp_path / "none.xml", "can't be read"), (tmp_path, "can't be read")):
        done = runner.invoke(args=["anime", "import-list", str(wrong)])
        assert done.exit_code == 1 and words in done.output and "Traceback" not in done.output
