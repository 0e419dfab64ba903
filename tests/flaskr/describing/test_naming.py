"""Names of groups: what sets them apart, never what all have, never twice, and nothing where there is nothing."""

from flaskr.describing import naming


def items(*groups):
    """[(group, terms)] from the terms of each item of each group."""
    return [(number, list(terms)) for number, group in enumerate(groups) for terms in group]


def test_what_sets_apart_names_it(music):
    jazz = [naming.terms(music, {"title": f"Quiet night {at}", "artist": f"A {at}", "genre": "Jazz", "year": 1961,
                                 "path": f"/songs/Old/{at}.mp3"}) for at in range(10)]
    metal = [naming.terms(music, {"title": f"Loud night {at}", "artist": "Same", "genre": "Metal", "year": 1989,
                                  "path": f"/songs/Old/{at}.mp3"}) for at in range(10)]
    assert naming.names(items(jazz, metal), 2) == ["Jazz", "Metal"]
    assert ("folder", "Old") in jazz[0] and ("tag", "1960s") in jazz[0] and ("word", "night") in jazz[0]


def test_without_tags_the_words_name_it():
    sea = [[("word", "sea"), ("word", "wave"), ("word", "the")]] * 8
    hill = [[("word", "hill"), ("word", "the")]] * 8
    assert naming.names(items(sea, hill), 2) == ["Sea", "Hill"]


def test_two_parts_where_one_does_not_tell_of_all():
    first = [[("folder", "Coasts")]] * 6 + [[("folder", "Tiles")]] * 6
    other = [[("folder", "Nights")]] * 12
    assert naming.names(items(first, other), 2) == ["Coasts · Tiles", "Nights"]


def test_a_word_and_its_plural_are_one():
    seas = [[("folder", "Seas"), ("word", "sea")]] * 6
    assert naming.names(items(seas, [[("folder", "Hills")]] * 6), 2)[0] == "Seas"


def test_no_name_stands_twice():
    one = [[("tag", "Jazz"), ("group", "Ada")]] * 8
    two = [[("tag", "Jazz"), ("group", "Bela")]] * 8
    rest = [[("tag", "Rock")]] * 30
    found = naming.names(items(one, two, rest), 3)
    assert len(set(found)) == 3 and all(found)


def test_what_nothing_sets_apart_has_no_name():
    same = [[("tag", "Jazz"), ("word", "night")]] * 8
    assert naming.names(items(same, same), 2) == ["", ""]


def test_an_empty_group_and_odd_facts(music):
    assert naming.names([], 2) == ["", ""]
    said = naming.terms(music, {"title": None, "genre": "x" * 500, "path": None, "artist": ""})
    assert said == [("genre", "x" * 31 + "…")]
