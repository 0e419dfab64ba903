"""Errors as pages: each known error has its status and its sentence; programs get the same as JSON."""

import logging

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from flaskr.config import InvalidSettings
from flaskr.feedback.ratings import InvalidRating, NothingToUndo
from flaskr.jobs.compute import Busy
from flaskr.library.paths import Outside
from flaskr.library.tidy import NothingToPutBack, Refused
from flaskr.listing.strict import InvalidQuery, Unknown
from flaskr.media.contract import Unreadable
from flaskr.progress import Stopped, Unavailable

log = logging.getLogger(__name__)
KNOWN = {InvalidRating: 400, NothingToUndo: 409, Outside: 403, Unreadable: 422, Stopped: 409, InvalidSettings: 400,
         Busy: 503, Unavailable: 503, Refused: 403, NothingToPutBack: 409,
         InvalidQuery: 400, Unknown: 404}
WORDS = {404: "There is nothing at this address.", 405: "This address can't be used that way.",
         413: "What was sent is too large.", 500: "Something went wrong here. Nothing you rated is lost; the log says more."}


def register(app: Flask) -> None:
    """Turn every error into an answer with a sentence."""
    for kind, status in KNOWN.items():
        app.register_error_handler(kind, lambda error, status=status: answer(status, str(error)))
    app.register_error_handler(KeyError, _missing)
    app.register_error_handler(FileNotFoundError, lambda error: answer(
        404, "The file is not where it was when the library was last scanned. Scan again to find it."))
    app.register_error_handler(CSRFError, lambda error: answer(
        400, "This page was open for too long or its form was not ours. Reload it and try again."))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(HTTPException, lambda error: answer(
        error.code or 500, WORDS.get(error.code, error.description or "")))


def answer(status: int, words: str) -> tuple[Response | str, int]:
    """The error as JSON for a script, as a page for a person."""
    if wants_json():
        return jsonify(error=words), status
    return render_template("error.html", status=status, words=words), status


def wants_json() -> bool:
    """Whether the caller is a script that asked for JSON. A catalogue is asked by programs that say nothing, too, and there
    `?format=` says it whatever the caller accepts."""
    module = current_app.extensions["modules"].get(request.blueprint)
    if module is not None and module.kind == "catalogue":
        if request.args.get("format") in ("json", "html"):
            return request.args["format"] == "json"
        if not any(kind in ("text/html", "application/xhtml+xml") for kind, _ in request.accept_mimetypes):
            return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def _missing(error: KeyError) -> tuple[Response | str, int]:
    if not error.args or not isinstance(error.args[0], int | str):
        raise error
    log.info("not found: %r", error.args[0])
    return answer(404, "There is no such thing here (any more).")


def _database(error: OperationalError) -> tuple[Response | str, int]:
    log.error("database: %s", error)
    reason = str(error.orig).lower()
    if "full" in reason:
        return answer(507, "The disk is full, so this could not be saved. Nothing saved before is lost.")
    if "locked" in reason:
        return answer(503, "The database is busy. Try again in a moment.")
    if "no such table" in reason or "no such column" in reason:
        return answer(500, "The database is not up to date: run `flask --app flaskr init-db`.")
    return answer(500, WORDS[500])
