"""Learning as a job: queued by the page, with progress, cancelled or done; the page says when the model is behind."""

import pytest

from flaskr.collaborative import cluster
from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.jobs import queue
from flaskr.jobs.compute import Compute
from flaskr.tables import Job
from modules.anime.arrays import current_card, folder_of
from modules.anime.learn import learning

HTML = {"Accept": "text/html"}


@pytest.fixture
def small(bring, generated):
    """A catalogue that is learned from in a moment."""
    bring(generated[1], "".join(generated[2].splitlines(keepends=True)[:400]))


def test_the_button_queues_a_job_that_learns(app, client, small, settings):
    assert "Learn from 399 ratings" in client.get("/anime", headers=HTML).text
    job = client.post("/jobs/train/anime", headers={"Accept": "application/json"}).json
    assert job["verb"] == "train" and job["state"] == "queued"
    assert "Waits for its turn" in client.get("/anime", headers=HTML).text
    assert queue.run_next(app)
    db.session.expire_all()
    done = db.session.get(Job, job["id"])
    assert done.state == "done" and "399 ratings" in done.words and done.report["counts"] == {"ratings": 399}
    assert current_card(settings.project)["rows"] == 399 and not queue.run_next(app)  # nothing follows
    state = learning(settings.project)
    assert not state.stale and "changed since then" not in client.get("/anime", headers=HTML).text


def test_the_page_says_when_the_ratings_are_newer(app, client, small, bring, settings):
    queue.enqueue("train", "anime")
    assert queue.run_next(app)
    client.post("/anime/100/rate", data={"rating": "7"})
    assert not learning(settings.project).stale  # the person's own count without learning
    bring("anime_id,name\n100,Tale\n", "user_id,anime_id,rating\n555555,100,9\n")
    page = client.get("/anime", headers=HTML).text
    assert learning(settings.project).stale and "1 is new" in page


def test_cancelling_leaves_the_model_as_it_was(app, client, small, settings, monkeypatch):
    def run(function, *arguments, tick=None, timeout=None):
        queue.wish(job.id, "cancel")
        monkeypatch.setattr(queue, "TELL", 0)
        tick()
        raise AssertionError("it went on")

    job = queue.enqueue("train", "anime")
    monkeypatch.setattr(app.extensions["compute"], "run", run)
    assert queue.run_next(app)
    db.session.expire_all()
    assert db.session.get(Job, job.id).state == "cancelled" and current_card(settings.project) is None
    assert not folder_of(settings.project).exists()


def test_without_ratings_it_says_what_to_do(app):
    job = queue.enqueue("train", "anime").id
    assert queue.run_next(app)
    db.session.expire_all()
    assert db.session.get(Job, job).state == "stopped" and "anime import" in db.session.get(Job, job).words


def test_the_job_sends_its_blocks_to_the_cluster_that_is_set(app, small, settings):
    """From a worker process of its own, through sockets."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed: requirements-dev.txt names it")
    app.extensions["compute"] = Compute(workers=1)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
                                  dashboard_address=":0", silence_logs=60) as running:
        said = with_scheduler(app, settings, running.scheduler_address)
        tasks = sum(prefix.state_counts["memory"] for prefix in running.scheduler.task_prefixes.values())
    app.extensions["compute"].close()
    assert said.state == "done" and current_card(settings.project)["rows"] == 399 and tasks > 20


def test_without_its_cluster_the_job_says_so(app, small, settings, monkeypatch):
    monkeypatch.setattr(cluster, "WAIT", 0.3)
    said = with_scheduler(app, settings, "tcp://127.0.0.1:9")
    assert said.state == "stopped" and "No Dask scheduler answers" in said.words and current_card(settings.project) is None


def with_scheduler(app, settings, address):
    """The job as it ended, with `compute.scheduler` set."""
    environ = {**settings.environ, "ANAGNORISIS_COMPUTE__SCHEDULER": address}
    app.extensions["settings"] = load_settings(settings.modules, environ)
    job = queue.enqueue("train", "anime").id
    assert queue.run_next(app)
    db.session.expire_all()
    return db.session.get(Job, job)
