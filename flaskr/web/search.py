"""The search through all media: one page, a section for each kind."""

from flask import Blueprint, current_app, render_template, request

from flaskr.listing.everywhere import everywhere
from flaskr.listing.query import WAYS
from flaskr.web.found import in_worker

pages = Blueprint("search", __name__)


@pages.get("/search")
def search() -> str:
    typed = " ".join(request.args.get("q", "").replace("\0", " ").split())[:200]
    by = request.args.get("by") if request.args.get("by") in WAYS else WAYS[0]
    modules = [module for module in current_app.extensions["modules"].values() if module.kind == "files"]
    found = everywhere(modules, typed, by, run=in_worker) if typed else []
    return render_template("search.html", typed=typed, by=by, found=found)
