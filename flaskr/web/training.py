"""The Train page: the button, the honest figures, the versions, two of them side by side, and a taste that travels."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for

from flaskr.evaluator.cards import folder_of
from flaskr.extensions import socketio
from flaskr.jobs import learning as signs
from flaskr.jobs import portable, queue
from flaskr.jobs.learn import LEAST, go_back
from flaskr.listing.compare import compare as compared
from flaskr.listing.training import Learned, of_module
from flaskr.media.contract import Module
from flaskr.web.charts import Line, Lines, lines, of_evaluator
from flaskr.web.shown import lasting
from flaskr.web.told import told

pages = Blueprint("training", __name__)
NAMES = {"mean": "Your average", "ridge": "A straight line", "knn": "Most alike items"}
LIVE = {"spearman": "In your order", "mae": "Off by", "pairs": "Which of two", "ndcg10": "Favourites first"}


@pages.get("/train")
def train() -> str:
    modules = [module for module in current_app.extensions["modules"].values() if module.kind == "files"]
    return render_template("train.html", least=LEAST, parts=[_part(module) for module in modules])


@pages.get("/train/<name>/learning")
def learning(name: str) -> str:
    """What a training that runs has found so far, as a frame of the Train page."""
    return render_template("learning.html", name=_module(name).name, **_so_far(name))


@pages.post("/train/<name>/enough")
def enough(name: str) -> Response:
    """Ask the training that runs to stop and to keep the best it has found."""
    running = signs.enough(_folder(_module(name)))
    return told("It stops and keeps the best it has found." if running else "No training runs any more.",
                url_for("training.train"))


@pages.post("/train/<name>/back")
def back(name: str) -> Response:
    """Make an earlier version of a module's evaluator the current one, and predict with it."""
    go_back(_folder(_module(name)), request.form.get("version", ""))
    return _predict_anew(name)


@pages.get("/train/<name>/compare")
def compare(name: str) -> str:
    """Two kept versions, `?a=` and `?b=`, side by side."""
    module, settings = _module(name), current_app.extensions["settings"]
    found = compared(module, request.args.get("a", ""), request.args.get("b", ""), settings.project,
                     current_app.extensions["previews"].run)
    return render_template("compare.html", module=module, found=found)


@pages.get("/train/<name>/export")
def export(name: str) -> Response:
    """The current evaluator as one file; `?ratings=yes` puts the ratings into it, too."""
    module = _module(name)
    made = portable.export(module, current_app.extensions["settings"].project,
                           with_ratings=request.args.get("ratings") == "yes")
    return send_file(made, "application/zip", as_attachment=True, download_name=f"taste-{module.name}.zip")


@pages.post("/train/<name>/import")
def bring(name: str) -> Response:
    """Bring in an evaluator from a file, as a new version that predicts at once."""
    module = _module(name)
    words = portable.bring(module, request.files["taste"].stream if "taste" in request.files else None,
                           current_app.extensions["settings"].project, run=current_app.extensions["previews"].run)
    flash({"words": words, "undo": "", "trouble": False})
    return _predict_anew(name)


@pages.url_value_preprocessor
def let_a_taste_in(endpoint: str | None, _values: dict | None) -> None:
    """Before the form is read: an evaluator is larger than other forms are."""
    if endpoint == "training.bring":
        request.max_content_length = portable.LARGEST


def _predict_anew(name: str) -> Response:
    queue.enqueue("predict", name)
    socketio.emit("evaluator", {"module": name})
    return redirect(url_for("training.train"), 303)


def _module(name: str) -> Module:
    """A module that learns; KeyError for others."""
    module: Module = current_app.extensions["modules"][name]
    if module.kind != "files":
        raise KeyError(name)
    return module


def _folder(module: Module) -> Any:
    return folder_of(current_app.extensions["settings"].project, module.name)


def _part(module: Module) -> tuple:
    """(overview, learned, charts, how long a training takes, name, what a training has told, its chart)."""
    seen, learned = of_module(module, current_app.extensions["settings"])
    return seen, learned, _charts(learned), lasting(learned.seconds), module.name, *_so_far(module.name).values()


def _charts(learned: Learned) -> dict[str, Any]:
    return of_evaluator(learned, NAMES | {"group": f"By {learned.group}" if learned.group else "By group"})


def _so_far(name: str) -> dict[str, Any]:
    found = signs.so_far(_folder(_module(name)))
    return {"told": found, "chart": _live(found["steps"]) if found else None}


def _live(steps: list[dict[str, float]]) -> Lines | None:
    """The first known figure that a training tells, over its course."""
    figure = next((one for one in LIVE if sum(one in step for step in steps) > 1), None)
    if figure is None:
        return None
    points = [(100 * step["fraction"], step[figure]) for step in steps if figure in step]
    return lines("Learning so far", "How good its guesses of hidden ratings are while it learns.",
                 [Line(LIVE[figure], "ours", points)], across="Per cent of the training", up=LIVE[figure],
                 share=figure != "mae")
