"""The cache of what is made from the person's files: made once, whole or absent, what failed is left alone for a while."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from flaskr.library import cache
from flaskr.media.contract import Unreadable

NAME = "pictures-0123456789abcdef-320.webp"


def test_who_asks_at_the_same_time_waits_for_the_one_that_makes_it(tmp_path):
    calls, begin = [], threading.Barrier(8)

    def make(target):
        calls.append(target)
        time.sleep(0.2)
        target.write_bytes(b"once")

    def ask(_):
        begin.wait()
        return cache.cached(tmp_path, "thumbnails", NAME, make)

    with ThreadPoolExecutor(8) as people:
        found = set(people.map(ask, range(8)))
    assert len(calls) == 1 and len(found) == 1 and found.pop().read_bytes() == b"once"
    assert not cache._making


def test_what_is_unreadable_is_not_tried_on_every_page(tmp_path, monkeypatch):
    calls = []

    def make(target):
        calls.append(target)
        target.write_bytes(b"half")
        raise Unreadable("It is broken.")

    for _ in range(3):
        with pytest.raises(Unreadable, match="It is broken."):
            cache.cached(tmp_path, "thumbnails", NAME, make)
    assert len(calls) == 1 and not [path for path in tmp_path.rglob("*") if path.is_file()]
    later = time.monotonic() + cache.FAILED + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with pytest.raises(Unreadable):
        cache.cached(tmp_path, "thumbnails", NAME, make)
    assert len(calls) == 2


def test_another_error_is_tried_again(tmp_path):
    def make(target):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        cache.cached(tmp_path, "thumbnails", NAME, make)
    path = cache.cached(tmp_path, "thumbnails", NAME, lambda target: target.write_bytes(b"whole"))
    assert path.read_bytes() == b"whole"


def test_what_is_remembered_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MOST_FAILED", 3)
    for number in range(9):
        cache._remember(tmp_path / str(number), "no")
    assert len(cache._failed) == 3
