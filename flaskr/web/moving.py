"""A rating changes things at once: what an open page shows is predicted again, and what became of it is told to its script."""

from flask import Blueprint, Response, current_app, jsonify, request

from flaskr.jobs import moving
from flaskr.listing import asking, query
from flaskr.media.contract import Module

MOST = 500  # items on a page
LIMIT = 30.0  # seconds


def add(pages: Blueprint, module: Module) -> None:
    """Add /<module>/moved to a module's blueprint."""
    pages.add_url_rule("/moved", "moved", lambda: moved(module), methods=["POST"])


def moved(module: Module) -> Response:
    """{"moves": {id: [prediction, spread]}} of the form's `ids`. With `count`, also how far the ratings reach: "moved" of
    "looked" predictions by more than a tenth. Without ids a worker gets ready."""
    ids = query.ids(request.form.get("ids", "").split(","), MOST)
    project = current_app.extensions["settings"].project
    if request.form.get("count"):
        looked = asking.sample(module)
        found = moving.move(module, project, looked, run=run)
        return jsonify(moves={}, moved=found.far, looked=len(found.now), whole=len(looked) < asking.LOOKED)
    if not ids:
        moving.ready(module, project, run=run)
    return jsonify(moves=moving.move(module, project, ids, run=run).now)


def run(function, *arguments):
    """In the worker that keeps the evaluator at hand."""
    return current_app.extensions["instant"].run(function, *arguments, timeout=LIMIT)


def rated(module: Module) -> None:
    """After each change of a rating."""
    waiting = current_app.extensions.get("afterwards")
    if waiting is not None:
        waiting.rated(module)
