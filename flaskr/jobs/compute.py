"""Heavy work in spawned worker processes: a file that hangs or crashes a decoder costs its worker, not the app."""

import functools
import itertools
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from typing import Any

from pebble import ProcessExpired, ProcessPool

from flaskr.media.contract import Unreadable

CHUNK = 16
BACKLOG = 3  # chunks waiting per worker: enough to keep it busy, few enough to stop soon
RECYCLE = 2000  # tasks after which a worker is renewed; decoders leak


class Busy(Exception):
    """All workers had too much to do to begin with this in time. The message is shown to the person."""


def prepare_worker(nice: int) -> None:
    """BLAS threads spin against each other on small machines; the person's other programs come first."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.nice(nice)


def run_chunk(function: Callable, chunk: list[tuple]) -> list:
    """In the worker: the function on each argument tuple."""
    return [function(*arguments) for arguments in chunk]


class Pool(Executor):
    """A concurrent.futures.Executor over pebble's pool, which alone can end one hung task."""

    def __init__(self, workers: int, nice: int) -> None:
        self.workers = workers
        self._pool = ProcessPool(max_workers=workers, max_tasks=RECYCLE, initializer=prepare_worker, initargs=(nice,),
                                 context=multiprocessing.get_context("spawn"))

    @property
    def usable(self) -> bool:
        """False once it was closed, or once its workers died without a task (killed for memory, say)."""
        return self._pool.active

    def submit(self, function: Callable, /, *arguments: Any, timeout: float | None = None, **named: Any) -> Future:
        return self._pool.schedule(function, args=arguments, kwargs=named, timeout=timeout)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.stop() if cancel_futures else self._pool.close()
        if wait:
            self._pool.join()


class Compute:
    """The workers of one application: started on first use, ended when idle so that their memory returns."""

    def __init__(self, *, workers: int = 0, file_timeout: float = 120, idle_seconds: float = 120,
                 nice: int = 10) -> None:
        self.workers, self.nice = workers or os.cpu_count() or 1, nice
        self.file_timeout, self.idle_seconds = file_timeout, idle_seconds
        self._pool: Pool | None = None
        self._users, self._lock, self._left = 0, threading.Lock(), time.monotonic()

    def each(self, function: Callable, arguments: Iterable[tuple], *, chunk: int = CHUNK,
             ahead: int = BACKLOG) -> Iterator[tuple]:
        """Yield (arguments, result, "") or (arguments, None, reason), in the order given; bounded in memory.

        A chunk that crashes its worker or runs out of time is repeated one by one, so that only the file that
        did it is given up. `ahead`: chunks in waiting per worker; more where the caller pauses to write.
        """
        with self._use() as pool:
            source, waiting = iter(arguments), deque()
            try:
                while True:
                    while len(waiting) < self.workers * ahead and (some := list(itertools.islice(source, chunk))):
                        waiting.append((some, pool.submit(run_chunk, function, some, timeout=self.file_timeout)))
                    if not waiting:
                        return
                    some, future = waiting.popleft()
                    yield from self._outcome(pool, function, some, future)
            finally:
                for _, future in waiting:
                    future.cancel()

    def run(self, function: Callable, *arguments: Any, tick: Callable[[], None] | None = None,
            timeout: float | None = None) -> Any:
        """One call in a worker; `tick` is called twice a second meanwhile and may raise to end the work.

        `timeout`: seconds after which a call that hangs is ended, Unreadable then, and when it crashed its worker. A
        call that no worker could begin with in as long a time raises Busy.
        """
        latest = time.monotonic() + timeout if timeout else None
        with self._use() as pool:
            future = pool.submit(function, *arguments, timeout=timeout)
            try:
                while True:
                    try:
                        return future.result(timeout=0.5)
                    except TimeoutError:
                        if future.done():
                            raise
                        if latest and time.monotonic() > latest and not future.running():
                            raise Busy("There is too much to do just now. Try again in a moment.") from None
                        if tick:
                            tick()
            except (TimeoutError, ProcessExpired) as error:
                if not timeout:
                    raise
                raise Unreadable(_reason(error, timeout)) from None
            finally:
                future.cancel()

    def close(self) -> None:
        """End the workers now."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.shutdown(cancel_futures=True)

    def _outcome(self, pool: Pool, function: Callable, some: list[tuple], future: Future) -> Iterator[tuple]:
        try:
            yield from ((arguments, result, "") for arguments, result in zip(some, future.result(), strict=True))
            return
        except (TimeoutError, ProcessExpired, CancelledError) as error:
            reason = _reason(error, self.file_timeout)
        if len(some) == 1:
            yield some[0], None, reason
            return
        for arguments in some:
            yield from self._outcome(pool, function, [arguments],
                                     pool.submit(run_chunk, function, [arguments], timeout=self.file_timeout))

    def _use(self) -> "_Using":
        return _Using(self)

    def _enter(self) -> Pool:
        with self._lock:
            self._users += 1
            if self._pool is None or not self._pool.usable:
                self._pool = Pool(self.workers, self.nice)
            return self._pool

    def _exit(self) -> None:
        with self._lock:
            self._users -= 1
            self._left = time.monotonic()
        timer = threading.Timer(self.idle_seconds, functools.partial(self._end_if_idle, self._left))
        timer.daemon = True
        timer.start()

    def _end_if_idle(self, left: float) -> None:
        with self._lock:
            if self._users or self._left != left:
                return
            pool, self._pool = self._pool, None
        if pool:
            pool.shutdown()


class _Using:
    """While held, the pool stays."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute

    def __enter__(self) -> Pool:
        return self._compute._enter()

    def __exit__(self, *_: object) -> None:
        self._compute._exit()


def _reason(error: BaseException, limit: float) -> str:
    if isinstance(error, TimeoutError):
        return f"Reading it took longer than {limit:.0f} seconds, so it was given up."
    return "Reading it crashed the decoder, so it was given up."
