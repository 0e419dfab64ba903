"""The home page: what is here, what was learned, what to do next."""

from flask import Blueprint, Response, current_app, jsonify, render_template

from flaskr.listing.overview import overview

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> str:
    settings = current_app.extensions["settings"]
    modules = [module for module in current_app.extensions["modules"].values() if module.kind == "files"]
    return render_template("home.html", overviews=[overview(module, settings) for module in modules])


@pages.get("/health")
def health() -> Response:
    """For container checks: the process answers."""
    return jsonify(ok=True)
