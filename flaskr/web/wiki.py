"""The wiki: Markdown pages of `wiki/`, formulas as MathML, nothing from outside."""

import html
import re
from functools import lru_cache
from pathlib import Path

import latex2mathml.converter
import latex2mathml.exceptions
from flask import Blueprint, render_template, url_for
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from flaskr.config import REPOSITORY

pages = Blueprint("wiki", __name__, url_prefix="/wiki")
ROOT = REPOSITORY / "wiki"
# latex2mathml's errors have no base of their own, and some input runs it off its end
NOT_UNDERSTOOD = (*(error for error in vars(latex2mathml.exceptions).values() if isinstance(error, type)),
                  ValueError, KeyError, IndexError, AttributeError, StopIteration)
NAME = re.compile(r"[a-z0-9_]{1,60}(/[a-z0-9_-]{1,60})?")


@pages.get("/", defaults={"name": "index"})
@pages.get("/<path:name>")
def page(name: str) -> str:
    """One page by its file name without .md; KeyError for an unknown one."""
    name = name.removesuffix(".md")
    path = ROOT / f"{name}.md"
    if not NAME.fullmatch(name) or not path.is_file():
        raise KeyError(name)
    title, body = render(path, path.stat().st_mtime_ns)
    return render_template("wiki.html", title=title, body=Markup(body), name=name, contents=contents())


def contents() -> list[tuple[str, str]]:
    """(name, title) of the pages for people, the index left out; decisions have their own list on the index."""
    found = [(path.stem, render(path, path.stat().st_mtime_ns)[0]) for path in sorted(ROOT.glob("*.md"))]
    return [(name, title) for name, title in found if name != "index"]


@lru_cache(maxsize=128)
def render(path: Path, _modified_ns: int) -> tuple[str, str]:
    """(title, HTML) of a Markdown file. Raw HTML in it is shown as text; links to other pages stay in the wiki."""
    text = path.read_text(encoding="utf-8")
    title = next((line.removeprefix("# ").strip() for line in text.splitlines() if line.startswith("# ")), path.stem)
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, renderer=_formula).use(anchors_plugin, max_level=3, permalink=False)
    tokens = markdown.parse(text)
    for token in (child for block in tokens for child in block.children or []):
        if token.type == "link_open" and str(token.attrs.get("href", "")).endswith(".md"):
            token.attrs["href"] = url_for("wiki.page", name=str(token.attrs["href"]).lstrip("./").removesuffix(".md"))
    return title, markdown.renderer.render(tokens, markdown.options, {})


def _formula(content: str, options: dict) -> str:
    try:
        return latex2mathml.converter.convert(content, display="block" if options.get("display_mode") else "inline")
    except NOT_UNDERSTOOD:
        return f"<code>{html.escape(content)}</code>"
