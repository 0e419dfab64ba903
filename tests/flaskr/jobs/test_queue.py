"""The queue: jobs run, follow each other, pause, end, and go on after a crash."""

import fcntl
import threading
import time

import pytest
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.jobs import queue
from flaskr.jobs.steps import STEPS
from flaskr.progress import Report, Stopped
from flaskr.tables import Job, JobLine


@pytest.fixture
def steps(monkeypatch):
    """steps(verb, function): replace what a verb does."""
    def put(verb, function):
        monkeypatch.setitem(STEPS, verb, function)
    return put


def state_of(job_id):
    db.session.expire_all()
    return db.session.get(Job, job_id).state


def run_in_thread(app):
    thread = threading.Thread(target=queue.run_next, args=(app,))
    thread.start()
    return thread


def wait_for(job_id, state):
    deadline = time.monotonic() + 10
    while state_of(job_id) != state:
        assert time.monotonic() < deadline, f"never {state}, but {state_of(job_id)}"
        db.session.rollback()
        time.sleep(0.02)


def slow(work):
    for step in range(400):
        work.progress(step, 400, f"step {step}")
        time.sleep(0.02)
    return Report("scan", "music").end()


def test_a_job_runs_and_what_follows_is_queued(app, write_song):
    write_song("one.wav", title="One")
    job = queue.enqueue("scan", "music").id
    assert queue.run_next(app) and state_of(job) == "done"
    assert db.session.get(Job, job).report["counts"]["added"] == 1
    following = db.session.scalar(select(Job).where(Job.state == "queued"))
    assert following.verb == "embed"


def test_the_same_job_waits_once(app):
    assert queue.enqueue("scan", "music").id == queue.enqueue("scan", "music").id


def test_unreadable_files_stand_in_the_log(app, songs):
    (songs / "broken.mp3").write_bytes(b"noise" * 500)
    job = queue.enqueue("scan", "music").id
    queue.run_next(app)
    line = db.session.scalar(select(JobLine).where(JobLine.job_id == job))
    assert line.path.endswith("broken.mp3") and line.words


@pytest.mark.parametrize(("error", "state"), [(Stopped("No folder."), "stopped"), (RuntimeError("bug"), "failed")])
def test_a_job_that_can_not_go_on_says_so_and_the_next_one_runs(app, steps, error, state):
    def fail(_work):
        raise error
    steps("scan", fail)
    steps("train", lambda work: Report("predict", "music").end("fine"))
    first, second = queue.enqueue("scan", "music").id, queue.enqueue("train", "music").id
    queue.run_next(app)
    queue.run_next(app)
    assert state_of(first) == state and str(error) in db.session.get(Job, first).words
    assert state_of(second) == "done"


def test_pause_resume_cancel(app, steps):
    steps("scan", slow)
    job = queue.enqueue("scan", "music").id
    thread = run_in_thread(app)
    wait_for(job, "running")
    queue.wish(job, "pause")
    wait_for(job, "paused")
    stood = db.session.get(Job, job).done
    time.sleep(0.4)
    db.session.expire_all()
    assert db.session.get(Job, job).done == stood
    queue.wish(job, "resume")
    wait_for(job, "running")
    queue.wish(job, "cancel")
    thread.join(timeout=10)
    assert state_of(job) == "cancelled"


def test_a_waiting_job_can_be_cancelled(app):
    job = queue.enqueue("scan", "music").id
    queue.wish(job, "cancel")
    assert state_of(job) == "cancelled" and not queue.run_next(app)


def test_what_a_killed_process_left_goes_back_into_the_queue(app, monkeypatch):
    monkeypatch.setattr(queue.socketio, "start_background_task", lambda *_: None)
    db.session.add(Job(verb="scan", module="music", state="running", queued=0.0))
    db.session.commit()
    queue.begin_alone(app)
    app.extensions["queue_lock"].close()
    assert db.session.scalar(select(Job.state)) == "queued"


def test_unknown_wishes_and_jobs_are_refused(app):
    with pytest.raises(KeyError):
        queue.wish(99, "pause")
    with pytest.raises(KeyError):
        queue.enqueue("dance", "music")


def test_facts_tell_rate_and_time_left():
    job = Job(id=1, verb="scan", module="music", state="running", done=50, total=100, words="", wish="",
              started=time.time() - 10)
    facts = queue.as_dict(job)
    assert facts["rate"] == pytest.approx(5, abs=0.2) and facts["left"] == pytest.approx(10, abs=1)


def test_a_database_that_can_not_be_written_does_not_end_the_queue(app, monkeypatch):
    from sqlalchemy.exc import OperationalError

    class Enough(BaseException):
        pass
    calls = []

    def full(_app, _lane):
        calls.append("run")
        if len(calls) == 1:
            raise OperationalError("UPDATE job", {}, Exception("database or disk is full"))
        raise Enough
    monkeypatch.setattr(queue, "PATIENCE", 0)
    monkeypatch.setattr(queue, "run_next", full)
    db.session.add(Job(verb="scan", module="music", state="running", queued=0.0))
    db.session.commit()
    with pytest.raises(Enough):
        queue._work(app, queue.LANES[0])
    assert calls == ["run", "run"] and db.session.scalar(select(Job.state)) == "queued"


def test_learning_does_not_wait_for_the_library(app, steps):
    steps("scan", slow)
    steps("train", lambda work: Report("predict", "music").end("learned"))
    long, short = queue.enqueue("scan", "music").id, queue.enqueue("train", "music").id
    thread = threading.Thread(target=queue.run_next, args=(app, queue.LANES[0]))
    thread.start()
    wait_for(long, "running")
    queue.run_next(app, queue.LANES[1])
    assert state_of(short) == "done" and state_of(long) == "running"
    queue.wish(long, "cancel")
    thread.join(timeout=10)


def test_every_verb_has_its_lane():
    assert sorted(verb for lane in queue.LANES for verb in lane) == sorted(STEPS)


def test_a_second_server_on_the_same_project_waits(app, monkeypatch):
    worked = threading.Event()
    monkeypatch.setattr(queue, "_work", lambda app, lane: worked.set())
    (app.extensions["settings"].project / "database").mkdir(parents=True, exist_ok=True)
    with (app.extensions["settings"].project / "database" / "queue.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        queue.start(app)
        assert not worked.wait(0.3)
    assert worked.wait(10)
    app.extensions["queue_lock"].close()


def test_a_demo_library_waits_until_the_one_before_it_can_be_used(app, steps):
    done = []
    for verb in ("demo", "scan", "embed"):
        steps(verb, lambda work, verb=verb: done.append((verb, work.module.name)) or Report(verb, work.module.name).end())
    for name in ("music", "images"):
        queue.enqueue("demo", name)
    while queue.run_next(app):
        pass
    assert done == [(verb, name) for name in ("music", "images") for verb in ("demo", "scan", "embed")]
