"""Why an item is expected to be rated so: a part of its page that comes after it, because a worker has to compute it."""

from flask import Blueprint, current_app, render_template

from flaskr.listing.why import why
from flaskr.media.contract import Module
from flaskr.web.found import find, in_worker


def add(pages: Blueprint, module: Module) -> None:
    """Add /<module>/<id>/why to a module's blueprint."""
    pages.add_url_rule("/<int:item_id>/why", "why", lambda item_id: show(module, item_id))


def show(module: Module, item_id: int) -> str:
    """The rated items that pulled its prediction up and down."""
    found = why(module, find(module, item_id), current_app.extensions["settings"].project, in_worker)
    return render_template("media/why.html", module=module, item=find(module, item_id), why=found)
