"""HTML from anywhere as safe blocks: what may run, load, look like ours or send something is taken out.

Cleaned twice: by nh3 (a browser's own parser and an allow-list), then built anew from the few tags and attributes named here.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from flaskr.media.blocks import Block, Document, Heading, cut, headings, pages_of
from flaskr.media.contract import Unreadable
from flaskr.media.encodings import encoding_of, named

LARGEST = 8 << 20  # bytes of HTML that are cleaned at once; the tree takes twenty times as much
DEEPEST = 60
DEEPEST_RAW = 8000  # levels of what comes in: the parser's time grows with their square
INLINE = frozenset("a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q ruby rb rt rp s samp small span strong sub "
                   "sup time tt u var wbr big strike".split())
LEAVES = frozenset("p h1 h2 h3 h4 h5 h6 pre table li dt dd hr".split())
AROUND = frozenset("div section article main header footer aside nav figure figcaption center blockquote ul ol dl details "
                   "summary address hgroup body tbody thead tfoot tr td th caption".split())
TAGS = INLINE | LEAVES | AROUND
ATTRIBUTES = {"a": {"href", "title", "rel"}, "img": {"alt"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "abbr": {"title"},
              "th": {"colspan", "rowspan"}, "*": {"lang", "dir", "id"}}
WITH_CONTENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "embed", "svg", "math", "textarea",
                "select", "button", "audio", "video", "canvas", "noembed", "noframes", "applet", "xmp", "plaintext"}
VOID = frozenset(("br", "hr", "img", "wbr"))
MARK = "t-"  # before every id: a document's own must not meet ours
NESTING = re.compile(r"(?i)<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|dt|dd|tr|td|th|"
                     r"option|tbody|thead|tfoot|colgroup)\b)[a-z][\w:-]*")
LINK = re.compile(r"(?i)(https?://|mailto:)\S")
CLOSED = re.compile(r"(?i)<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)"
                    r"([a-z][\w:-]*)((?:\s[^<>]*)?)/>")


class Page(Document):
    """One HTML file, parsed as a whole and shown by the page."""

    format = "HTML"

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"The HTML file is larger than {LARGEST >> 20} MB, which is too much to be cleaned safely.")
        raw = path.read_bytes()
        head = raw[:4096]
        said = re.search(rb"""(?i)<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", head)
        self.encoding = encoding_of(path)
        if said and not self.encoding.startswith("utf"):
            self.encoding = named((said[1] or said[2]).decode("ascii")) or self.encoding
        self.source = raw.decode(self.encoding, "replace").removeprefix("\ufeff")
        found = blocks(self.source)
        self.blocks = cut(found, pages_of(sum(len(block.text) for block in found)))
        self.pages = len(self.blocks)

    def page(self, number: int) -> list[Block]:
        return self.blocks[number - 1]

    def contents(self) -> list[Heading]:
        return headings(iter(self.blocks))

    def facts(self) -> dict[str, Any]:
        return said_in_head(self.source[:65_536])


def said_in_head(source: str) -> dict[str, Any]:
    """Title, author and language from the head of an HTML file."""
    title = re.search(r"(?is)<title[^>]*>(.{0,1000}?)</title", source)
    about = re.findall(r"(?is)<meta\s[^>]{0,1000}>", source)
    author = next((tag for tag in about if re.search(r"(?i)name\s*=\s*.?author\b", tag)), "")
    author = re.search(r"""(?is)content\s*=\s*(?:"([^"]*)"|'([^']*)')""", author)
    spoken = re.search(r"""(?is)<html[^>]*?\slang\s*=\s*["']?([a-z]{2})\b""", source)
    return {"title": plain(title[1]) if title else "", "author": plain(author[1] or author[2] or "") if author else "",
            "language": spoken[1].lower() if spoken else ""}


def plain(html: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def blocks(html: str) -> list[Block]:
    """Safe blocks of any HTML, in its order."""
    root = _tree(cleaned(html))
    return list(_blocks(root, quoted=False))


def cleaned(html: str) -> str:
    """HTML by allow-list, well formed; Unreadable when there is too much of it."""
    import nh3
    if len(html) > LARGEST or _depth(html) > DEEPEST_RAW:
        raise Unreadable("There is more HTML, or it is nested deeper, than can be cleaned safely.")
    return nh3.clean(html, tags=set(TAGS), clean_content_tags=WITH_CONTENT, attributes={
        tag: names - {"rel"} for tag, names in ATTRIBUTES.items()}, attribute_filter=_attribute, strip_comments=True,
        link_rel="noopener noreferrer", url_schemes={"http", "https", "mailto"}, id_prefix=MARK)


def _depth(html: str) -> int:
    """How deep the elements that must be closed are nested, at most."""
    if html.count("<") <= DEEPEST_RAW:
        return 0
    depth = deepest = 0
    for found in NESTING.finditer(html):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def from_xhtml(raw: bytes) -> str:
    """XHTML as a browser of HTML understands it: an empty <title/> would swallow all that follows."""
    said = re.search(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w-]+)""", raw[:300])
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(raw[:2])
    text = raw.decode(wide or (named(said[1].decode("ascii")) if said else "") or "utf-8", "replace").removeprefix("\ufeff")
    return CLOSED.sub(r"<\1\2></\1>", text)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        if value.startswith("#"):
            return f"#{MARK}{value[1:]}"
        return value if LINK.match(value) else None  # a relative one would lead to pages of ours
    if name in ("start", "colspan", "rowspan"):
        return value if value.isdecimal() and len(value) < 4 else None
    return value[:500]


class _Builder(HTMLParser):
    """Clean HTML as a tree of at most DEEPEST levels; what lies deeper is flattened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = ET.Element("body")
        self.open = [self.root]
        self.flat: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in TAGS:
            return
        kept = ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"]
        if len(self.open) > DEEPEST and tag not in VOID:
            self.flat.append(tag)
            return
        element = ET.SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs if name in kept})
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.flat:
            if tag == self.flat[-1]:
                self.flat.pop()
        elif len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        here = self.open[-1]
        if len(here):
            here[-1].tail = (here[-1].tail or "") + data
        else:
            here.text = (here.text or "") + data


def _tree(html: str) -> ET.Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    for picture in list(builder.root.iter("img")):  # what it shows, in words: nothing is loaded
        words = " ".join(picture.attrib.pop("alt", "").split())
        picture.attrib.clear()
        picture.tag, picture.text = "em", f"[{words[:300]}]" if words else ""
    return builder.root


def _blocks(around: ET.Element, *, quoted: bool) -> Iterator[Block]:
    """What stands in an element: its leaves, and its loose words as paragraphs."""
    loose = ET.Element("p")
    _add_words(loose, around.text)
    number = int(around.get("start", "1")) if around.tag == "ol" else 0
    for child in around:
        if child.tag in INLINE and not _holds_blocks(child):
            tail, child.tail = child.tail, None
            loose.append(child)
            _add_words(loose, tail)
            continue
        yield from _leaf(loose, quoted)
        loose = ET.Element("p")
        _add_words(loose, child.tail)
        child.tail = None
        if child.tag not in LEAVES or child.tag == "table" and _holds_blocks(child, LEAVES | {"ul", "ol", "div", "table"}):
            yield from _blocks(child, quoted=quoted or child.tag == "blockquote")
            continue
        if child.tag == "li":
            child = _listed(child, around.tag, number)
            number += bool(number)
        elif child.tag in ("dt", "dd"):
            child = _inside("dl", child)
        yield from _leaf(child, quoted)
    yield from _leaf(loose, quoted)


def _leaf(element: ET.Element, quoted: bool) -> Iterator[Block]:
    text = " ".join((" " if element.tag == "table" else "").join(element.itertext()).split())
    if not text and element.tag != "hr":
        return
    level = int(element.tag[1]) if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else 0
    shown = _inside("blockquote", element) if quoted else element
    yield Block(ET.tostring(shown, encoding="unicode", method="html"), text, level)


def _listed(entry: ET.Element, kind: str, number: int) -> ET.Element:
    around = _inside("ol" if kind == "ol" else "ul", entry)
    if number > 1:
        around.set("start", str(number))
    return around


def _inside(tag: str, element: ET.Element) -> ET.Element:
    around = ET.Element(tag)
    around.append(element)
    return around


def _holds_blocks(element: ET.Element, kinds: frozenset | set = LEAVES | AROUND) -> bool:
    return any(inner.tag in kinds for inner in element.iter() if inner is not element)


def _add_words(element: ET.Element, words: str | None) -> None:
    if not words:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words
