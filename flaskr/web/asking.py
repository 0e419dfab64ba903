"""Rate these: one question at a time, chosen so that its answer teaches most; works by a form, and by keys with a script.

Three ways (?mode=): rate an item, say which of two, rate again what was rated long ago. Of one kind of media, or of all
in turn at /rate-these.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from flaskr.extensions import socketio
from flaskr.feedback import comparisons, places, ratings
from flaskr.listing import asking, compared, live
from flaskr.listing.query import number
from flaskr.media.contract import Module
from flaskr.web import moving

MOST_SEEDS = 10**9
MOST_BEFORE = 300  # answers that the address remembers, for undo and so that what was skipped stays away
RATED = "r"
ORIGINS = {"random": "random"}  # ratings of what was drawn by chance stay apart: a fair test; all others are "queue"
QUESTIONS: dict[str, Callable[..., asking.Question]] = {"": asking.question, "two": asking.two, "again": asking.again}
TITLES = {"": "One by one", "two": "Which of two?", "again": "Would you still?"}

pages = Blueprint("asking", __name__)


@dataclass(frozen=True)
class Asked:
    """The address of a question: what was answered before ("r": rated; an id: skipped; each with "~" and its module)."""

    seed: int
    number: int
    before: tuple[str, ...]
    mode: str

    def skipped(self, module: Module) -> list[int]:
        """Ids of the module that were skipped."""
        answers = (token.split("~") for token in self.before)
        return [int(kind) for kind, name in answers if name == module.name and kind != RATED]


def add(pages: Blueprint, module: Module) -> None:
    """Add /<module>/rate-these to a module's blueprint."""
    pages.add_url_rule("/rate-these", "rate_these", lambda: show([module]))
    pages.add_url_rule("/rate-these", "answer_these", lambda: answer([module]), methods=["POST"])


@pages.get("/rate-these")
def rate_these() -> str:
    """Questions of all kinds of media in turn."""
    return show(_kinds())


@pages.post("/rate-these")
def answer_these() -> Response:
    return answer(_kinds())


def show(modules: Sequence[Module]) -> str:
    """The question that the address asks for."""
    asked = _asked(request.args)
    module, found = _next(modules, asked)
    item, mixed = found.item, request.blueprint == pages.name
    return render_template(
        f"media/{'which_of_two' if asked.mode == 'two' and item is not None else 'rate_these'}.html",
        module=module, item=item, question=found, asked=asked, titles=TITLES, mixed=mixed, kinds=_kinds(),
        skipped=sum(len(asked.skipped(one)) for one in modules), live=live.live(module), pairs=compared.preferred(module),
        last=_last(module, asked), here=url_for(f"{request.blueprint}.rate_these"),
        place=places.place(module, item.id) if item is not None and module.resumes else None)


def answer(modules: Sequence[Module]) -> Response:
    """Rate, choose, skip or undo, then the next question."""
    asked, act = _asked(request.form), request.form.get("act", "")
    before, at = asked.before, asked.number
    if act == "undo":
        _undo(modules, asked)
        before, at = before[:-1], max(0, at - 1)
    else:
        module = {one.name: one for one in modules}[request.form.get("module", modules[0].name)]
        item_id = int(number(request.form.get("id"), 0, 2**53) or 0)
        if act != "skip":
            _keep(module, asked.mode, item_id)
        before, at = (*before, f"{item_id if act == 'skip' else RATED}~{module.name}"), at + 1
    return redirect(url_for(f"{request.blueprint}.rate_these", seed=asked.seed, number=at, mode=asked.mode or None,
                            before=".".join(before[-MOST_BEFORE:]) or None), 303)


def _keep(module: Module, mode: str, item_id: int) -> None:
    """The answer, as what it is: a rating or a comparison."""
    if mode == "two":
        other = int(number(request.form.get("other"), 0, 2**53) or 0)
        better = {"first": item_id, "second": other, "neither": None}.get(request.form.get("better", ""), 0)
        origin = ORIGINS.get(request.form.get("kind", ""), asking.CLOSE)
        comparisons.compare(module, item_id, other, better, origin=origin)
        return
    rating = ratings.parse(request.form.get("points") or request.form.get("rating"))
    if rating is None:
        raise ratings.InvalidRating("Give a number from 0 to 10, or skip it.")
    origin = live.AGAIN if mode == "again" else ORIGINS.get(request.form.get("kind", ""), "queue")
    _tell(module, [ratings.rate(module, item_id, rating, origin=origin)])


def _undo(modules: Sequence[Module], asked: Asked) -> None:
    kind, _, name = asked.before[-1].partition("~") if asked.before else ("", "", "")
    module = next((one for one in modules if one.name == name), None)
    if kind != RATED or module is None:
        return
    if asked.mode == "two":
        comparisons.undo(module)
    else:
        _tell(module, ratings.undo(module))


def _next(modules: Sequence[Module], asked: Asked) -> tuple[Module, asking.Question]:
    """The question of the module whose turn it is, or of the first after it that has one."""
    turn, ask = asked.number % len(modules), QUESTIONS[asked.mode]
    for module in (*modules[turn:], *modules[:turn]):
        found = ask(module, seed=asked.seed, number=asked.number // len(modules), skipped=asked.skipped(module))
        if found.item is not None:
            return module, found
    return modules[turn], ask(modules[turn], seed=asked.seed, number=0, skipped=asked.skipped(modules[turn]))


def _last(module: Module, asked: Asked) -> Any:
    """In the second rating: the answer before, with what was said the first time."""
    kind, _, name = asked.before[-1].partition("~") if asked.before else ("", "", "")
    answered = current_app.extensions["modules"].get(name)
    return ratings.last(answered, live.AGAIN) if asked.mode == "again" and kind == RATED and answered is not None else None


def _kinds() -> list[Module]:
    return [module for module in current_app.extensions["modules"].values() if module.kind == "files"]


def _asked(given: Any) -> Asked:
    """What an address or a form says, made safe."""
    seed, module = number(given.get("seed"), 0, MOST_SEEDS), request.blueprint
    tokens = re.findall(r"(\d{1,18}|r)(~\w{1,40})?(?=\.|$)", given.get("before", "")[:60 * MOST_BEFORE])[-MOST_BEFORE:]
    return Asked(secrets.randbelow(MOST_SEEDS) if seed is None else int(seed),
                 int(number(given.get("number"), 0, MOST_SEEDS) or 0),
                 tuple(kind + (name or f"~{module}") for kind, name in tokens),
                 given.get("mode", "") if given.get("mode", "") in QUESTIONS else "")


def _tell(module: Module, changes: list[ratings.Change]) -> None:
    moving.rated(module)
    for change in changes:
        socketio.emit("rating", {"module": module.name, "id": change.item_id, "rating": change.rating})
