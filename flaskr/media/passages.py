"""The passages of a document: runs of blocks, 120 to 200 words each, at most 64 spread over the whole; always the same."""

from dataclasses import dataclass
from pathlib import Path

from flaskr.media.blocks import Block, Document, count, spread
from flaskr.media.contract import Unreadable
from flaskr.media.documents import opened

MOST = 64
ENOUGH = 120  # words at which a passage ends with its block
SHORT = 60
LONGEST = 200  # words of it that are given to an embedder


@dataclass(frozen=True)
class Passage:
    """Blocks `first` to `last` (from 0, both included) of reader page `page` (from 1), and their words."""

    page: int
    first: int
    last: int
    text: str


def passages(path: Path) -> list[Passage]:
    """The passages of a document, in its order; Unreadable where there is no text."""
    with opened(path) as document:
        if document.pages <= MOST:
            every = [one for number in range(1, document.pages + 1) for one in of_page(document.page(number), number)]
            found = [every[at] for at in spread(len(every), MOST)]
        else:
            found = [one for at in spread(document.pages, MOST) for one in _middle(document, at + 1)]
    if not found:
        raise Unreadable("There is no text in this document; its pages may be pictures.")
    return found


def of_page(blocks: list[Block], page: int) -> list[Passage]:
    """The passages of one page; what is left at its end goes with the last one when it is short."""
    found, first, words = [], 0, 0
    for at, block in enumerate(blocks):
        words += count(block.text)
        if at == len(blocks) - 1 and words < SHORT and found:
            found[-1] = Passage(page, found[-1].first, at, _words(blocks[found[-1].first:at + 1]))
        elif words >= ENOUGH or at == len(blocks) - 1 and words:
            found.append(Passage(page, first, at, _words(blocks[first:at + 1])))
            first, words = at + 1, 0
    return found


def _middle(document: Document, number: int) -> list[Passage]:
    some = of_page(document.page(number), number)
    return [some[len(some) // 2]] if some else []


def _words(blocks: list[Block]) -> str:
    return " ".join(" ".join(block.text for block in blocks).split()[:LONGEST])[:8 * LONGEST]
