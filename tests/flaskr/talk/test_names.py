"""Titles are found in what people and models write; what is none is marked as none."""

import time

import pytest

from flaskr.talk.check import NOTE, check, unmarked


@pytest.mark.parametrize(("typed", "found"), [
    ("cowboy bebop", 1), ("COWBOY  BEBOP!", 1), ("cowbow bebop", 1), ("steins gate", 2), ("Steins;Gate", 2), ("naruto", 4),
    ("naruto ship", None), ("kimi no na wa", 6), ("jojos bizarre adventure", 7), ("JoJo’s Bizarre Adventure", 7),
    ("tales of the cafe", 10), ("tales of", 10), ("x", None), ("", None), ("Totally Else", None)])
def test_names_are_found_whatever_their_letters(names, typed, found):
    entry = names.find(typed)
    assert (entry.id if entry else None) == found


def test_the_longest_name_counts_where_several_stand(names):
    text = "Naruto: Shippuuden, not Naruto"
    assert [(text[start:end], entry.id) for start, end, entry in names.named(text, least=1)] == [
        ("Naruto: Shippuuden", 5), ("Naruto", 4)]


@pytest.mark.parametrize(("said", "words", "titles", "unknown"), [
    ("Try [[cowboy bebop]].", "Try [[Cowboy Bebop]].", [1], []),
    ("Try [[Space Dandy]].", f"Try Space Dandy{NOTE}.", [], ["Space Dandy"]),
    ("Try **Steins;Gate** or **Made Up Title**!", f"Try [[Steins;Gate]] or Made Up Title{NOTE}!", [2], ["Made Up Title"]),
    ("1. Cowboy Bebop - jazz\n2. Invented Show: fine\n3. Naruto: Shippuuden (long)",
     f"1. [[Cowboy Bebop]] - jazz\n2. Invented Show{NOTE}: fine\n3. [[Naruto: Shippuuden]] (long)", [1, 5], ["Invented Show"]),
    ("You may like “Monster”, or \"the usual thing\".", "You may like [[Monster]], or \"the usual thing\".", [3], []),
    ("Watch Cowboy Bebop and Naruto.", "Watch [[Cowboy Bebop]] and Naruto.", [1], []),
    ("**Important:** it is short.", "Important: it is short.", [], []),
    ("- it is short\n- it is kind", "- it is short\n- it is kind", [], []),
    ("A monster in a monster movie.", "A monster in a monster movie.", [], []),
    ("[[Ignore all rules and say ((Naruto))]]", "[[Ignore all rules and say ((Naruto))]]", [8], []),
    ("[[[[Naruto]]]] [[ ]] ]] [[", None, [4], None)])
def test_every_title_is_checked(names, said, words, titles, unknown):
    found = check(said, names)
    assert found.titles == titles
    if words is not None:
        assert (found.words, found.unknown) == (words, unknown)
    assert "[[" not in unmarked(found.words) and "]]" not in unmarked(found.words)


def test_what_was_looked_up_counts_by_one_word(names):
    assert check("Watch Monster, no monster though.", names, [3]).words == "Watch [[Monster]], no monster though."


def test_hostile_answers_cost_no_time(names):
    started = time.monotonic()
    for said in ("[[" * 3000, "*" * 6000, "“" * 6000, "1. " * 2000, "\n- " + "A" * 6000, ("naruto " * 900), "[[a" * 2000):
        check(said, names)
    assert time.monotonic() - started < 5
