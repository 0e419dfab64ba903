"""Search in words: accents, beginnings and typing errors are forgiven; scripts without spaces are found by parts."""

import pytest

from flaskr.listing.page import page
from flaskr.listing.query import read
from flaskr.listing.search import matching
from flaskr.listing.vocabulary import fold, vocabulary


def found(music, typed):
    return sorted(item.title for item in page(read(music, {"q": typed})).items)


@pytest.fixture
def titled(fill):
    return lambda *titles: fill([{"title": title, "artist": ""} for title in titles])


@pytest.mark.parametrize(("typed", "read_as"), [
    ("beetles", "beatles"), ("Beatels", "beatles"), ("beatle", None), ("betles", "beatles"), ("symhpony", "symphony"),
    ("symphonie", "symphony"), ("bjork", None), ("björl", "bjork")])
def test_a_mistyped_word_is_read_as_the_nearest(titled, music, typed, read_as):
    titled("Beatles", "Symphony", "Björk")
    answer = page(read(music, {"q": typed}))
    assert len(answer.items) == 1, typed
    assert [reading.terms for reading in answer.readings] == ([(read_as,)] if read_as else [])


def test_the_beginning_of_a_word_is_forgiven_an_error_too(titled, music):
    titled("Philharmonic Orchestra")
    assert found(music, "philhra orch") == ["Philharmonic Orchestra"]
    assert page(read(music, {"q": "philhra"})).readings[0].terms == ("philhar…",)


@pytest.mark.parametrize("typed", ["cat", "dgo", "1998", "zzzzzz"])
def test_short_words_and_numbers_mean_what_they_say(titled, music, typed):
    titled("Dog 1999", "Car")
    assert found(music, typed) == []


def test_a_word_that_stands_there_is_never_read_as_another(titled, music):
    titled("Stone", "Store")
    assert found(music, "stone") == ["Stone"] and not page(read(music, {"q": "stone"})).readings


def test_new_words_are_known_at_once(titled, music, fill):
    titled("One")
    assert found(music, "elephnat") == []
    fill([{"title": "Elephant", "fingerprint": "e" * 40, "path": "/e.mp3"}])
    assert found(music, "elephnat") == ["Elephant"]


def test_scripts_without_spaces_are_found_by_any_part(titled, music):
    titled("私は東京タワー", "東京", "京都の夜", "ภาษาไทย", "조용한 아침")
    assert found(music, "東京") == ["東京", "私は東京タワー"]
    assert found(music, "タワー") == ["私は東京タワー"] and found(music, "京") == ["京都の夜", "東京", "私は東京タワー"]
    assert found(music, "용한") == ["조용한 아침"]
    assert not page(read(music, {"q": "東京"})).readings


def test_very_many_alternatives_are_no_trouble(titled, music):
    titled(*(f"東{chr(0x4e00 + at)}京" for at in range(300)))
    assert 100 <= len(matching(music, "京").ids) <= 300
    assert len(matching(music, " ".join(["東京"] * 50)).ids) == 1  # 東京京


@pytest.mark.parametrize("typed", ['"', 'stone" OR "x', "stone*", "NEAR(stone)", "stoen NOT x", "words:stoen", "{stone}"])
def test_nothing_typed_is_syntax(titled, music, typed):
    titled("Stone")
    matching(music, typed)


def test_words_are_folded_as_the_index_folds_them(titled, music):
    titled("Ångström Déjà ÉCOLE")
    assert all(fold(word) in vocabulary(music).terms for word in ("ångström", "DÉJÀ", "école"))
