"""A Dask cluster as the executor of a fit: `compute.scheduler` is the address of its scheduler."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flaskr.collaborative.data import Ratings
from flaskr.collaborative.saved import fit_and_save
from flaskr.progress import Stopped

if TYPE_CHECKING:
    from distributed import Client

WAIT = 10  # seconds for the scheduler to answer, and for its first worker
MISSING = "compute.scheduler is set, but the package for it is not installed: `pip install distributed`."
SILENT = "No Dask scheduler answers at {0}: start it with `dask scheduler`, or correct compute.scheduler."
EMPTY = "The Dask scheduler at {0} has no worker: start some with `dask worker {0}` in the folder of this application."
STRANGE = "A worker of the Dask scheduler at {0} knows no such version of this application: start it in its folder."
LOST = "The Dask cluster at {0} was lost on the way; what was learned before is still in use. Start the training again."


class Cluster(Executor):
    """`Client.get_executor()`, which can also `share`: a large argument goes to each worker once, not with every block."""

    def __init__(self, client: Client) -> None:
        self._client, self._executor = client, client.get_executor(pure=False)

    def submit(self, function: Callable, /, *arguments: Any, **named: Any) -> Future:
        return self._executor.submit(function, *arguments, **named)

    def share(self, value: Any) -> Any:
        """An argument for `submit` that stands for `value`; the workers forget it when this is let go."""
        return self._client.scatter(value, broadcast=True, hash=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait and not cancel_futures)


@contextmanager
def connected(scheduler: str, *, wait: float | None = None) -> Iterator[Cluster]:
    """The cluster whose scheduler is at this address, such as tcp://192.168.1.20:8786; Stopped, in a sentence, without it."""
    wait = wait or WAIT
    try:
        from distributed import Client
    except ImportError:
        raise Stopped(MISSING) from None
    try:
        client = Client(scheduler, timeout=wait, set_as_default=False)
    except (OSError, ValueError):
        raise Stopped(SILENT.format(scheduler)) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=wait)
        except TimeoutError:
            raise Stopped(EMPTY.format(scheduler)) from None
        yield Cluster(client)


def fit_on(scheduler: str, data: Ratings, **told: Any) -> dict[str, Any]:
    """`fit_and_save` with its blocks on the cluster; Stopped when it is lost, and the version in use stays."""
    with connected(scheduler) as executor:
        from distributed import KilledWorker
        from distributed.comm import CommClosedError
        try:
            return fit_and_save(data, executor=executor, **told)
        except (CancelledError, CommClosedError, KilledWorker, TimeoutError):
            raise Stopped(LOST.format(scheduler)) from None
        except RuntimeError as error:
            if isinstance(error.__cause__, ImportError | AttributeError):
                raise Stopped(STRANGE.format(scheduler)) from None
            raise
