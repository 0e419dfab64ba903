"""Plain text by the page, wherever in a file of any size: a page is a slice of bytes cut between two paragraphs."""

import os
import re
from html import escape
from pathlib import Path

from flaskr.media.blocks import PAGE, Block, Document, Heading, count, headings, paragraph
from flaskr.media.encodings import BOMS, encoding_of

WINDOW = PAGE // 4  # bytes in which a good place for a cut is looked for
WHOLE = 100  # pages up to which every word is counted: two megabytes
LONG = 220  # words above which a paragraph is cut at the ends of sentences
GOOD = 150
LONGEST = 2000  # signs without a sentence's end
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])")
COLUMNS = re.compile(r"^\s{4,}\S|\S\s{3,}\S|[│┃║╔╚├└┌─═]|\t")


class Slices(Document):
    """A text file as slices of about PAGE bytes; `page` makes blocks of a slice's text."""

    format = "TXT"
    counted = WHOLE

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, os.path.getsize(path)
        self.encoding = encoding_of(path)
        self.unit = 4 if "32" in self.encoding and self.encoding.startswith("utf") else 2 if "utf-16" in self.encoding else 1
        self.pages = max(1, round(self.size / PAGE))

    def page(self, number: int) -> list[Block]:
        return paragraphs(self.text(number))

    def facts(self) -> dict:
        """Where the file's name says nothing, a first line that stands alone is the title."""
        first = re.match(r"\s*(\S[^\n]{2,100}[^\s.,;:])\n[ \t]*\n", self.text(1)[:2000])
        return {"title": first[1]} if first and sum(map(str.isalpha, self.path.stem)) < 3 else {}

    def text(self, number: int) -> str:
        """The text of one slice; what can't be decoded shows as a replacement sign."""
        with open(self.path, "rb") as file:
            start = self._start(file, number - 1)
            end = self._start(file, number)
            file.seek(start)
            return tidied(file.read(max(0, end - start)).decode(self.encoding.removesuffix("-sig"), "replace"))

    def _start(self, file, number: int) -> int:
        """Where slice `number` (from 0) begins: after the first paragraph's, line's or word's end behind its share."""
        if number <= 0:
            file.seek(0)
            head = file.read(4)
            return next((len(mark) for mark, name in BOMS if name == self.encoding and head.startswith(mark)), 0)
        if number >= self.pages:
            return self.size
        at = number * PAGE
        file.seek(at)
        window = file.read(WINDOW)
        for ends in (("\n\n", "\n\r\n", "\r\r"), ("\n",), ("\r",), (" ",)):
            found = [place for end in ends if (place := self._after(window, end)) is not None]
            if found:
                return at + min(found)
        return at + self._within(window)

    def _after(self, window: bytes, end: str) -> int | None:
        needle, place = end.encode(self.encoding.removesuffix("-sig") if self.unit > 1 else "ascii"), -1
        while (place := window.find(needle, place + 1)) >= 0:
            if place % self.unit == 0:
                return place + len(needle)
        return None

    def _within(self, window: bytes) -> int:
        """Not in the middle of a sign, where nothing better is found."""
        if self.encoding.startswith("utf-8"):
            return next((at for at, byte in enumerate(window[:4]) if not 0x80 <= byte < 0xC0), 0)
        if self.unit == 2 and len(window) > 1:
            high = window[1 if self.encoding.endswith("le") else 0]
            return 2 if 0xDC <= high < 0xE0 else 0
        return 0


class Markdown(Slices):
    """Markdown by the slice; HTML in it is cleaned like any other."""

    format = "Markdown"

    def page(self, number: int) -> list[Block]:
        from markdown_it import MarkdownIt

        from flaskr.media.markup import blocks
        text = re.sub(r"\A---\n.{0,5000}?\n---\n", "", self.text(number), flags=re.DOTALL) if number == 1 else self.text(number)
        return blocks(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))

    def contents(self) -> list[Heading]:
        if self.pages > 10:
            return []
        return headings(map(self.page, range(1, self.pages + 1)))

    def facts(self) -> dict:
        found = re.search(r"^#\s+(.{1,300}?)\s*#*$|^(?P<title>\S.{0,300})\n={3,}$", self.text(1), re.MULTILINE)
        return {"title": re.sub(r"[*`]|\[|\]\([^)]*\)", "", found[1] or found["title"]).strip("_ ")} if found else {}


class Restructured(Markdown):
    """reStructuredText by the slice; it may include no file and no raw HTML."""

    format = "reStructuredText"

    def page(self, number: int) -> list[Block]:
        from docutils.core import publish_parts

        from flaskr.media.markup import blocks
        parts = publish_parts(self.text(number), writer="html5", settings_overrides={
            "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 5, "_disable_config": True,
            "doctitle_xform": False, "syntax_highlight": "none", "math_output": "LaTeX", "embed_stylesheet": False,
            "stylesheet_path": "", "warning_stream": False, "line_length_limit": 100_000, "smart_quotes": False})
        return blocks(parts["body"])

    def facts(self) -> dict:
        found = re.search(r"^ ?(?P<title>[^\W_].{0,300})\n([=*#~\-^\"+])\2{2,}$", self.text(1)[:4000], re.MULTILINE)
        return {"title": found["title"].strip()} if found else {}


def tidied(text: str) -> str:
    """Line ends as \\n, a form feed as a paragraph's end, no control signs."""
    return CONTROL.sub("", re.sub(r"\r\n?|\u2028|\x85", "\n", text).replace("\f", "\n\n").replace("\v", "\n"))


def paragraphs(text: str) -> list[Block]:
    """Paragraphs of plain text. Lines wrapped by hand are joined, verses and tables keep theirs."""
    found: list[Block] = []
    for chunk in re.split(r"\n(?:[ \t]*\n)+", text):
        lines = [line.rstrip() for line in chunk.strip("\n").split("\n")]
        if not any(lines):
            continue
        if len(lines) > 1 and sum(bool(COLUMNS.search(line)) for line in lines) > len(lines) / 2:
            found.append(as_it_stands("\n".join(lines)))
            continue
        joined = "\n".join(lines) if _is_verse(lines) else " ".join(line.strip() for line in lines)
        for whole in (lines if max(map(len, lines)) > 160 else [joined]):
            found += [paragraph(piece) for piece in pieces(whole.strip()) if piece.strip()]
    return found


def as_it_stands(text: str) -> Block:
    """Text whose spaces and lines matter."""
    return Block(f"<pre>{escape(text)}</pre>", " ".join(text.split()))


def pieces(text: str) -> list[str]:
    """A paragraph whole, or, when it is very long, cut after sentences, else after so many signs."""
    if len(text) <= LONGEST and count(text) <= LONG:
        return [text]
    done, here = [], ""
    for sentence in _sentences(text):
        if len(here) + len(sentence) > LONGEST:
            done, here = [*done, here] if here else done, ""
        here = f"{here} {sentence}" if here and not sentence[:1] > "\u2e80" else here + sentence
        if count(here) >= GOOD:
            done, here = [*done, here], ""
    return [*done, here] if here else done


def _sentences(text: str) -> list[str]:
    return [part[at:at + LONGEST] for part in SENTENCE.split(text) for at in range(0, len(part), LONGEST)]


def _is_verse(lines: list[str]) -> bool:
    """Short lines of their own; prose wrapped by hand fills its lines but the last."""
    if len(lines) < 2:
        return False
    lengths = sorted(len(line) for line in lines[:-1])
    return lengths[len(lengths) // 2] < 45 or lengths[0] < 0.4 * lengths[-1]
