"""/anime, /user and /recommend: filters, paging, lessons, clear refusals; JSON for programs and pages for browsers."""

import pytest

from flaskr import create_app
from flaskr.extensions import db
from modules.anime.tables import Anime

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def ask(client, bring):
    """ask(address): the JSON of an address of the small catalogue."""
    bring()
    return lambda address: client.get(address).json


def ids(answer):
    return [row["anime_id"] for row in answer["rows"]]


@pytest.mark.parametrize(("address", "found"), [
    ("/anime?page=1", [1, 3, 2]), ("/anime?mt_episodes=200&lt_episodes=300&mt_rating=7&mt_members=1000&genre=Drama", [3]),
    ("/anime?mt_members=1000", [1, 3]), ("/anime?lt_members=1200", [2]), ("/anime?lt_rating=7.5", [3]),
    ("/anime?mt_rating=7.5", [1]),
    ("/anime?genre=drama", [1, 3, 2]), ("/anime?genre=Drama,Space", [1]), ("/anime?genre=None", []), ("/anime?type=movie", [2]),
    ("/anime?name=BEB", [1]), ("/anime?name=%25", []), ("/anime?name=_", []), ("/anime?name=&type=TV&genre=", [1, 3]),
    ("/anime?page=1&per_page=2", [1, 3]), ("/anime?page=2&per_page=2", [2]), ("/anime?page=9", []),
    ("/user?user_id=7", [1, 2]), ("/user?user_id=7&mt_rating=5&lt_rating=10", [1]), ("/user?lt_rating=6", [3]),
    ("/user?anime_id=1", [1, 1]), ("/user?user_id=8&mt_rating=5.5", [1])])
def test_filters(ask, address, found):
    assert ids(ask(address)) == found


def test_rows_say_what_is_known(ask):
    assert ask("/anime?name=Bebop") == {"page": 1, "pages": 1, "per_page": 50, "total": 1, "rows": [
        {"anime_id": 1, "name": "Cowboy Bebop", "genre": "Action, Drama, Space", "type": "TV", "episodes": 26, "rating": 8.82,
         "members": 486824}]}
    told = ask("/user?user_id=7&mt_rating=0")
    assert told["rows"] == [{"user_id": 7, "anime_id": 1, "name": "Cowboy Bebop", "rating": 9.0}]
    assert told["user"]["watched"] == 2 and told["user"]["genres"][0] == ["Drama", 1.0]


@pytest.mark.parametrize("what", ["anime", "user"])
def test_without_parameters_the_commands_are_taught(ask, client, what):
    told = ask(f"/{what}")
    assert told["titles"] == 3 and told["ratings"] == 4 and {"mt_rating", "lt_rating", "page"} <= set(told["commands"])
    assert any(address.startswith(f"/{what}?") for address in told["examples"])
    page = client.get(f"/{what}", headers=HTML).text
    assert "mt_rating" in page and told["examples"][0].replace("&", "&amp;") in page
    for address in told["examples"]:
        assert client.get(address).status_code in (200, 404, 409), address


@pytest.mark.parametrize(("address", "status", "words"), [
    ("/anime?mt_rating=good", 400, "must be a number"), ("/anime?mt_rating=nan", 400, "must be a number"),
    ("/anime?lt_episodes=1e99", 400, "at most 10^15"), ("/anime?page=0", 400, "from 1 to"), ("/anime?page=x", 400, "whole"),
    ("/anime?per_page=201", 400, "from 1 to 200"), ("/anime?colour=red", 400, "There is no parameter “colour”"),
    ("/anime?name=" + "a" * 501, 400, "longer"), ("/user?user_id=-1", 400, "from 0 upwards"),
    ("/user?user_id=5.5", 400, "whole number"),
    ("/user?user_id=1²", 400, "whole number"), ("/user?user_id=" + "9" * 40, 400, "whole"),
    ("/user?user_id=404", 404, "no user 404"),
    ("/recommend/404", 404, "no user 404"), ("/recommend/abc", 400, "whole number"), ("/recommend/7?k=0", 400, "from 1 to 100"),
    ("/recommend/7?k=101", 400, "from 1 to 100"), ("/recommend/7?k=five", 400, "whole"),
    ("/recommend/7?n=5", 400, "no parameter"),
    ("/recommend/7", 409, "flask anime train")])
def test_refusals_say_why(ask, client, address, status, words):
    for answer in (client.get(address), client.get(address, headers=HTML | {"X": "1"})):
        assert answer.status_code == status
        assert words in (answer.json["error"] if answer.is_json else answer.text)


def test_who_asks_gets_what_they_read(ask, client):
    for address in ("/anime", "/anime?genre=Drama", "/user?user_id=7", "/recommend/404"):
        more = "&" if "?" in address else "?"
        assert client.get(address).is_json and client.get(address, headers={"Accept": "*/*"}).is_json
        assert client.get(address, headers={"Accept": "application/json"}).is_json
        assert client.get(address, headers=HTML).mimetype == "text/html"
        assert client.get(f"{address}{more}format=json", headers=HTML).is_json
        assert client.get(f"{address}{more}format=html").mimetype == "text/html"


def test_pages_escape_what_files_say(ask, client):
    page = client.get("/anime?type=Movie", headers=HTML).text
    assert "<b>Film</b>" not in page and "&lt;b&gt;Film" in page
    assert "watched" in client.get("/user?user_id=7", headers=HTML).text
    assert "<script>alert" not in client.get("/anime?name=<script>alert(1)</script>", headers=HTML).text


@pytest.mark.parametrize("address", ["/anime", "/anime?page=1", "/anime/1", "/recommend/me", "/user", "/user?user_id=7",
                                     "/anime/list", "/user?user_id=me", "/anime/evaluation", "/talk", "/talk/me", "/talk/7"])
def test_every_page_leads_to_the_others(ask, client, address):
    page = client.get(address, headers=HTML).text
    ways = page[page.index('class="ways"'):page.index("</nav>", page.index('class="ways"'))]
    assert ways.count("<li>") == 7 and ways.count("aria-current") == 1


def test_an_error_leads_back_to_the_catalogue(ask, client):
    assert '<a class="button" href="/anime">' in client.get("/user?user_id=404", headers=HTML).text


def test_what_is_chosen_is_shown_with_the_way_to_take_it_away(ask, client):
    page = client.get("/anime?type=movie&mt_rating=7&page=1", headers=HTML).text
    assert "<option selected>Movie</option>" in page and 'href="/anime?type=movie&amp;page=1"' in page
    assert "Site’s score above <bdi>7</bdi>" in page and 'href="/anime?mt_rating=7&amp;page=1"' in page
    assert 'class="chips-of filters-given"' not in client.get("/anime?page=1", headers=HTML).text


def test_a_users_number_can_be_asked_for(ask, client):
    assert 'name="user_id"' in client.get("/user", headers=HTML).text


def test_pages_of_a_long_list_keep_the_filters(client, bring, generated):
    bring(*generated[1:])
    page = client.get("/anime?type=TV&per_page=10", headers=HTML).text
    assert "page=2" in page and "type=TV&amp;" in page and "Page 1 of 3" in page


def test_an_empty_catalogue_is_calm(app, client):
    page = client.get("/anime", headers=HTML)
    assert page.status_code == 200 and "The catalogue is empty" in page.text and "anime import" in page.text
    assert client.get("/anime?page=1").json["total"] == 0
    for address in ("/anime?page=1", "/user?page=1", "/recommend/me"):
        assert "The catalogue is empty" in client.get(address, headers=HTML).text


@pytest.mark.parametrize("address", ["/", "/music/", "/train", "/jobs/", "/settings/", "/search?q=bebop", "/user",
                                     "/wiki/catalogue"])
def test_the_other_pages_go_on_and_lead_there(app, client, address):
    for filled in (False, True):
        if filled:
            db.session.add(Anime(id=1, name="Cowboy Bebop", genre=""))
            db.session.commit()
        page = client.get(address, headers=HTML)
        assert page.status_code == 200 and 'href="/anime"' in page.text


def test_a_catalogue_has_no_library(app, client, runner, monkeypatch, tmp_path):
    monkeypatch.setenv("ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY", str(tmp_path / "other"))
    sections = {key.split(".")[0] for key, *_ in create_app().extensions["settings"].rows()}
    assert "music" in sections and "anime" not in sections
    for address in ("/jobs/scan/anime", "/settings/anime/folders", "/train/anime/back", "/jobs/embed/anime"):
        assert client.post(address).status_code == 404, address
    done = runner.invoke(args=["scan", "anime"])
    assert done.exit_code == 2 and "There is no module anime" in done.output
