"""Worker processes: what hangs or crashes costs one file, the rest goes on."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from flaskr.jobs.compute import Busy, Compute
from flaskr.media.contract import Unreadable


def behave(what):
    if what == "hang":
        time.sleep(60)
    if what == "crash":
        os._exit(11)
    return what * 2


@pytest.fixture(scope="module")
def compute():
    workers = Compute(workers=2, file_timeout=3, idle_seconds=60)
    list(workers.each(behave, [("warm",)]))
    yield workers
    workers.close()


def test_results_come_in_order(compute):
    found = list(compute.each(behave, ((number,) for number in range(50)), chunk=4))
    assert [result for _, result, _ in found] == [number * 2 for number in range(50)]


def test_one_hanging_and_one_crashing_file_are_given_up_alone(compute):
    arguments = ["a", "hang", "b", "crash", "c"]
    found = list(compute.each(behave, ((one,) for one in arguments), chunk=5))
    assert [some[0] for some, _, _ in found] == arguments
    assert [result for _, result, _ in found] == ["aa", None, "bb", None, "cc"]
    assert "longer than 3 seconds" in found[1][2] and "crashed" in found[3][2]


def test_an_error_of_ours_is_raised(compute):
    with pytest.raises(TypeError):
        list(compute.each(behave, [(None,)]))


def test_work_can_be_ended_from_outside(compute):
    started = time.monotonic()

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute.run(behave, "hang", tick=stop)
    assert time.monotonic() - started < 15
    assert compute.run(behave, "x") == "xx"


def test_idle_workers_end_and_return_when_needed():
    workers = Compute(workers=1, file_timeout=5, idle_seconds=0.2)
    assert workers.run(behave, 1) == 2
    deadline = time.monotonic() + 5
    while workers._pool is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers._pool is None
    assert workers.run(behave, 2) == 4
    workers.close()


def test_a_broken_pool_is_replaced():
    workers = Compute(workers=1, file_timeout=5, idle_seconds=60)
    assert workers.run(behave, 1) == 2
    workers._pool._pool.stop()  # as after an error of its own
    assert workers.run(behave, 2) == 4
    workers.close()


def test_one_call_that_hangs_or_crashes_ends_with_a_sentence(compute):
    assert compute.run(behave, "x") == "xx"  # a worker is up
    started = time.monotonic()
    with pytest.raises(Unreadable, match="longer than 1 second"):
        compute.run(behave, "hang", timeout=1)
    with pytest.raises(Unreadable, match="crashed"):
        compute.run(behave, "crash", timeout=60)
    assert time.monotonic() - started < 60
    assert compute.run(behave, "x", timeout=60) == "xx"


def test_a_call_does_not_wait_for_a_worker_for_ever():
    workers = Compute(workers=1, idle_seconds=60)
    assert workers.run(behave, 1) == 2
    with ThreadPoolExecutor(1) as other:
        hanging = other.submit(workers.run, behave, "hang", timeout=4)
        time.sleep(0.5)
        with pytest.raises(Busy):
            workers.run(behave, "x", timeout=1)
        with pytest.raises(Unreadable):
            hanging.result()
    assert workers.run(behave, "x", timeout=5) == "xx"
    workers.close()
