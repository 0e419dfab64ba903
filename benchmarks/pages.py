"""Pages, searches and the radio at 100,000 songs, whole requests included; an idle process' memory."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np

from benchmarks.library_rows import application, best, fill, resident_mb, row
from flaskr.embeddings.nearest import nearest
from flaskr.embeddings.store import Matrix
from flaskr.listing import page, query, radio

SONGS = 100_000


def run(data: Path | None = None) -> list[dict]:
    with application() as app:
        music = app.extensions["modules"]["music"]
        fill(music, SONGS)
        return [*sorts(app, music), *searches(music), *plays(app, music), neighbours(), *process()]


def sorts(app: object, music: object) -> list[dict]:
    """Server time of the whole page request, template included, for every order; page 1 and one in the middle."""
    client, found = app.test_client(), {}
    client.get("/music/")
    for sort in query.sorts(music):
        for number in (1, SONGS // 120):
            url = f"/music/?sort={sort.key}&seed=1&page={number}"
            client.get(url)
            found[f"{sort.key}, page {number}"] = 1000 * best(lambda url=url: client.get(url))
    slowest = max(found, key=found.get)
    middle = sorted(found.values())[len(found) // 2]
    return [row(f"page of 60 at {SONGS:,}, slowest of {len(found)} orders ({slowest})", found[slowest], 30, "ms"),
            row(f"page of 60 at {SONGS:,}, median of all orders", middle, 30, "ms")]


def searches(music: object) -> list[dict]:
    asked = [query.read(music, {"q": words, "sort": "title"}) for words in ("river", "blue stone", "artist 77", "winter 9")]

    def search() -> None:
        for one in asked:
            page.page(one)
    return [row("search in words, mean of four", 1000 * best(search) / len(asked), 20, "ms")]


def plays(app: object, music: object) -> list[dict]:
    radio.queue(music, seed=1, count=1)
    client = app.test_client()
    recent = ",".join(str(number) for number in range(1, 101))
    return [row(f"next radio song at {SONGS:,}", 1000 * best(lambda: radio.queue(music, seed=3, count=1)), 10, "ms"),
            row("next 12 radio songs as a request", 1000 * best(
                lambda: client.get(f"/music/radio/queue?seed=3&recent={recent}")), 30, "ms")]


def neighbours() -> dict:
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((SONGS, 128), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    held = Matrix(np.arange(SONGS), vectors.astype(np.float16), "bench")
    nearest(held, vectors[0])
    plain = best(lambda: vectors @ vectors[0])
    ours = best(lambda: nearest(held, vectors[0]))
    return row(f"nearest among {SONGS:,} x 128 beside one float32 product ({1000 * ours:.1f} ms)", ours / plain, 3, "x")


def process() -> list[dict]:
    """A fresh server: time to its first page, and what it holds when idle."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": folder, "FLASK_APP": "flaskr",
                                "ANAGNORISIS_MAIN__PORT": str(port)}
        subprocess.run([sys.executable, "-m", "flask", "init-db"], env=environ, check=True, capture_output=True)
        started = time.perf_counter()
        server = subprocess.Popen([sys.executable, "-m", "flask", "serve"], env=environ, stdout=subprocess.DEVNULL)
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.02)
            first = time.perf_counter() - started
            time.sleep(1)
            held = [resident_mb(pid) for pid in (server.pid, *children(server.pid))]
            return [row("second start to the first page", first, 3.0, "s"),
                    row("largest idle process (all pages, torch not loaded)", max(held), 200, "MB")]
        finally:
            server.terminate()
            server.wait()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    for line in run():
        print(line)
