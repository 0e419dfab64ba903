"""Addresses that are asked by their parameters, by programs and people: how to ask, and the answer, as JSON or as a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, render_template, request, url_for

from flaskr.listing.strict import ALWAYS, Parameter, Rows, columns, given
from flaskr.web.errors import wants_json


def asked() -> bool:
    """Whether anything but the format is asked for."""
    return bool(set(request.args) - {"format"})


def teach(template: str, known: Sequence[Parameter], examples: Sequence[str], counts: Mapping[str, int],
          **more: Any) -> Response | str:
    """The parameters of an address, in words, with examples."""
    given(request.args, known)
    commands = {parameter.key: parameter.words for parameter in known} | ALWAYS
    if wants_json():
        return jsonify(**counts, commands=commands, examples=examples)
    return render_template(template, commands=commands, examples=examples, counts=counts, **more)


def answer(template: str, found: Rows, known: Sequence[Parameter], **more: Any) -> Response | str:
    """A page of rows; `more`: rows of tables that belong to it, or None."""
    if not wants_json():
        return render_template(template, found=found, known=known, here=url_for(request.endpoint), **more)
    return jsonify({"total": found.total, "page": found.number, "pages": found.pages, "per_page": found.size,
                    "rows": [dict(row._mapping) for row in found.rows]} | ({"more": True} if found.more else {}) |
                   {name: columns(one) for name, one in more.items() if one is not None})
