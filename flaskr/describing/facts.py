"""Words from the facts of an item: title, caption, tags by name, year, and the folders it lies in."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from flaskr.library.paths import shown
from flaskr.media.contract import Module

PROSE = ("caption", "preview")  # columns that speak for themselves
LONGEST_FACT, LONGEST_PROSE, LONGEST = 160, 500, 1000  # letters; a text embedder reads about 1,000
FOLDERS = 2  # the last of the path: "Jazz / Bill Evans" says more than where the library lies
NOISE = re.compile(r"[\s_\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def columns(module: Module) -> tuple[str, ...]:
    """The columns of the module's table that a description is made from."""
    wanted = dict.fromkeys(("title", *PROSE, *module.words, "year", "path"))
    return tuple(key for key in wanted if key in module.Item.__table__.columns)


def description(module: Module, facts: Mapping[str, Any]) -> str:
    """One item in words, at most LONGEST letters; the same facts give the same words, and nothing is said twice.

    "Waltz for Debby. Artist: Bill Evans. Album: Sunday at the Village Vanguard. Year: 1961. Folder: Jazz"
    """
    said, titles = [], dict(module.facts)
    for key, words in _spoken(module, facts):
        if words and words.casefold() not in {known.casefold() for _, known in said}:
            said.append((key, words))
    named = [words if key in ("title", *PROSE) else f"{titles.get(key, key.replace('_', ' ').capitalize())}: {words}"
             for key, words in said]
    return ". ".join(named)[:LONGEST]


def _spoken(module: Module, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(column, words) in the order in which they are said."""
    for key in columns(module):
        if key != "path":
            yield key, _clean(facts.get(key), LONGEST_PROSE if key in PROSE else LONGEST_FACT)
    parents = PurePath(shown(facts.get("path") or "")).parent.parts
    yield "folder", _clean(" / ".join(part for part in parents[-FOLDERS:] if part != "/"), LONGEST_FACT)


def _clean(value: Any, longest: int) -> str:
    """As words on one line; "" for what says nothing: None, 0, an empty text."""
    return NOISE.sub(" ", shown(str(value))[:4 * longest]).strip(" .")[:longest] if value else ""
