"""What a form of a listing is about: the items it names, or everything that its page's query finds."""

from urllib.parse import parse_qsl

from flask import request

from flaskr.listing import page, query
from flaskr.media.contract import Module
from flaskr.web.found import in_worker

MOST = 10_000  # items that one form may change


def chosen(module: Module) -> tuple[int, ...]:
    """Ids of what the form is about, at most `MOST`: its `id` fields, or with `all` what its `query` finds."""
    if request.form.get("all"):
        return tuple(page.find(asked(module), run=in_worker).ids[:MOST].tolist())
    return query.ids(request.form.getlist("id"), MOST)


def asked(module: Module) -> query.Query:
    """The query of the page that the form stands on."""
    return query.read(module, dict(parse_qsl(request.form.get("query", "")[:8192])))
