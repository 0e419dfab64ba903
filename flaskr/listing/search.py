"""Search in words: what a person types, as a query of the full-text index; a mistyped word is read as the nearest."""

import re
from dataclasses import dataclass

import numpy as np
from sqlalchemy import column, select, table, text

from flaskr.extensions import db
from flaskr.library.words import table_of
from flaskr.listing.arrays import ids_of, kept
from flaskr.listing.vocabulary import OPEN, fold, is_unspaced, vocabulary
from flaskr.media.contract import Module

WORD = re.compile(r"\w+", re.UNICODE)
MOST_WORDS = 12


@dataclass(frozen=True)
class Reading:
    """A typed word that no item holds, and the words it was read as."""

    typed: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    """Ids int64, ascending, of the items that hold every word, and how unknown ones were read."""

    ids: np.ndarray
    readings: tuple[Reading, ...]


def matching(module: Module, typed: str) -> Matching | None:
    """The items whose words hold every typed word or its beginning; None when no word was typed."""
    typed_words = list(dict.fromkeys(WORD.findall(typed)))[:MOST_WORDS]
    if not typed_words:
        return None
    parts, readings = [], []
    for word in typed_words:
        terms = _read(module, word)
        if terms and not is_unspaced(word):
            readings.append(Reading(word, terms))
        parts.append(" OR ".join([f'"{word}"*', *(f'"{term}"*' if term.endswith(OPEN) else f'"{term}"' for term in terms)]))
    asked = " AND ".join(f"({part})" for part in parts)
    return Matching(kept(module, ("words", asked), "title", lambda: ids_of(_rows(module, asked))), tuple(readings))


def _read(module: Module, word: str) -> tuple[str, ...]:
    """Further terms that a word stands for: those around it in scripts without spaces, the nearest to a mistyped one."""
    if is_unspaced(word):
        return tuple(vocabulary(module).within(fold(word)))
    if db.session.execute(_rows(module, f'"{word}"*').limit(1)).first() is not None:
        return ()
    return tuple(vocabulary(module).near(fold(word)))


def _rows(module: Module, query: str):
    """A select of ids by an expression of the index whose every word is quoted: nothing typed is syntax."""
    index = table_of(module)
    return select(column("rowid").label("id")).select_from(table(index)).where(
        text(f"{index} MATCH :typed").bindparams(typed=query))
