"""What follows ratings once the person pauses: enough new ones are learned from, fewer move the rest of the predictions."""

import logging
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from flaskr.embeddings.store import matrix
from flaskr.evaluator.cards import current_card, current_version, folder_of
from flaskr.extensions import db
from flaskr.jobs import moving, queue
from flaskr.jobs.compute import Busy
from flaskr.jobs.learn import LEAST
from flaskr.media.contract import Module, Unreadable
from flaskr.tables import Job

log = logging.getLogger(__name__)
PAUSE = 4.0  # seconds without a further rating


class Afterwards:
    """Waits for a pause after each module's last rating. Made by the server; tests and commands do without."""

    def __init__(self, app: Flask, pause: float = PAUSE) -> None:
        self.app, self.pause = app, pause
        self._timers: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()

    def rated(self, module: Module) -> None:
        """Something of the module was rated, or a rating taken back: begin to wait, anew."""
        timer = threading.Timer(self.pause, self._paused, [module])
        timer.daemon = True
        with self._lock:
            if before := self._timers.pop(module.name, None):
                before.cancel()
            self._timers[module.name] = timer
        timer.start()

    def close(self) -> None:
        """Wait no longer."""
        with self._lock:
            for timer in self._timers.values():
                timer.cancel()

    def _paused(self, module: Module) -> None:
        try:
            with self.app.app_context():
                if follow(self.app, module) == "later":
                    self.rated(module)
        except (Busy, Unreadable, ValueError, SQLAlchemyError):  # the next rating, training or prediction makes up for it
            log.exception("the predictions of %s could not follow its ratings", module.name)


def follow(app: Flask, module: Module) -> str:
    """What was done: "train" queued, "moved" all predictions, "later" while the module learns, or "nothing"."""
    settings = app.extensions["settings"]
    if learning(module):
        return "later"
    if due(module, settings.project, settings.evaluator.retrain_after):
        queue.enqueue("train", module.name)
        return "train"
    if current_version(folder_of(settings.project, module.name)) is None:
        return "nothing"
    moving.settle(module, settings.project, run=app.extensions["instant"].run)
    return "moved"


def learning(module: Module) -> bool:
    """Whether a training or a prediction of the module waits or runs."""
    return bool(db.session.scalar(select(func.count()).select_from(Job).where(
        Job.module == module.name, Job.verb.in_(("train", "universal", "predict")), Job.state.in_(queue.OPEN))))


def due(module: Module, project: Path, after: int) -> bool:
    """Whether at least `after` ratings (0: never) of items with a vector wait to be learned from, and all together suffice.

    Never while a taste that was brought in serves: only the person replaces that one.
    """
    card = current_card(folder_of(project, module.name))
    if not after or (card is not None and card["report"].get("imported")):
        return False
    held, told = matrix(module), moving.since(module, project)
    rated = db.session.scalars(select(module.Item.id).where(module.Item.rating.is_not(None)))
    known = len(held.rows_of(rated)[0])
    new = known if told is None else told.count
    return known >= LEAST and new >= after
