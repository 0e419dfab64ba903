"""Text out of a PDF by PDFium, a few of its pages at a time."""

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw

from flaskr.media.blocks import MOST_HEADINGS, Block, Document, Heading, paragraph
from flaskr.media.contract import Unreadable
from flaskr.media.plain import pieces, tidied

TOGETHER = 5  # pages of a PDF on one page of the reader: about PAGE signs
MOST_SIGNS = 100_000  # of one page; more is no page but an attack
HYPHEN = re.compile("(?<=[^\\W\\d_])(?:\ufffe|\x02|\xad|-)\n(?=[a-zà-ÿ])")
NO_TITLE = re.compile(r"(?i)^(untitled|microsoft word|slide \d)|\.(docx?|tex|dvi|indd|qxd|rtf|odt)$")
END = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")


class Pdf(Document):
    """A PDF file: five of its pages are a page of the reader."""

    format = "PDF"

    def __init__(self, path: Path) -> None:
        try:
            self.pdf = pypdfium2.PdfDocument(path)
            self.printed = len(self.pdf)
        except pypdfium2.PdfiumError as error:
            locked = pypdfium2.raw.FPDF_GetLastError() == pypdfium2.raw.FPDF_ERR_PASSWORD or "assword" in str(error)
            raise Unreadable("The PDF needs a password." if locked else "The PDF is damaged or is none.") from None
        if not self.printed:
            raise Unreadable("The PDF has no pages.")
        self.pages = -(-self.printed // TOGETHER)

    def close(self) -> None:
        self.pdf.close()

    def page(self, number: int) -> list[Block]:
        found = []
        for at in range((number - 1) * TOGETHER, min(number * TOGETHER, self.printed)):
            blocks = [paragraph(piece) for whole in flowing(self._signs(at)) for piece in pieces(whole)]
            found += [Block(f'<p class="printed">{at + 1}</p>', ""), *blocks] if blocks else []
        return found

    def facts(self) -> dict[str, Any]:
        said = self.pdf.get_metadata_dict(skip_empty=True)
        year = re.search(r"D:(\d{4})", said.get("CreationDate", ""))
        title = said.get("Title", "").strip()
        return {"title": "" if NO_TITLE.search(title) else title,
                "author": said.get("Author", ""), "pages": self.printed, "year": int(year[1]) if year else None}

    def contents(self) -> list[Heading]:
        found = []
        for mark in self.pdf.get_toc(max_depth=3):
            aim = mark.get_dest()
            at = aim.get_index() if aim else None
            if at is not None and 0 <= at < self.printed:
                found.append(Heading(mark.get_title()[:120], at // TOGETHER + 1, mark.level + 1))
            if len(found) >= MOST_HEADINGS:
                break
        return found

    def _signs(self, at: int) -> str:
        try:
            page = self.pdf[at]
        except pypdfium2.PdfiumError:
            return ""  # one damaged page among good ones
        try:
            words = page.get_textpage()
            text = words.get_text_range(0, min(words.count_chars(), MOST_SIGNS))
            words.close()
            return text
        except pypdfium2.PdfiumError:
            return ""
        finally:
            page.close()


def flowing(text: str) -> list[str]:
    """Paragraphs out of the lines of a printed page: one ends with a sentence on a line that is not full."""
    lines = [line.strip() for line in HYPHEN.sub("", re.sub(r"\r\n?", "\n", text)).split("\n")]
    lines = [" ".join(tidied(line.replace("\ufffe", "-")).split()) for line in lines]
    full = sorted(len(line) for line in lines if line)[int(0.8 * sum(map(bool, lines)))] if any(lines) else 0
    found, here = [], []
    for line in lines:
        if line:
            here.append(line)
        if here and (not line or END.search(line) and len(line) < 0.85 * full or len(line) < 0.4 * full):
            found, here = [*found, " ".join(here)], []
    return [*found, " ".join(here)] if here else found
