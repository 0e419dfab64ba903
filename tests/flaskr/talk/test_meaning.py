"""Meaning by vectors that are kept, by letters where there are none; the order of what fits."""

import numpy as np
import pytest

from flaskr.progress import Unavailable
from flaskr.talk import meaning
from flaskr.talk.choose import Person, Wanted, choose
from flaskr.talk.contract import Entry
from tests.flaskr.talk.conftest import ENTRIES


class Letters:
    """Stands in for MiniLM: a vector of the letters of a text."""

    space, dim = "letters", 26

    def parts(self, samples):
        found = np.array([[text.lower().count(chr(97 + at)) for at in range(26)] for text in samples], np.float32)
        return found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-6)


def each(function, arguments, *, chunk=1):
    return ((some, function(*some), "") for some in arguments)


def run(function, *arguments):
    return function(*arguments)


@pytest.fixture
def letters(monkeypatch):
    monkeypatch.setattr(meaning, "TextEmbedder", Letters)
    monkeypatch.setattr(meaning, "query_vector", lambda words, run: run(Letters().parts, [words])[0])


def test_vectors_are_made_once_and_follow_the_titles(letters, tmp_path):
    folder = tmp_path / "talk"
    assert meaning.embed(ENTRIES, folder, each=each) == len(ENTRIES) and meaning.embed(ENTRIES, folder, each=each) == 0
    near = meaning.nearness(ENTRIES, "Cowboy Bebop. TV. Action, Space", folder, run)
    assert near.argmax() == 0 and near.dtype == np.float32 and abs(near.mean()) < 1e-4
    other = [*ENTRIES, Entry(11, "New", "New", 1)]
    assert meaning.embed(other, folder, each=each) == 11 and len(list(folder.iterdir())) == 1


def test_without_vectors_or_model_letters_serve(letters, tmp_path, monkeypatch):
    assert meaning.nearness(ENTRIES, "thriller gates", tmp_path, run).argmax() == 1
    assert not meaning.nearness(ENTRIES, "", tmp_path, run).any()
    meaning.embed(ENTRIES, tmp_path, each=each)
    monkeypatch.setattr(meaning, "query_vector", lambda words, run: (_ for _ in ()).throw(Unavailable("gone")))
    assert meaning.nearness(ENTRIES, "romance movie", tmp_path, run).argmax() == 5


def test_a_lost_worker_leaves_nothing_half_made(letters, tmp_path):
    def lost(function, arguments, *, chunk=1):
        return ((one, None, "It crashed.") for one in arguments)

    with pytest.raises(Unavailable, match="crashed"):
        meaning.embed(ENTRIES, tmp_path, each=lost)
    assert not list(tmp_path.iterdir())


def test_without_a_model_the_best_known_come_first_and_the_seen_not_at_all():
    def near(words):
        return np.array([one.id == 6 for one in ENTRIES], np.float32) * 9

    person, every = Person({4: 9.0}), [one.id for one in ENTRIES]
    assert choose(ENTRIES, every, person, Wanted(), 3, near) == ([1, 2, 5], 9)
    assert choose(ENTRIES, every, person, Wanted(without=[1], seen=True), 2, near) == ([4, 2], 9)
    assert choose(ENTRIES, every, person, Wanted(words="love"), 1, near)[0] == [6]
    assert choose(ENTRIES, every, person, Wanted(like=[3]), 1, near)[0] == [6]
    assert choose(ENTRIES, [], person, Wanted(), 3, near) == ([], 0)
    assert choose([], [], person, Wanted(words="love"), 3, lambda words: np.zeros(0, np.float32)) == ([], 0)
