"""Pages only music has: the radio, and the queue that the player asks for."""

import secrets

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from flaskr.listing import overview, radio
from flaskr.listing.query import LAST_SEED, number
from flaskr.web.shown import facts_of

COUNT = 12
RECENT = 100


def add(pages: Blueprint) -> None:
    """Add this module's routes to its blueprint."""
    pages.add_url_rule("/radio", "radio", radio_page)
    pages.add_url_rule("/radio/queue", "queue", queue)


def radio_page() -> str:
    """The radio: what comes next by this seed, each with its reasons, before any script runs."""
    seed = _seed()
    module, settings = current_app.extensions["modules"]["music"], current_app.extensions["settings"]
    picks = radio.queue(module, seed=seed, count=COUNT, explore=settings.ranking.explore)
    return render_template("music/radio.html", module=module, picks=picks, seed=seed,
                           another=secrets.randbelow(10_000), overview=overview.overview(module, settings))


def queue() -> Response:
    """JSON: the next songs by ?seed=, after the ids in ?recent=1,2,3 (oldest first)."""
    module, settings = current_app.extensions["modules"]["music"], current_app.extensions["settings"]
    recent = [int(id_) for id_ in request.args.get("recent", "").split(",")[-RECENT:] if id_.isdecimal()]
    count = int(number(request.args.get("count"), 1, 50) or COUNT)
    picks = radio.queue(module, seed=_seed(), count=count, recent=recent, explore=settings.ranking.explore)
    return jsonify(songs=[facts_of(module, pick.item) | {
        "why": [{"name": reason.name, "factor": reason.factor, "words": reason.words} for reason in pick.reasons]}
        for pick in picks])


def _seed() -> int:
    given = number(request.args.get("seed"), 0, LAST_SEED)
    return secrets.randbelow(10_000) if given is None else int(given)
