"""Rate these: one item at a time, chosen so that its rating teaches most; works by a form, and by keys with a script."""

import re
import secrets
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from flaskr.extensions import socketio
from flaskr.feedback import places, ratings
from flaskr.listing.asking import question
from flaskr.listing.query import number
from flaskr.media.contract import Module

MOST_SEEDS = 10**9
MOST_BEFORE = 300  # answers that the address remembers, for undo and so that what was skipped stays away
RATED = "r"
ORIGINS = {"random": "random"}  # ratings of what was drawn by chance stay apart: a fair test; all others are "queue"


def add(pages: Blueprint, module: Module) -> None:
    """Add /<module>/rate-these to a module's blueprint."""
    pages.add_url_rule("/rate-these", "rate_these", lambda: show(module))
    pages.add_url_rule("/rate-these", "answer_these", lambda: answer(module), methods=["POST"])


def show(module: Module) -> str:
    """The question that the address asks for."""
    asked = _asked(request.args)
    found = question(module, seed=asked["seed"], number=asked["number"], skipped=_skipped(asked["before"]))
    return render_template(
        "media/rate_these.html", module=module, item=found.item, question=found, asked=asked,
        skipped=len(_skipped(asked["before"])),
        place=places.place(module, found.item.id) if found.item is not None and module.resumes else None)


def answer(module: Module) -> Response:
    """Rate, skip or undo, then the next question."""
    asked, act = _asked(request.form), request.form.get("act", "")
    before, at = asked["before"], asked["number"]
    item_id = int(number(request.form.get("id"), 0, 2**53) or 0)
    if act == "undo":
        if before and before[-1] == RATED:
            _tell(module, ratings.undo(module))
        before, at = before[:-1], max(0, at - 1)
    elif act == "skip":
        before, at = [*before, str(item_id)], at + 1
    else:
        rating = ratings.parse(request.form.get("points") or request.form.get("rating"))
        if rating is None:
            raise ratings.InvalidRating("Give a number from 0 to 10, or skip it.")
        origin = ORIGINS.get(request.form.get("kind", ""), "queue")
        _tell(module, [ratings.rate(module, item_id, rating, origin=origin)])
        before, at = [*before, RATED], at + 1
    return redirect(url_for(f"{module.name}.rate_these", seed=asked["seed"], number=at,
                            before=".".join(before[-MOST_BEFORE:]) or None), 303)


def _asked(given: Any) -> dict[str, Any]:
    """seed, number of the question and what was answered before ("r": rated; an id: skipped), made safe."""
    seed = number(given.get("seed"), 0, MOST_SEEDS)
    before = re.findall(r"(?:\d{1,18}|r)(?=\.|$)", given.get("before", "")[:20 * MOST_BEFORE])[-MOST_BEFORE:]
    return {"seed": secrets.randbelow(MOST_SEEDS) if seed is None else int(seed),
            "number": int(number(given.get("number"), 0, MOST_SEEDS) or 0), "before": before}


def _skipped(before: list[str]) -> list[int]:
    return [int(one) for one in before if one != RATED]


def _tell(module: Module, changes: list[ratings.Change]) -> None:
    for change in changes:
        socketio.emit("rating", {"module": module.name, "id": change.item_id, "rating": change.rating})
