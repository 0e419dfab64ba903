"""The taste pages answer in every state, say what is unsure, link to what they name, and give the map's points."""

import numpy as np
import pytest

from flaskr.evaluator import maps
from flaskr.evaluator.mapping import Plan


@pytest.fixture
def library(fill, settings):
    """Two groups of rated songs with hostile titles, on a map."""
    ids = fill([{"title": f"<b>{at}</b> “x” & y", "rating": 9.0 if at % 2 else 2.0} for at in range(40)])
    central = np.full((2, 24), -1, np.int64)
    central[0, :20], central[1, :20] = ids[::2], ids[1::2]
    plan = Plan(np.zeros((2, 4), np.float16), np.zeros((2, 2), np.float32), np.zeros((2, 4), np.float32), 40)
    maps.save(maps.path_of(settings.project, "music"), maps.LibraryMap(
        np.array(ids), np.zeros((40, 2), np.int16), (np.arange(40) % 2).astype(np.uint8), central,
        ("<i>Loud</i>", ""), "sound", "1"), plan)
    return ids


def test_groups_with_words_examples_and_links(library, client):
    page = client.get("/taste/music").text
    assert "Surely above that" in page and "No evaluator was trained yet" in page
    assert "&lt;i&gt;Loud&lt;/i&gt;" in page and "<i>Loud" not in page and "<b>" not in page
    assert f'href="/music/?like={library[1]}' in page and f'href="/music/{library[1]}"' in page
    assert page.index("Above your average") < page.index("Below your average")
    over_all = client.get("/taste").text
    assert "Highest so far" in over_all and 'href="/taste/music"' in over_all


def test_the_points_of_the_map(library, client):
    told = client.get("/taste/music/map").json
    assert len(told["points"]) == 40 and told["points"][0][1:3] == [500, 500] and told["low"] < told["middle"] < told["high"]
    assert told["names"] == [["<i>Loud</i>", 500, 500]]


def test_an_empty_installation(client):
    assert "There is nothing here yet" in client.get("/taste").text
    page = client.get("/taste/music").text
    assert "You have not rated any song yet" in page and "The map is not drawn yet" in page
    assert client.get("/taste/music/map").json["points"] == []


def test_rated_but_not_drawn_offers_to_draw(fill, client):
    fill([{"rating": 7.0}, {}])
    page = client.get("/taste/music").text
    assert "You rated 1 song, 7 on average." in page and "Draw the map" in page


def test_what_is_no_library_has_no_taste(client):
    assert client.get("/taste/nothing").status_code == 404
    assert client.get("/taste/anime").status_code == 404


def test_it_is_in_the_navigation_and_on_the_train_page(fill, client):
    fill([{"rating": 7.0}])
    assert 'href="/taste"' in client.get("/train").text
