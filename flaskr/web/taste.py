"""The taste pages: what the person likes, by kind of media and over all; and the points of the map for the script."""

from flask import Blueprint, Response, current_app, jsonify, render_template

from flaskr.listing import taste as listing
from flaskr.listing.taste_points import points
from flaskr.media.contract import Module

pages = Blueprint("taste", __name__, url_prefix="/taste")


@pages.get("")
def everything() -> str:
    """Every kind of media at a glance."""
    project = current_app.extensions["settings"].project
    modules = [module for module in current_app.extensions["modules"].values() if module.kind == "files"]
    return render_template("taste/all.html", tastes=[listing.taste(module, project) for module in modules])


@pages.get("/<name>")
def taste(name: str) -> str:
    return render_template("taste/module.html", taste=_taste(name), module=_module(name))


@pages.get("/<name>/map")
def map_points(name: str) -> Response:
    """JSON: where the items of the library lie, what is expected of them, what they were rated."""
    found = _taste(name)
    return jsonify(points(found.module, current_app.extensions["settings"].project, trusted=found.trusted))


def _taste(name: str) -> listing.Taste:
    return listing.taste(_module(name), current_app.extensions["settings"].project)


def _module(name: str) -> Module:
    module: Module = current_app.extensions["modules"][name]
    if module.kind != "files":
        raise KeyError(name)
    return module
