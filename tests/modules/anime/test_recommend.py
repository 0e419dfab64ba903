"""Training by command, and recommendations with reasons from what it saved."""

import json
import shutil

import pytest

from flaskr.collaborative.saved import serving
from modules.anime.arrays import folder_of

HTML = {"Accept": "text/html"}


@pytest.fixture
def trained(bring, generated, fitted, settings):
    """The application with the generated catalogue and its model."""
    bring(*generated[1:])
    shutil.copytree(fitted, folder_of(settings.project))


def test_unseen_titles_with_reasons_from_what_was_watched(trained, client, generated):
    data = generated[0]
    told = client.get(f"/recommend/{data.user_ids[5]}?k=7").json
    mine = set(data.item_ids[data.item[data.user == 5]].tolist())
    picks = told["recommendations"]
    assert told["k"] == len(picks) == 7 and told["user_id"] == data.user_ids[5]
    assert not mine & {pick["anime_id"] for pick in picks} and len({pick["anime_id"] for pick in picks}) == 7
    reasons = [reason for pick in picks for reason in pick["because"]]
    assert reasons and all(reason["anime_id"] in mine and reason["name"].startswith("Tale") for reason in reasons)
    assert all(0 <= pick["expected"] <= 10 and pick["name"] for pick in picks)
    assert len(client.get(f"/recommend/{data.user_ids[5]}").json["recommendations"]) == 5


def test_an_answer_is_remembered_until_something_is_rated(trained, client, generated, settings):
    first = client.get(f"/recommend/{generated[0].user_ids[5]}?k=4").json
    answers = serving(folder_of(settings.project)).answers
    assert [key[0] for key in answers] == [4]  # k alone leaves nothing out
    assert client.get(f"/recommend/{generated[0].user_ids[5]}?k=4").json == first and len(answers) == 1


def test_the_page_says_because(trained, client, generated):
    page = client.get(f"/recommend/{generated[0].user_ids[5]}?k=3", headers=HTML).text
    assert page.count("<h2>") == 3 and "Because they " in page and "<bdi>Tale" in page and "expected" in page


def test_rows_of_today_count_and_what_the_model_does_not_know_is_passed_over(trained, client, bring):
    titles = "anime_id,name\n100000,Brand new\n"
    bring(titles, "user_id,anime_id,rating\n555555,100000,9\n555555,100,9\n")
    picks = client.get("/recommend/555555").json["recommendations"]
    assert len(picks) == 5 and all(pick["anime_id"] not in (100, 100000) for pick in picks)


def test_training_by_command_makes_versions_with_a_card(app, runner, bring, generated, settings):
    titles, ratings = generated[1], generated[2].splitlines(keepends=True)
    bring(titles, "".join(ratings[:400]))
    done = runner.invoke(args=["anime", "train", "--json"])
    card = json.loads(done.output.splitlines()[-1])
    assert done.exit_code == 0 and card["rows"] == 399 and card["users"] > 2
    folder = folder_of(settings.project)
    assert json.loads((folder / card["version"] / "card.json").read_text()) == card
    assert serving(folder).card == card and not list(folder.glob("*.new"))


def test_without_ratings_there_is_nothing_to_learn(app, runner):
    done = runner.invoke(args=["anime", "train"])
    assert done.exit_code == 1 and "anime import" in done.output
