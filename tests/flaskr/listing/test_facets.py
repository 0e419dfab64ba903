"""What filters may be set to."""

import pytest

from flaskr.feedback import ratings
from flaskr.listing import facets


def by_key(music):
    return {facet.filter.key: facet for facet in facets.facets(music)}


def test_values_stand_with_their_counts_the_commonest_first(fill, music):
    fill([{"genre": "Jazz"}, {"genre": "Folk"}, {"genre": "Jazz"}, {"genre": ""}, {"genre": "Folk", "missing": True}])
    assert by_key(music)["genre"].values == (("Jazz", 2), ("Folk", 1)) and not by_key(music)["genre"].more


def test_a_number_has_its_least_and_greatest(fill, music):
    fill([{"year": 1980}, {"year": None}, {"year": 2001}])
    assert (by_key(music)["year"].least, by_key(music)["year"].most) == (1980, 2001)


def test_what_has_nothing_to_choose_is_left_out(fill, music):
    fill([{"year": None, "genre": ""}])
    assert not {"year", "genre"} & set(by_key(music))


def test_many_values_are_cut_and_searched(fill, music):
    fill([{"artist": f"Artist {at:03d}"} for at in range(150)])
    assert len(by_key(music)["artist"].values) == 100 and by_key(music)["artist"].more
    assert facets.values(music, "artist", "149") == [("Artist 149", 1)]
    assert facets.values(music, "artist", "%") == [] == facets.values(music, "artist", "_1_")
    with pytest.raises(KeyError):
        facets.values(music, "path", "a")


def test_ratings_do_not_make_them_read_again_and_new_items_do(fill, music, monkeypatch):
    ids = fill([{"genre": "Jazz"}])
    facets.facets(music)
    read = []
    monkeypatch.setattr(facets, "_facet", lambda module, one: read.append(one.key))
    ratings.rate(music, ids[0], 5)
    facets.facets(music)
    assert not read
    monkeypatch.undo()
    fill([{"genre": "Folk", "fingerprint": "f" * 40, "path": "/f.mp3"}])
    assert len(by_key(music)["genre"].values) == 2
