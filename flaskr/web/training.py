"""The Train page: the button, the honest figures, the versions and the way back."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from flaskr.evaluator.cards import cards, folder_of
from flaskr.extensions import socketio
from flaskr.jobs import queue
from flaskr.jobs.learn import LEAST, go_back
from flaskr.listing.overview import overview
from flaskr.media.contract import Module

pages = Blueprint("training", __name__)


@pages.get("/train")
def train() -> str:
    settings = current_app.extensions["settings"]
    modules = [module for module in current_app.extensions["modules"].values() if module.kind == "files"]
    return render_template(
        "train.html", least=LEAST,
        parts=[(overview(module, settings), cards(folder_of(settings.project, module.name))) for module in modules])


@pages.post("/train/<name>/back")
def back(name: str) -> Response:
    """Make an earlier version of a module's evaluator the current one, and predict with it."""
    module: Module = current_app.extensions["modules"][name]
    if module.kind != "files":
        raise KeyError(name)
    go_back(folder_of(current_app.extensions["settings"].project, module.name), request.form.get("version", ""))
    queue.enqueue("predict", name)
    socketio.emit("evaluator", {"module": name})
    return redirect(url_for("training.train"), 303)
