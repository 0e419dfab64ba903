"""Any document, opened by its kind: what it says of itself, one page of it, its passages. Runs in workers."""

import errno
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flaskr.media.blocks import Block, Document, Heading, spread
from flaskr.media.contract import Unreadable
from flaskr.media.languages import language

KINDS = {"htm": "markup:Page", "html": "markup:Page", "xhtml": "markup:Page", "md": "plain:Markdown",
         "rst": "plain:Restructured", "pdf": "pdf:Pdf", "epub": "epub:Epub"}
OTHER = "plain:Slices"
FIRST_YEAR, LAST_YEAR = 1000, 2100
PREVIEW = 450
# What a parser raises at a file that lies about itself. Too deep a recursion (RuntimeError) is its doing too.
BROKEN = (ValueError, LookupError, TypeError, AttributeError, RuntimeError, OverflowError, MemoryError, AssertionError,
          EOFError)


@dataclass(frozen=True)
class Shown:
    """One page of a document for the reader; `number` from 1, within `pages`."""

    blocks: list[Block]
    number: int
    pages: int
    contents: list[Heading] = field(default_factory=list)


@contextmanager
def opened(path: Path) -> Iterator[Document]:
    """The document for as long as the block lasts; Unreadable for whatever goes wrong with its content."""
    module, _, kind = KINDS.get(path.suffix.lower().lstrip("."), OTHER).partition(":")
    document = None
    try:
        document = getattr(importlib.import_module(f"flaskr.media.{module}"), kind)(path)
        yield document
    except BROKEN as error:
        raise Unreadable(f"The document can't be understood ({type(error).__name__}).") from None
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise  # the disk, not the document
        raise Unreadable("The document is damaged: it points to places outside itself.") from None
    finally:
        if hasattr(document, "close"):
            document.close()


def describe(path: Path) -> dict[str, Any]:
    """Facts: title, author, year, language, encoding, format, pages, words, preview; from a bounded part of it."""
    with opened(path) as document:
        said = document.facts()
        sample, preview = _sample(document), _preview(document, said.get("title") or "")
        year, spoken = said.get("year"), said.get("language") or ""
        spoken = spoken if spoken.isalpha() else ""
        return {"title": said.get("title") or "", "author": said.get("author") or "", "pages": said.get("pages"),
                "year": year if year and FIRST_YEAR <= year <= LAST_YEAR else None, "words": document.words(),
                "language": language(sample)[0] or spoken, "preview": preview, "encoding": document.encoding,
                "format": document.format}


def page(path: Path, number: int) -> Shown:
    """A page for the reader; the last one where the number is too high."""
    with opened(path) as document:
        number = min(max(number, 1), document.pages)
        return Shown(document.page(number), number, document.pages, document.contents())


def _sample(document: Document) -> str:
    """Words from the middle: beginnings are names and licences."""
    return " ".join(document.text(at + 1)[-2000:] for at in spread(document.pages, 2))


def _preview(document: Document, title: str) -> str:
    """The first words that are not the title."""
    words = ""
    for number in range(1, min(document.pages, 3) + 1):
        for block in document.page(number):
            if not block.level and block.text != title:
                words = f"{words} {block.text}".strip()
            if len(words) >= PREVIEW:
                return words[:PREVIEW]
    return words
