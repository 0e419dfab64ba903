"""The names of a catalogue's titles, found in what people and models write, whatever their case, accents and signs."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from flaskr.listing.strict import Unknown
from flaskr.talk.contract import Entry

LONGEST = 120  # letters of a name that are looked at
CLOSE = 86  # of 100: from here on a mistyped name is taken for the one it is nearest to
WORD = re.compile(r"\w+(?:['’]\w+)*")
LETTERS = re.compile(r"\w+")


class Names:
    """Titles by their names; of several with one name the best known counts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._of: dict[str, Entry] = {}
        self.by_id: dict[int, Entry] = {}
        for entry in entries:
            self.by_id[entry.id] = entry
            plain = key(entry.name)
            if plain and (plain not in self._of or self._of[plain].known < entry.known):
                self._of[plain] = entry
        self._longest: dict[str, int] = {}  # the most words of a name, by its first word
        for plain in self._of:
            first, count = plain.partition(" ")[0], plain.count(" ") + 1
            self._longest[first] = max(count, self._longest.get(first, 0))

    def exact(self, name: str) -> Entry | None:
        """The title of that name."""
        return self._of.get(key(name))

    def find(self, name: str) -> Entry | None:
        """The title of that name; else the best known that begins with it; else the one that it is a mistyped form of."""
        plain = key(name)
        if not plain or plain in self._of:
            return self._of.get(plain)
        begun = [entry for other, entry in self._of.items() if other.startswith(plain + " ")]
        if len(plain) > 2 and begun:
            return max(begun, key=lambda entry: entry.known)
        if len(plain) < 5:
            return None
        from rapidfuzz import fuzz, process  # loaded by the first who mistypes

        near = process.extractOne(plain, self._of.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
        return self._of[near[0]] if near else None

    def must(self, name: str) -> Entry:
        """`find`, or Unknown."""
        if (found := self.find(name)) is None:
            raise Unknown(f"There is no title “{name[:80]}” in this catalogue.")
        return found

    def named(self, text: str, *, least: int = 2) -> list[tuple[int, int, Entry]]:
        """(start, end, title) of titles whose names have at least `least` words and stand in a text, the longest each."""
        words = list(WORD.finditer(text))
        keys, found, at = [key(word[0]) for word in words], [], 0
        while at < len(words):
            longest = min(self._longest.get(keys[at].partition(" ")[0], 0), len(words) - at)
            for count in range(longest, least - 1, -1):
                if entry := self._of.get(" ".join(keys[at:at + count])):
                    found.append((words[at].start(), words[at + count - 1].end(), entry))
                    at += count - 1
                    break
            at += 1
        return found


@lru_cache(maxsize=2)
def names_of(entries: tuple[Entry, ...]) -> Names:
    """The names of these titles, sorted out once as long as they stay the same."""
    return Names(entries)


def key(name: str) -> str:
    """A name by its letters and digits alone."""
    whole = unicodedata.normalize("NFKD", name[:LONGEST].casefold().replace("’", "").replace("'", ""))
    return " ".join(LETTERS.findall("".join(sign for sign in whole if not unicodedata.combining(sign))))
