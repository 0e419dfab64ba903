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
    """{"moves": {id: [prediction, spread]}} of the form's `ids`. With `count`, also how far the last rating reaches: "moved"
    of "looked" predictions by more than a tenth, "whole": that are all there are. Without both a worker gets ready."""
    ids = query.ids(request.form.get("ids", "").split(","), MOST)
    project = current_app.extensions["settings"].project
    if not request.form.get("count"):
        if not ids:
            moving.ready(module, project, run=run)
        return jsonify(moves=moving.move(module, project, ids, run=run))
    sample = asking.sample(module)
    far, looked = moving.reach(module, project, sample, run=run)
    return jsonify(moves=moving.move(module, project, ids, run=run), moved=far, looked=looked,
                   whole=len(sample) < asking.LOOKED)


def run(function, *arguments):
    """In the worker that keeps the evaluator at hand."""
    return current_app.extensions["instant"].run(function, *arguments, timeout=LIMIT)


def rated(module: Module) -> None:
    """After each change of a rating."""
    waiting = current_app.extensions.get("afterwards")
    if waiting is not None:
        waiting.rated(module)
