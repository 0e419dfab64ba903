"""Say something and be answered: who is it, what was said before, the answer, and the memory of both."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flaskr.jobs.compute import Busy
from flaskr.talk import memory
from flaskr.talk.contract import Answer, Limits, Model, Voice
from flaskr.talk.conversation import answer, cleaned
from flaskr.talk.endpoint import Endpoint
from flaskr.talk.local import Local

AT_ONCE = 8  # answers that are looked for at a time: each holds a thread of the server

_places = threading.BoundedSemaphore(AT_ONCE)


def model_of(talk: Any, models: Path, run: Callable[..., Any]) -> Model | None:
    """The language model that the settings `talk` name; None where they name none. `run`: `Compute.run` of its own worker."""
    if talk.endpoint:
        return Endpoint(talk.endpoint, talk.endpoint_model or "default", talk.endpoint_anywhere)
    return Local(models / talk.model, run) if talk.model else None


def say(voice: Voice, person_id: str, message: str, model: Model | None, talk: Any) -> tuple[str, Answer]:
    """(the message as it was taken, its answer), both remembered. InvalidQuery, Unknown, or Busy where too many ask at once."""
    message, person = cleaned(message), voice.person(person_id)
    with _place():
        turns = memory.remembered(voice.module, person_id)
        found, wish = answer(voice, person, message, turns, model, Limits(talk.steps, talk.tokens, talk.seconds))
    memory.remember(voice.module, person_id, message, found.words, titles=found.titles, note=found.note, wish=wish,
                    most=talk.remembered)
    return message, found


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise Busy("Too many answers are being looked for just now. Try again in a moment.")
    try:
        yield
    finally:
        _places.release()
