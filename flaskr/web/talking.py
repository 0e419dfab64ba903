"""Talk about a catalogue: a page for people, with or without script, and an address for programs."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for

from flaskr.config import REPOSITORY
from flaskr.listing.strict import given
from flaskr.talk import memory
from flaskr.talk.check import MARK, unmarked
from flaskr.talk.contract import Answer, Model, Voice
from flaskr.talk.conversation import LONGEST, WITHOUT
from flaskr.talk.speak import model_of, say
from flaskr.web.errors import wants_json

ME = "me"  # the person at the browser
LISTED = re.compile(r"\s*(\d{1,2}[.)]|[-*•])\s+")
COMMANDS = {"user_id": f"for whom the titles are chosen: the number of a user, or “{ME}” for you",
            "user_message": f"what is asked, at most {LONGEST:,} characters",
            "format": "json or html; default: what your program accepts"}


def add(pages: Blueprint, voice: Callable[[], Voice]) -> None:
    """Add /talk to a catalogue's blueprint; `voice` is called when somebody talks, because it loads what ranks."""
    pages.add_url_rule("/talk", "talk_how", lambda: how(voice))
    pages.add_url_rule("/talk/<user_id>", "talk", lambda user_id: show(voice, user_id))
    pages.add_url_rule("/talk/<user_id>", "talk_post", lambda user_id: post(voice, user_id), methods=["POST"])
    pages.add_url_rule("/talk/<user_id>/<path:user_message>", "talk_ask",
                       lambda user_id, user_message: ask(voice, user_id, user_message))


def how(voice: Callable[[], Voice]) -> Response | str:
    """How to ask; with a user, the way to their page."""
    if user_id := request.args.get("user_id", "").strip():
        voice().person(user_id)
        return redirect(url_for(f"{request.blueprint}.talk", user_id=user_id))
    given(request.args, ())
    asked = {url_for(f"{request.blueprint}.talk_ask", user_id=ME, user_message=one): one for one in voice().examples}
    if wants_json():
        return jsonify(commands=COMMANDS, examples=list(asked), note=_note())
    return render_template("talk/how.html", commands=COMMANDS, examples=asked, note=_note(), me=ME)


def show(voice: Callable[[], Voice], user_id: str) -> Response | str:
    """The conversation so far."""
    given(request.args, ())
    speaker = voice()
    speaker.person(user_id)
    if not wants_json():
        return _page(speaker, user_id)
    return jsonify(user_id=user_id, note=_note(), turns=[
        {"role": turn.role, "words": unmarked(turn.words), "note": turn.note, "at": turn.at}
        for turn in memory.remembered(speaker.module, user_id)])


def ask(voice: Callable[[], Voice], user_id: str, user_message: str) -> Response | str:
    """The answer to what stands in the address. It is remembered, so no other site and no guess ahead may ask."""
    given(request.args, ())
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") or any(
            "prefetch" in request.headers.get(name, "") for name in ("Sec-Purpose", "X-Sec-Purpose", "Purpose")):
        abort(403, "A conversation is answered only to you, not to another site or ahead of your click.")
    speaker = voice()
    message, found = _say(speaker, user_id, user_message)
    return _as_json(speaker, user_id, message, found) if wants_json() else _page(speaker, user_id)


def post(voice: Callable[[], Voice], user_id: str) -> Response:
    """A message of the page's form, or the wish to forget."""
    speaker = voice()
    if request.form.get("act") == "forget":
        speaker.person(user_id)
        gone = memory.forget(speaker.module, user_id)
        return jsonify(forgotten=gone) if wants_json() else redirect(url_for(f"{speaker.module}.talk", user_id=user_id), 303)
    message, found = _say(speaker, user_id, request.form.get("message", ""))
    if wants_json():
        return _as_json(speaker, user_id, message, found)
    return redirect(url_for(f"{speaker.module}.talk", user_id=user_id, _anchor="talk-last"), 303)


def _say(voice: Voice, user_id: str, message: str) -> tuple[str, Answer]:
    return say(voice, user_id, message, _model(), current_app.extensions["settings"].talk)


def _model() -> Model | None:
    extensions = current_app.extensions
    return model_of(extensions["settings"].talk, REPOSITORY / "models", extensions["talking"].run)


def _note() -> str:
    return "" if _model() else WITHOUT


def _as_json(voice: Voice, user_id: str, message: str, found: Answer) -> Response:
    rows = voice.facts(found.titles)
    return jsonify(
        user_id=user_id, message=message, answer=unmarked(found.words), by=found.by or None, note=found.note or None,
        titles=[dict(rows[one]) | {"url": voice.link(rows[one]["name"])} for one in found.titles if one in rows],
        unknown=found.unknown, looked_up=[{"tool": step.tool, "arguments": step.arguments} for step in found.steps])


def _page(voice: Voice, user_id: str) -> str:
    model = _model()
    turns = [{"role": turn.role, "note": "" if turn.note == WITHOUT else turn.note, "words": turn.words,
              "lines": [_line(voice, line) for line in turn.words.split("\n") if line.strip()]}
             for turn in memory.remembered(voice.module, user_id)]
    return render_template("talk/talk.html", voice=voice, user_id=user_id, me=ME, turns=turns, model=model,
                           longest=LONGEST, empty=not turns and not voice.entries(),
                           here=url_for(f"{voice.module}.talk", user_id=user_id))


def _line(voice: Voice, words: str) -> dict[str, Any]:
    """A line of an answer: whether it is one of a list, its sign, and its parts: words, the address that they lead to or ""."""
    sign = LISTED.match(words)
    parts = MARK.split(words[sign.end():] if sign else words)
    return {"sign": sign[1] if sign else "", "parts": [(part, voice.link(part) if at % 2 else "")
                                                       for at, part in enumerate(parts) if part]}
