"""How long `/recommend` takes at 100 requests a second, from the real server: `python -m benchmarks requests`."""

import http.client
import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

RATE, SECONDS, CALLERS = 100, 20, 8


def run(data: Path | None = None) -> Iterator[dict]:
    """The server in a process of its own, with the public set imported and trained; nothing without it."""
    if data is None or not (data / "anime" / "rating.csv").is_file():
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environ = os.environ | {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": folder, "ANAGNORISIS_MAIN__PORT": str(port)}
        flask = [sys.executable, "-m", "flask", "--app", "flaskr"]
        for command in (["import", str(data / "anime" / "anime.csv"), str(data / "anime" / "rating.csv")], ["train"]):
            subprocess.run([*flask, "anime", *command], env=environ, check=True, stdout=sys.stderr)
        users = np.unique(np.loadtxt(data / "anime" / "rating.csv", np.int64, delimiter=",", skiprows=1, usecols=0))
        server = subprocess.Popen([*flask, "serve"], env=environ, stdout=subprocess.DEVNULL)
        try:
            _until(port, int(users[0]))
            taken, wrong = drive(port, np.random.default_rng(0).choice(users, RATE * SECONDS))
        finally:
            server.terminate()
            server.wait(20)
    yield {"what": f"answers that were no 200, of {len(taken)}", "value": wrong, "limit": 0, "unit": "", "holds": wrong == 0}
    for share, limit in ((0.5, 20), (0.99, 20)):
        value = 1000 * float(np.quantile(taken, share))
        yield {"what": f"/recommend at {RATE} requests/s: {share:.0%} are answered within", "value": value, "limit": limit,
               "unit": "ms", "holds": value <= limit}


def drive(port: int, users: np.ndarray) -> tuple[list[float], int]:
    """(seconds from when each request was due to its answer, answers that were no 200) at RATE requests/s: who waits in a
    queue counts as waiting."""
    due, taken, wrong = queue.Queue(), [], []

    def call() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while (asked := due.get()) is not None:
            connection.request("GET", f"/recommend/{asked[1]}?k=5")
            answer = connection.getresponse()
            answer.read()
            taken.append(time.perf_counter() - asked[0])
            if answer.status != 200:
                wrong.append(answer.status)

    threads = [threading.Thread(target=call) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    for place, user in enumerate(users.tolist()):
        moment = start + place / RATE
        time.sleep(max(0, moment - time.perf_counter()))
        due.put((moment, user))
    for _ in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    return taken, len(wrong)


def _until(port: int, user: int) -> None:
    """Wait until the server answers; the first answer loads the model."""
    for _ in range(120):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", f"/recommend/{user}")
            connection.getresponse().read()
            return
        except ConnectionError:
            time.sleep(0.5)
    raise TimeoutError("The server did not start.")
