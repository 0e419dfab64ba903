"""Pages only texts have: the reader, the passages that carry a score, and the editor of plain texts."""

from typing import Any, NamedTuple

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from flaskr.feedback import places
from flaskr.listing import passages
from flaskr.listing.query import number
from flaskr.web import editing
from flaskr.web.found import find, in_worker, real
from modules.text import read

EDITED = ("txt", "md", "rst")
LAST_PAGE = 1_000_000


class Shown(NamedTuple):
    """A block as the reader shows it: its place on the page, its safe HTML, the number of the heading that it is."""

    at: int
    html: Markup
    heading: int


def add(pages: Blueprint) -> None:
    """Add this module's routes to its blueprint."""
    pages.add_url_rule("/<int:item_id>/read", "read", reader)
    pages.add_url_rule("/<int:item_id>/passages", "passages", carrying)
    editing.add(pages, EDITED)


def reader(item_id: int) -> str:
    """A page of the text: the one asked for, else where the person was."""
    module, project = _here()
    item, kept = find(module, item_id), places.place(module, item_id)
    asked = number(request.args.get("page"), 1, LAST_PAGE)
    path, marked = real(module, item.path), request.args.get("passages") != "off"
    verdict = passages.verdict(module, item, path, project, in_worker) if marked else None
    page = in_worker(read.page, path, int(asked or kept or 1))
    item = find(module, item_id)
    return render_template(
        "text/read.html", module=module, item=item, page=page, verdict=verdict,
        groups=_groups(page.blocks, verdict.on(page.number) if verdict else {}, item.title),
        share=kept % 1 if kept and not asked and int(kept) == page.number else 0,
        args={} if marked else {"passages": "off"})


def carrying(item_id: int) -> str:
    """The passages that carry the score of a text, as quotes."""
    module, project = _here()
    item = find(module, item_id)
    verdict = passages.verdict(module, item, real(module, item.path), project, in_worker)
    return render_template("text/passages.html", module=module, item=find(module, item_id), verdict=verdict)


def _groups(blocks: list, judged: dict[int, Any], title: str) -> list[tuple[Any, list[Shown]]]:
    """(judged passage or None, its blocks) in reading order; the title stands above the text already."""
    groups, heading = [], 0
    for at, block in enumerate(blocks):
        heading += bool(block.level)
        if at == 0 and block.level and block.text == title:
            continue
        one = Shown(at, Markup(block.html), heading if block.level else 0)
        if groups and groups[-1][0] is judged.get(at):
            groups[-1][1].append(one)
        else:
            groups.append((judged.get(at), [one]))
    return groups


def _here() -> tuple[Any, Any]:
    return current_app.extensions["modules"]["text"], current_app.extensions["settings"].project
