"""Keeps the place in what is read or watched: one command for every module that resumes."""

from flask import Blueprint, Response, abort, jsonify, request, url_for

from flaskr.feedback import places
from flaskr.listing.query import number
from flaskr.media.contract import Module
from flaskr.web.back import back
from flaskr.web.errors import wants_json

FURTHEST = 1e8


def add(pages: Blueprint, module: Module) -> None:
    """Add POST /<module>/<id>/place with the form field `at` to a module's blueprint."""
    pages.add_url_rule("/<int:item_id>/place", "place", lambda item_id: keep(module, item_id), methods=["POST"])


def keep(module: Module, item_id: int) -> Response:
    at = number(request.form.get("at"), 0, FURTHEST)
    if at is None:
        abort(400, "A place is a number: seconds, or a page.")
    places.keep(module, item_id if item_id < 2**63 else 0, at)
    return jsonify(at=at) if wants_json() else back(url_for(f"{module.name}.item", item_id=item_id))
