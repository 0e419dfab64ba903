"""The words that stand in a module's full-text index, to read what was typed wrongly as what was meant.

A word that the index does not know is compared by optimal string alignment (a wrong, missing, additional letter, or two
neighbours swapped, count as one error each).
"""

import threading
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import text

from flaskr.extensions import db
from flaskr.library import words
from flaskr.media.contract import Module
from flaskr.tables import revision

ONE_ERROR, TWO_ERRORS = 4, 8  # letters from which so many errors are forgiven
MOST_NEAR, MOST_WITHIN = 4, 100
OPEN = "…"  # ends what is only the beginning of a term; the index does not see it
UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u30ff"), ("\u3400", "\u9fff"),
            ("\uac00", "\ud7af"), ("\U00020000", "\U0003ffff"))  # scripts whose words stand together without spaces


@dataclass(frozen=True)
class Vocabulary:
    """Terms by ascending code points; the letters-only ones by their length, with how many items hold each."""

    number: int
    terms: list[str]
    by_length: dict[int, tuple[list[str], np.ndarray]]
    unspaced: list[str]
    beginnings: dict[int, list[str]] = field(default_factory=dict)

    def has(self, word: str) -> bool:
        """Whether a term begins with the (folded) word."""
        at = bisect_left(self.terms, word)
        return at < len(self.terms) and self.terms[at].startswith(word)

    def near(self, word: str) -> list[str]:
        """The terms nearest to a (folded) word, best first; else beginnings of terms, which end in OPEN."""
        errors = 0 if not word.isalpha() or len(word) < ONE_ERROR else 1 if len(word) < TWO_ERRORS else 2
        if not errors:
            return []
        found = []
        for length in range(len(word) - errors, len(word) + errors + 1):
            terms, amounts = self.by_length.get(length, ([], ()))
            found += [(distance, -int(amounts[at]), term) for term, distance, at in process.extract(
                word, terms, scorer=OSA.distance, score_cutoff=errors, limit=None)]
        if not found:
            found = [(distance, 0, term + OPEN) for term, distance, _ in process.extract(
                word, self._beginnings(len(word)), scorer=OSA.distance, score_cutoff=1, limit=MOST_NEAR)]
        best = min((distance for distance, _, _ in found), default=0)
        return [term for distance, _, term in sorted(found) if distance == best][:MOST_NEAR]

    def within(self, word: str) -> list[str]:
        """Terms that hold the (folded) word anywhere, for scripts that put no spaces between words."""
        if not is_unspaced(word):
            return []
        return [term for term in self.unspaced if word in term][:MOST_WITHIN]

    def _beginnings(self, length: int) -> list[str]:
        if length not in self.beginnings:
            self.beginnings[length] = sorted({term[:length] for size, (terms, _) in self.by_length.items() if size > length
                                              for term in terms})
        return self.beginnings[length]


_held: dict[tuple[str, str], Vocabulary] = {}
_lock = threading.Lock()


def vocabulary(module: Module) -> Vocabulary:
    """The words of a module; read when it is first asked for and again when an item's words changed."""
    key, number = (str(db.engine.url), module.name), revision(words.stream(module))
    with _lock:
        if key not in _held or _held[key].number != number:
            _held[key] = _read(module, number)
        return _held[key]


def fold(word: str) -> str:
    """A word as the index holds it: lower case, without accents."""
    plain = unicodedata.normalize("NFD", word.lower())
    return unicodedata.normalize("NFC", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def is_unspaced(word: str) -> bool:
    return any(first <= sign <= last for sign in word for first, last in UNSPACED)


def _read(module: Module, number: int) -> Vocabulary:
    index = words.table_of(module)
    db.session.execute(text(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{index}_terms USING fts5vocab('main', '{index}', 'row')"))
    rows = db.session.execute(text(f"SELECT term, doc FROM temp.{index}_terms")).all()
    grouped, unspaced = defaultdict(lambda: ([], [])), []
    for term, amount in rows:
        if term.isalpha():
            terms, amounts = grouped[len(term)]
            terms.append(term)
            amounts.append(amount)
        if not term.isascii() and is_unspaced(term):
            unspaced.append(term)
    return Vocabulary(number, [term for term, _ in rows],
                      {length: (terms, np.array(amounts)) for length, (terms, amounts) in grouped.items()}, unspaced)
