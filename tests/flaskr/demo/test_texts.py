"""The demo texts: enough of them, each its own, in every form, the same for the same seed, subjects told apart by words."""

import re
import zipfile
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest

from flaskr.demo.texts import SUBJECTS, demo, texts
from flaskr.demo.texts.form import FORMS, body
from flaskr.demo.texts.grammar import Grammar


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, list(demo(folder))


def words(text):
    return re.findall(r"[a-z']{4,}", body(text).lower())


def test_forty_eight_texts_on_six_subjects_in_every_form_and_a_book(library):
    folder, paths = library
    assert len(paths) == 49 and Counter(path.parent.name for path in paths)["Books"] == 1
    assert {path.suffix for path in paths} == {*FORMS, ".epub"}
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    assert not list(demo(folder))
    assert len({path for path, _, _ in texts(120, 0)}) == 120


def test_no_slot_is_left_and_every_text_says_something(library):
    for path in library[1]:
        if path.suffix != ".epub":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"[{}|@]", text.replace("\n| ", "\n")) and 150 < len(text) < 4000, path


def test_same_seed_same_texts_other_seed_others(library, tmp_path):
    again = list(demo(tmp_path))
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in library[1]]
    assert [text for _, text, _ in texts(48, 1)] != [text for _, text, _ in texts(48, 0)]


def test_texts_differ_really(library):
    bags = [set(zip(found, found[1:], found[2:], strict=False)) for _, text, _ in texts(48, 0) if (found := words(text))]
    for at, one in enumerate(bags):
        for other in bags[:at]:
            assert len(one & other) / min(len(one), len(other)) < 0.4


def test_subjects_are_told_apart_by_their_words():
    made = list(texts(48, 0))
    known = {word: at for at, word in enumerate(sorted({word for _, text, _ in made for word in words(text)}))}
    counts = np.zeros((len(made), len(known)))
    for at, (_, text, _) in enumerate(made):
        for word in words(text):
            counts[at, known[word]] += 1
    vectors = np.log1p(counts) * np.log(len(made) / (counts > 0).sum(axis=0))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near, subjects = vectors @ vectors.T, np.array([SUBJECTS.index(subject) for _, _, subject in made])
    np.fill_diagonal(near, -1)
    votes = [np.bincount(subjects[order[:5]], minlength=6).argmax() for order in np.argsort(-near, axis=1)]
    assert np.mean(votes == subjects) > 0.6  # chance: 0.17


def test_the_book_is_whole(library):
    book = next(path for path in library[1] if path.suffix == ".epub")
    with zipfile.ZipFile(book) as file:
        assert file.infolist()[0].filename == "mimetype" and file.infolist()[0].compress_type == zipfile.ZIP_STORED
        parts = {name: ElementTree.fromstring(file.read(name)) for name in file.namelist() if name != "mimetype"}
    named = {item.get("href") for item in parts["book/book.opf"].iter("{http://www.idpf.org/2007/opf}item")}
    assert {f"book/{name}" for name in named} | {"book/book.opf", "META-INF/container.xml"} == set(parts)


def test_slots_are_filled_once_or_anew():
    grammar = Grammar(np.random.default_rng(0), {"a": "one|two", "b": "x {a}"})
    assert {grammar.say("{a}"), grammar.say("{a}")} == {"One", "Two"}
    assert grammar.say("{@b}") == grammar.say("{@b}")
    assert grammar.say("a {a}. it") in ("An one. It", "A two. It")
