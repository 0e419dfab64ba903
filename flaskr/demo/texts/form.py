"""Puts a text into a form: plain text, Markdown, HTML, reStructuredText, or many of them into one EPUB."""

import html
import textwrap
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from flaskr.demo.texts.grammar import Text

STILL = (2024, 1, 1, 0, 0, 0)  # the time of every part of an EPUB: the same texts make the same file
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">{name}</dc:identifier><dc:title>{title}</dc:title>
<dc:creator>{by}</dc:creator><dc:language>en</dc:language>
<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{items}</manifest>
<spine>{spine}</spine></package>"""
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title></head><body>
{body}
</body></html>"""


def plain(text: Text) -> str:
    """Plain text, its paragraphs in lines of at most 78 signs."""
    parts = [text.title.upper()]
    for kind, lines in text.blocks:
        if kind == "p":
            parts.append(textwrap.fill(" ".join(lines), 78))
        elif kind == "h":
            parts.append(lines[0] + ":")
        else:
            marks = {"list": "- ", "verse": ""}
            parts.append("\n".join(marks.get(kind, f"{at}. ") + line for at, line in enumerate(lines, start=1)))
    return "\n\n".join(parts) + "\n"


def markdown(text: Text) -> str:
    """Markdown; its title is the first heading."""
    parts = [f"# {text.title}"]
    for kind, lines in text.blocks:
        if kind in ("p", "verse"):
            parts.append((" " if kind == "p" else "  \n").join(lines))
        else:
            marks = {"h": "## ", "list": "* "}
            parts.append("\n".join(marks.get(kind, f"{at}. ") + line for at, line in enumerate(lines, start=1)))
    return "\n\n".join(parts) + "\n"


def restructured(text: Text) -> str:
    """reStructuredText."""
    parts = [f"{text.title}\n{'=' * len(text.title)}"]
    for kind, lines in text.blocks:
        if kind == "p":
            parts.append(textwrap.fill(" ".join(lines), 78))
        elif kind == "h":
            parts.append(f"{lines[0]}\n{'-' * len(lines[0])}")
        else:
            mark = {"list": "* ", "steps": "#. ", "verse": "| "}[kind]
            parts.append("\n".join(mark + line for line in lines))
    return "\n\n".join(parts) + "\n"


def page(text: Text) -> str:
    """A whole HTML page."""
    return (f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{html.escape(text.title)}</title></head>\n'
            f"<body>\n{body(text)}\n</body>\n</html>\n")


def body(text: Text) -> str:
    """The inside of an HTML page."""
    parts = [f"<h1>{html.escape(text.title)}</h1>"]
    for kind, lines in text.blocks:
        safe = [html.escape(line) for line in lines]
        if kind in ("list", "steps"):
            tag = "ul" if kind == "list" else "ol"
            parts.append(f"<{tag}>{''.join(f'<li>{line}</li>' for line in safe)}</{tag}>")
        else:
            parts.append({"p": "<p>{}</p>", "h": "<h2>{}</h2>", "verse": "<p>{}</p>"}[kind].format(
                ("<br/>" if kind == "verse" else " ").join(safe)))
    return "\n".join(parts)


def epub(path: Path, title: str, by: str, texts: Iterable[Text]) -> None:
    """Write an EPUB 3 of the texts, one chapter each (EPUB 3.3, W3C 2023)."""
    chapters = {f"chapter{at:02d}": text for at, text in enumerate(texts, start=1)}
    items = "".join(f'<item id="{key}" href="{key}.xhtml" media-type="application/xhtml+xml"/>' for key in chapters)
    entries = "".join(f'<li><a href="{key}.xhtml">{html.escape(text.title)}</a></li>' for key, text in chapters.items())
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER,
             "book/book.opf": PACKAGE.format(name=f"demo:{title}", title=html.escape(title), by=html.escape(by), items=items,
                                             spine="".join(f'<itemref idref="{key}"/>' for key in chapters)),
             "book/nav.xhtml": PAGE.format(title="Contents", body=f'<nav epub:type="toc"><ol>{entries}</ol></nav>'),
             **{f"book/{key}.xhtml": PAGE.format(title=html.escape(text.title), body=body(text))
                for key, text in chapters.items()}}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, STILL)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(entry, content.encode())


FORMS: dict[str, Callable[[Text], str]] = {".txt": plain, ".md": markdown, ".rst": restructured, ".html": page}
