"""What every kind of document is made of: blocks on pages of bounded size, each read when it is asked for."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

PAGE = 20_000  # signs or bytes of one reader page, about
MOST_HEADINGS = 300  # in the contents of one document
SAMPLED = 16  # pages by which the words of a long document are estimated
# A word is a run of letters; scripts that write none between them count by the sign.
WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list entry, table: `html` that is safe to show, its plain `text`; level 1-6 = a heading."""

    html: str
    text: str
    level: int = 0


@dataclass(frozen=True)
class Heading:
    """A line of the contents: on which page, and which heading of that page it is (from 1; 0 = the page's beginning)."""

    title: str
    page: int
    level: int = 1
    mark: int = 0


class Document(ABC):
    """A document that is open: how many reader pages it has, and each of them; nothing is read before it is asked for."""

    format: str
    encoding: str = ""
    pages: int
    counted: int = SAMPLED  # pages up to which every word is counted

    @abstractmethod
    def page(self, number: int) -> list[Block]:
        """The blocks of a reader page, from 1."""

    def facts(self) -> dict[str, Any]:
        """What the document says of itself: any of title, author, year, language, pages (as printed)."""
        return {}

    def contents(self) -> list[Heading]:
        """Its headings where that is cheap, at most MOST_HEADINGS; else none."""
        return []

    def text(self, number: int) -> str:
        """The plain text of a page."""
        return "\n".join(block.text for block in self.page(number))

    def words(self) -> int:
        """How many words; of a long document an estimate from pages all over it."""
        chosen = range(self.pages) if self.pages <= self.counted else spread(self.pages, SAMPLED)
        return round(sum(count(self.text(at + 1)) for at in chosen) * self.pages / max(len(chosen), 1))


def spread(total: int, most: int) -> list[int]:
    """At most `most` of 0..total-1, evenly over the whole."""
    return list(range(total)) if total <= most else [(2 * at + 1) * total // (2 * most) for at in range(most)]


def count(text: str) -> int:
    """How many words a text has."""
    return sum(1 for _ in WORD.finditer(text))


def cut(blocks: list[Block], pages: int) -> list[list[Block]]:
    """Blocks on so many pages of about the same length, in their order; a page may be empty only where there is too little."""
    total, done, out = sum(len(block.text) + 1 for block in blocks), 0, [[] for _ in range(pages)]
    for block in blocks:
        out[min(done * pages // max(total, 1), pages - 1)].append(block)
        done += len(block.text) + 1
    return out


def pages_of(length: int) -> int:
    """How many pages so many signs make: the last one is half a page at least."""
    return max(1, round(length / PAGE))


def headings(pages: Iterator[list[Block]]) -> list[Heading]:
    """The contents of pages that are at hand; headings of three levels."""
    found = []
    for number, blocks in enumerate(pages, start=1):
        marked = [block for block in blocks if block.level]
        found += [Heading(block.text[:120], number, block.level, mark) for mark, block in enumerate(marked, start=1)
                  if block.level <= 3]
        if len(found) >= MOST_HEADINGS:
            break
    return found[:MOST_HEADINGS] if len(found) > 1 else []


def paragraph(text: str) -> Block:
    """A paragraph of plain text; its line breaks are kept."""
    return Block(f"<p>{escape(text).replace(chr(10), '<br>')}</p>", " ".join(text.split()))
