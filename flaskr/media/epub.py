"""An EPUB by the chapter: a ZIP file with XHTML in it, of which no part is believed."""

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from flaskr.media.blocks import MOST_HEADINGS, Block, Document, Heading, cut, pages_of
from flaskr.media.contract import Unreadable
from flaskr.media.markup import LARGEST, blocks, from_xhtml

MOST_PARTS = 5000
MARKUP = 1.6  # bytes of XHTML for a sign of text, about
BOMB = 200  # so many times its packed size a chapter may have; text reaches 10
HARMLESS = 1 << 20  # bytes that any chapter may have
NAMED = ("title", "creator", "language", "date")


class Epub(Document):
    """An EPUB file: each chapter is a page of the reader, a long one several, by the size that the ZIP file tells."""

    format = "EPUB"

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Unreadable("The EPUB is damaged or is none.") from None
        if len(self.zip.infolist()) > 4 * MOST_PARTS:
            raise Unreadable("The EPUB has too many parts.")
        container = self._xml("META-INF/container.xml")
        root = next((found.get("full-path", "") for found in container.iter() if _tag(found) == "rootfile"), "")
        self.root, self.package = posixpath.dirname(root), self._xml(root)
        self.manifest = {item.get("id"): item for item in self.package.iter() if _tag(item) == "item"}
        spine = [self.manifest.get(item.get("idref")) for item in self.package.iter() if _tag(item) == "itemref"]
        names = dict.fromkeys(self._where(item.get("href", "")) for item in spine[:MOST_PARTS] if item is not None)
        sizes = {entry.filename: entry.file_size for entry in self.zip.infolist()}
        self.parts = [(name, at, most) for name in names if name in sizes
                      for most in [pages_of(round(min(sizes[name], LARGEST) / MARKUP))] for at in range(most)]
        self.pages = len(self.parts)
        if not self.parts:
            raise Unreadable("The EPUB has no chapters.")

    def close(self) -> None:
        self.zip.close()

    def page(self, number: int) -> list[Block]:
        name, at, most = self.parts[number - 1]
        found = blocks(from_xhtml(self._read(name)))
        return cut(found, most)[at] if most > 1 else found

    def facts(self) -> dict[str, Any]:
        said: dict[str, str] = {}
        for element in self.package.iter():
            if _tag(element) in NAMED and element.text:
                said.setdefault(_tag(element), " ".join(element.text.split()))
        year = re.search(r"\b(1[0-9]{3}|20\d\d)\b", said.get("date", ""))
        return {"title": said.get("title", ""), "author": said.get("creator", ""), "year": int(year[1]) if year else None,
                "language": said.get("language", "")[:2].lower()}

    def contents(self) -> list[Heading]:
        """From the navigation of EPUB 3, else of EPUB 2; none where it can't be read."""
        try:
            nav = next((item for item in self.manifest.values() if "nav" in item.get("properties", "").split()), None)
            ncx = next((item for item in self.manifest.values() if item.get("media-type") == "application/x-dtbncx+xml"), None)
            found = self._from_nav(nav.get("href", "")) if nav is not None else []
            return (found or (self._from_ncx(ncx.get("href", "")) if ncx is not None else []))[:MOST_HEADINGS]
        except (Unreadable, KeyError):
            return []

    def _from_nav(self, href: str) -> list[Heading]:
        source, base = from_xhtml(self._read(self._where(href))), posixpath.dirname(self._where(href))
        toc = re.search(r"""(?is)<nav\b[^>]*type\s*=\s*["']toc["'].*?</nav>""", source)
        links = re.findall(r"""(?is)<a\b[^>]*?href\s*=\s*["']([^"']+)["'][^>]*>(.*?)</a>""", toc[0] if toc else "")
        return self._headings((re.sub(r"<[^>]*>", "", words), posixpath.join(base, link)) for link, words in links)

    def _from_ncx(self, href: str) -> list[Heading]:
        base = posixpath.dirname(self._where(href))
        points = [point for point in self._xml(self._where(href)).iter() if _tag(point) == "navPoint"]
        return self._headings(("".join(label.itertext()), posixpath.join(base, content.get("src", "")))
                              for point in points for label in point if _tag(label) == "navLabel"
                              for content in point if _tag(content) == "content")

    def _headings(self, links) -> list[Heading]:
        first: dict[str, int] = {}
        for number, (name, _, _) in enumerate(self.parts, start=1):
            first.setdefault(name, number)
        aims = ((" ".join(words.split())[:120], posixpath.normpath(unquote(link.partition("#")[0]))) for words, link in links)
        return [Heading(words, first[aim]) for words, aim in aims if words and aim in first]

    def _where(self, href: str) -> str:
        return posixpath.normpath(posixpath.join(self.root, unquote(href.partition("#")[0])))

    def _xml(self, name: str) -> ET.Element:
        raw = self._read(name)
        if b"<!ENTITY" in raw.replace(b"\0", b""):
            raise Unreadable("The EPUB defines entities of its own, which may grow without end.")
        try:
            return ET.fromstring(raw)
        except (ET.ParseError, ValueError, LookupError):
            raise Unreadable("The EPUB's table of parts is damaged.") from None

    def _read(self, name: str) -> bytes:
        """One part, bounded whatever the ZIP file claims."""
        try:
            entry = self.zip.getinfo(name)
            if entry.file_size > LARGEST or entry.file_size > max(HARMLESS, BOMB * entry.compress_size):
                raise Unreadable("A part of the EPUB is too large to be unpacked safely.")
            with self.zip.open(entry) as part:
                return part.read(LARGEST)
        except KeyError:
            raise Unreadable("A part of the EPUB is missing.") from None
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zipfile.zlib.error):
            raise Unreadable("A part of the EPUB is damaged, or locked by its shop.") from None


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
