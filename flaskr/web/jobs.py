"""The jobs page: what runs, what waits, how it went, and the wishes to pause, resume or cancel."""

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from flaskr.jobs import queue
from flaskr.jobs.queue import as_dict
from flaskr.listing import history
from flaskr.web.back import back
from flaskr.web.errors import wants_json

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

__all__ = ["as_dict", "pages"]


@pages.get("/")
def jobs() -> str:
    return render_template("jobs.html", jobs=[(job, as_dict(job)) for job in history.jobs()])


@pages.get("/<int:job_id>")
def job(job_id: int) -> str:
    found = history.job(job_id)
    lines, total = history.lines(job_id)
    return render_template("job.html", job=found, facts=as_dict(found), lines=lines, total=total)


@pages.post("/demo")
def demos() -> Response:
    """Queue the demo library of every module that has one; what the bar plays comes first, to be heard meanwhile."""
    modules = [module for module in current_app.extensions["modules"].values() if module.demo]
    made = [queue.enqueue("demo", module.name) for module in sorted(modules, key=lambda module: not module.queued)]
    return jsonify([as_dict(job) for job in made]) if wants_json() else back(url_for("home.home"))


@pages.post("/<verb>/<name>")
def enqueue(verb: str, name: str) -> Response:
    """Queue a verb for a module."""
    module = current_app.extensions["modules"][name]
    if module.kind != "files" and module.step(verb) is None:
        raise KeyError(name)
    made = queue.enqueue(verb, module.name)
    return jsonify(as_dict(made)) if wants_json() else back(url_for("jobs.jobs"))


@pages.post("/<int:job_id>/<any(pause, resume, cancel):what>")
def wish(job_id: int, what: str) -> Response:
    asked = queue.wish(job_id, what)
    return jsonify(as_dict(asked)) if wants_json() else back(url_for("jobs.jobs"))
