"""A real small Dask cluster: the same numbers, and a sentence for each way in which it fails."""

import socket
import sys

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import blocks, cluster
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.saved import fit_and_save, serving
from flaskr.progress import Stopped

distributed = pytest.importorskip("distributed", reason="distributed is not installed: requirements-dev.txt names it")


def cluster_of(workers: int):
    """A scheduler and its workers: threads of this process, spoken to through sockets."""
    return distributed.LocalCluster(n_workers=workers, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
                                    dashboard_address=":0", silence_logs=60)


@pytest.fixture(scope="module")
def dask():
    with cluster_of(2) as running:
        yield running


@pytest.fixture(scope="module")
def data() -> Ratings:
    return people(260, 120)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(blocks, "CELLS", 5000)
    monkeypatch.setattr(blocks, "ROWS", 8000)
    monkeypatch.setattr("flaskr.collaborative.ials.BLOCK", 100)


def test_the_whole_fit_is_the_same_on_a_cluster(dask, data, small, tmp_path, monkeypatch):
    shared, share = [], cluster.Cluster.share
    monkeypatch.setattr(cluster.Cluster, "share", lambda self, value: shared.append(value) or share(self, value))
    card = cluster.fit_on(dask.scheduler_address, data, folder=tmp_path / "there", revision=3)
    assert card["revision"] == 3 and len(shared) > 20
    fit_and_save(data, tmp_path / "here")
    some = data.of_users(np.arange(30))
    here, there = (serving(tmp_path / name).model for name in ("here", "there"))
    for ask in ("score", "rate"):
        mine, theirs = (np.nan_to_num(getattr(model, ask)(some), neginf=-1e3) for model in (here, there))
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(here.ease.weights.toarray(), there.ease.weights.toarray(), atol=1e-6)


def test_a_fault_in_a_block_is_raised_here(dask):
    with cluster.connected(dask.scheduler_address) as executor:
        with pytest.raises(ZeroDivisionError):
            list(blocks.each(divmod, [(1, 1), (1, 0)], executor))
        assert list(blocks.each(divmod, [(7, 2)], executor)) == [(3, 1)]


def test_no_scheduler_no_worker_no_package(monkeypatch):
    with socket.socket() as taken:  # bound, not listening: nothing answers
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Stopped, match="No Dask scheduler answers"), cluster.connected(address, wait=0.3):
            pass
    with (cluster_of(0) as empty, pytest.raises(Stopped, match="has no worker"),
          cluster.connected(empty.scheduler_address, wait=0.3)):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Stopped, match="pip install distributed"), cluster.connected(address):
        pass


@pytest.mark.parametrize("fault, words", [(TimeoutError(), "was lost on the way"), ("import", "no such version")])
def test_a_cluster_that_fails_on_the_way_is_told_in_a_sentence(dask, data, tmp_path, monkeypatch, fault, words):
    if fault == "import":
        fault = RuntimeError("Error during deserialization of the task graph.")
        fault.__cause__ = ModuleNotFoundError("No module named 'flaskr'")  # what a worker started elsewhere gives

    def fail(*_, **__):
        raise fault

    monkeypatch.setattr(cluster, "fit_and_save", fail)
    with pytest.raises(Stopped, match=words):
        cluster.fit_on(dask.scheduler_address, data, folder=tmp_path)


def test_the_cluster_may_end_while_blocks_are_under_way(data, tmp_path, monkeypatch):
    """Not pretended: the scheduler is closed after the first blocks."""
    running = cluster_of(1)
    submit, count = cluster.Cluster.submit, []

    def closing(self, *arguments, **named):
        count.append(1)
        if len(count) == 3:
            running.close()
        return submit(self, *arguments, **named)

    monkeypatch.setattr(cluster.Cluster, "submit", closing)
    monkeypatch.setattr(cluster, "WAIT", 2)  # so long the client hopes for its scheduler to come back
    with pytest.raises(Stopped, match="was lost on the way"):
        cluster.fit_on(running.scheduler_address, data, folder=tmp_path)
    assert serving(tmp_path) is None
