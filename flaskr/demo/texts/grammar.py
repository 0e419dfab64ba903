"""Sentences out of rules: slots in braces are filled from lists, no entry twice before the others were used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

SLOT = re.compile(r"\{(@?)(\w+)\}")
START = re.compile(r"(^|[.!?] +|\n)([a-z])")


@dataclass(frozen=True)
class Text:
    """A text before it has a form: its title, and blocks of (kind, lines); kinds: p, h, list, steps, verse."""

    title: str
    blocks: tuple[tuple[str, tuple[str, ...]], ...]


class Grammar:
    """Fills `{slot}` anew each time and `{@slot}` once for the whole text, from `rules`: slot -> "one|another|..."."""

    def __init__(self, rng: np.random.Generator, *rules: Mapping[str, str]) -> None:
        self._rng = rng
        self._rules = {slot: words.split("|") for some in rules for slot, words in some.items()}
        self._left: dict[str, list[str]] = {}
        self._kept: dict[str, str] = {}

    def say(self, text: str) -> str:
        """The text with every slot filled, sentences beginning with a capital, "a" before vowels as "an"."""
        while SLOT.search(text):
            text = SLOT.sub(self._fill, text)
        text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
        return START.sub(lambda found: found[1] + found[2].upper(), text)

    def some(self, slot: str, count: int) -> tuple[str, ...]:
        """So many unused entries of a slot (as many as are left), filled, in the order in which they stand in the rules."""
        order = {entry: at for at, entry in enumerate(self._rules[slot])}
        left = self._left.setdefault(slot, self._shuffled(slot))
        return tuple(self.say(entry) for entry in sorted((left.pop() for _ in range(min(count, len(left)))), key=order.get))

    def _fill(self, found: re.Match) -> str:
        kept, slot = found.groups()
        if kept and slot in self._kept:
            return self._kept[slot]
        if not self._left.get(slot):
            self._left[slot] = self._shuffled(slot)
        word = self._left[slot].pop()
        if kept:
            while SLOT.search(word):
                word = SLOT.sub(self._fill, word)
            self._kept[slot] = word
        return word

    def _shuffled(self, slot: str) -> list[str]:
        return [self._rules[slot][at] for at in self._rng.permutation(len(self._rules[slot]))]


def rules(words: str) -> dict[str, str]:
    """Rules written as lines "slot: one|another"."""
    return {slot.strip(): rest.strip() for slot, _, rest in (line.partition(":") for line in words.strip().splitlines())}
