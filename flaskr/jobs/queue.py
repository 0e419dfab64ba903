"""The one queue: jobs and their progress in the database, run in background threads, one job a lane at a time."""

import fcntl
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from flaskr.evaluator.cards import current_version, folder_of
from flaskr.extensions import db, socketio
from flaskr.jobs.blend import version
from flaskr.jobs.learn import waits
from flaskr.jobs.mapping import outdated
from flaskr.jobs.steps import STEPS, Work, following, step
from flaskr.progress import Cancelled, Report, Stopped
from flaskr.tables import Job, JobLine

log = logging.getLogger(__name__)
OPEN = ("queued", "running", "paused")
KEPT = 200
MOST_LINES = 10_000
PATIENCE = 30
TELL = 0.25  # seconds between two progress notes: smooth to the eye, nothing to the database
# Learning takes seconds and must not wait for hours of embedding: it has a lane of its own.
LANES = (("scan", "embed", "demo", "compare"), ("train", "universal", "predict", "map"))
_wake = {lane: threading.Event() for lane in LANES}


def enqueue(verb: str, module: str) -> Job:
    """Put a job into the queue; the one that already waits for the same is answered instead."""
    if verb not in STEPS:
        raise KeyError(verb)
    waiting = db.session.scalar(select(Job).where(Job.verb == verb, Job.module == module, Job.state == "queued"))
    if waiting is None:
        waiting = Job(verb=verb, module=module, queued=time.time())
        db.session.add(waiting)
        db.session.commit()
        announce(waiting)
    for lane in LANES:
        if verb in lane:
            _wake[lane].set()
    return waiting


def wish(job_id: int, what: str) -> Job:
    """Ask a job to `pause`, `resume` or `cancel`; it follows at its next batch. KeyError for an unknown one."""
    job = db.session.get(Job, job_id)
    if job is None or what not in ("pause", "resume", "cancel"):
        raise KeyError(job_id)
    if job.state == "queued" and what == "cancel":
        job.state, job.ended, job.words = "cancelled", time.time(), "Cancelled before it began."
    elif job.state in OPEN:
        job.wish = "" if what == "resume" else what
    db.session.commit()
    announce(job)
    return job


def start(app: Flask) -> None:
    """Begin to work: what a killed process left goes back into the queue, and goes on where it stopped.

    Of several servers on one project folder one works; another waits until that one has ended.
    """
    socketio.start_background_task(begin_alone, app)


def begin_alone(app: Flask) -> None:
    """Work the lanes from the moment on at which no other process does."""
    lock = (app.extensions["settings"].project / "database" / "queue.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:  # a network folder without locks
        log.warning("the project folder knows no locks: start only one server on it")
    app.extensions["queue_lock"] = lock  # the system lets go of it when this process ends
    for lane in LANES:
        put_back(app, lane)
        socketio.start_background_task(_work, app, lane)


def put_back(app: Flask, lane: tuple[str, ...]) -> None:
    """Queue again what was begun in a lane and not ended."""
    begun = (Job.state.in_(("running", "paused")), Job.verb.in_(lane))
    with app.app_context():
        db.session.execute(update(Job).where(*begun).values(state="queued", wish=""))
        db.session.commit()


def announce(job: Job) -> None:
    """Tell every open page how a job stands."""
    socketio.emit("job", as_dict(job))


def as_dict(job: Job) -> dict[str, Any]:
    """Small facts of a job, for a page and for news; `rate` in items/s, `left` in seconds, None while unknown."""
    spent = (job.ended or time.time()) - job.started if job.started else 0.0
    rate = job.done / spent if spent > 1 and job.done else None
    left = (job.total - job.done) / rate if rate and job.total and job.state == "running" else None
    return {"id": job.id, "verb": job.verb, "module": job.module, "state": job.state, "done": job.done,
            "total": job.total, "words": job.words, "rate": rate and round(rate, 1), "left": left and round(left),
            "wish": job.wish}


def run_next(app: Flask, lane: tuple[str, ...] = tuple(STEPS)) -> bool:
    """Run the oldest waiting job of a lane to its end; False when none waits."""
    with app.app_context():
        waiting = select(Job).where(Job.state == "queued", Job.verb.in_(lane))
        # A demo library waits until the one before it can be used.
        job = db.session.scalar(waiting.order_by(Job.verb == "demo", Job.id).limit(1))
        if job is None:
            return False
        job.state, job.started, job.wish, job.done, job.total = "running", time.time(), "", 0, 0
        db.session.commit()
        announce(job)
        report = _run(app, job.id, job.verb, job.module)
        if report is None and job.verb == "universal":
            report = Report(job.verb, job.module)  # the module's own evaluator is there: it predicts alone
        if report is not None:
            follow(app, report)
        return True


def follow(app: Flask, report: Report) -> None:
    """Queue what a finished verb asks for; what was learned across media may move the predictions of every kind. What a
    catalogue does ends there."""
    if app.extensions["modules"][report.module].kind != "files":
        return
    project = app.extensions["settings"].project
    trained = current_version(folder_of(project, report.module)) is not None
    verb = following(report, trained=trained, predicted=version(project, report.module) is not None)
    if report.verb == "universal":
        for name, module in app.extensions["modules"].items():
            if module.kind == "files" and waits(module, version(project, name)):
                enqueue(verb, name)
    elif verb:
        enqueue(verb, report.module)
    if report.verb in ("embed", "predict") and outdated(app.extensions["modules"][report.module], project):
        enqueue("map", report.module)


def _work(app: Flask, lane: tuple[str, ...]) -> None:
    lost = False
    while True:
        _wake[lane].clear()
        try:
            if lost:
                put_back(app, lane)
            lost = False
            if not run_next(app, lane):
                _wake[lane].wait(timeout=PATIENCE)
        except SQLAlchemyError:  # a full disk, say: not even the job's end could be written
            log.exception("the queue can't write to the database; it tries again in %s seconds", PATIENCE)
            lost = True
            time.sleep(PATIENCE)


def _run(app: Flask, job_id: int, verb: str, name: str) -> Report | None:
    """One job; whatever happens in it ends as a state and a sentence, never as a dead queue."""
    note, report, state, words = Note(job_id), None, "done", ""
    try:
        work = Work(app.extensions["settings"], app.extensions["compute"], app.extensions["modules"][name], note)
        report = step(work.module, verb)(work)
        words = report.words
    except Cancelled:
        state, words = "cancelled", "Cancelled. What was done stays done."
    except Stopped as stop:
        state, words = "stopped", str(stop)
        note.end_with(stop.report)
    except Exception as error:  # the job runner: a fault in one job must not end the others
        log.exception("job %s %s failed", verb, name)
        state, words = "failed", f"{type(error).__name__}: {error}"[:1000]
    finally:
        db.session.rollback()
    note.end_with(report)
    note.close(state, words)
    if state in ("stopped", "failed"):
        socketio.emit("notice", {"words": words})
    if report is not None and verb == "demo":
        app.extensions["reload_settings"]()
    socketio.emit({"train": "evaluator", "universal": "evaluator"}.get(verb, "library"),
                  {"module": name, "verb": verb, "state": state})
    return report


class Note:
    """Progress of one job: written to its row and told to the pages, at most four times a second."""

    def __init__(self, job_id: int) -> None:
        self.job_id, self._last = job_id, 0.0

    def __call__(self, done: int, total: int, words: str = "") -> None:
        if time.monotonic() - self._last < TELL and not (total and done == total):
            return
        self._last = time.monotonic()
        if self._write(lambda job: self._advance(job, done, total, words)) == "pause":
            self._wait()

    def end_with(self, report: Report | None) -> None:
        """Keep what a verb counted, and each unreadable file as a line of the log."""
        if report is None:
            return
        with Session(db.engine) as session:
            job, now = session.get(Job, self.job_id), time.time()
            job.report = {key: value for key, value in report.as_dict().items() if key != "unreadable"}
            session.add_all(JobLine(job_id=self.job_id, at=now, path=path, words=reason)
                            for path, reason in report.unreadable[:MOST_LINES])
            session.commit()

    def close(self, state: str, words: str) -> None:
        def last(job: Job) -> None:
            job.state, job.ended, job.words = state, time.time(), words or job.words
        self._write(last)
        with Session(db.engine) as session:
            old = select(Job.id).where(Job.state.not_in(OPEN)).order_by(Job.id.desc()).offset(KEPT)
            gone = list(session.scalars(old))
            session.execute(delete(JobLine).where(JobLine.job_id.in_(gone)))
            session.execute(delete(Job).where(Job.id.in_(gone)))
            session.commit()

    def _advance(self, job: Job, done: int, total: int, words: str) -> None:
        job.done, job.total, job.words = done, total, words or job.words

    def _wait(self) -> None:
        self._write(lambda job: setattr(job, "state", "paused"))
        while self._write(lambda job: None, quiet=True) == "pause":
            time.sleep(TELL)
        self._write(lambda job: setattr(job, "state", "running"))

    def _write(self, change: Callable[[Job], None], quiet: bool = False) -> str:
        """Change the job's row in a session of its own; the wish that stands there. Raises Cancelled when asked to."""
        with Session(db.engine) as session:
            job = session.get(Job, self.job_id)
            change(job)
            asked, facts = job.wish, as_dict(job)
            session.commit()
        if not quiet:
            socketio.emit("job", facts)
        if asked == "cancel" and facts["state"] in OPEN:
            raise Cancelled
        return asked
