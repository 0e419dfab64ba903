"""A small library of short texts on six subjects, each in its own form, to try everything with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from flaskr.demo.making import Making
from flaskr.demo.texts import kitchen, outside, school, tales, verses
from flaskr.demo.texts.form import FORMS, epub
from flaskr.demo.texts.grammar import Text


@dataclass(frozen=True)
class Subject:
    """What texts are about: how one is composed, and the extensions that they take turns in."""

    name: str
    compose: Callable[[np.random.Generator, int], Text]
    extensions: tuple[str, ...]


SUBJECTS = (Subject("Recipes", kitchen.recipe, (".md", ".html")), Subject("Nature notes", outside.note, (".txt",)),
            Subject("Tiny stories", tales.tale, (".txt", ".html")), Subject("How to", school.task, (".rst", ".md")),
            Subject("Science notes", school.science, (".html", ".md")), Subject("Poems", verses.poem, (".txt", ".md")))
BOOK, BY, LAST = "A Small Book of Tiny Stories", "Odile Varnamere", 2  # the epub: title, author, the subject it is of


def demo(folder: Path, *, count: int = 48, seed: int = 0) -> Making:
    """Write at least `count` texts (a multiple of the 6 subjects) below `folder`, and a book; yield each path.

    Files are `Subject/Title.ext` in English. The same `seed` makes the same texts.
    """
    return Making(folder, [*((path, partial(save, text)) for path, text, _ in texts(count, seed)),
                           (Path("Books", f"{BOOK}.epub"), partial(save_book, seed))])


def texts(count: int, seed: int) -> Iterator[tuple[Path, Text, Subject]]:
    """(path below the folder, text, subject): at least `count`, equally many of each subject, in turn."""
    taken: set[Path] = set()
    for turn in range(-(-count // len(SUBJECTS))):
        for index, subject in enumerate(SUBJECTS):
            text = subject.compose(np.random.default_rng((seed, index, turn)), turn)
            path = Path(subject.name, text.title + subject.extensions[turn % len(subject.extensions)])
            while path in taken:
                path = path.with_stem(f"{text.title} {turn + 1}")
            taken.add(path)
            yield path, text, subject


def save(text: Text, path: Path) -> None:
    """Write a text in the form that its extension names."""
    path.write_text(FORMS[path.suffix](text), encoding="utf-8")


def save_book(seed: int, path: Path) -> None:
    """Write eight more stories as a book."""
    compose = SUBJECTS[LAST].compose
    epub(path, BOOK, BY, [compose(np.random.default_rng((seed, LAST, turn, 1)), turn) for turn in range(8)])
