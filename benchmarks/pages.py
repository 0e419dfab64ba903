"""Pages, searches and the radio at 100,000 items of each kind, whole requests included; an idle process' memory."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import numpy as np

from benchmarks.library_rows import application, best, fill, resident_mb, row, with_files
from flaskr.embeddings.nearest import nearest
from flaskr.embeddings.store import Matrix
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.listing import facets, query, radio
from flaskr.listing.search import matching
from flaskr.listing.vocabulary import vocabulary

ITEMS = 100_000


def run(data: Path | None = None) -> list[dict]:
    found = []
    for name in with_files():
        with application(**{f"ANAGNORISIS_{name.upper()}__MEDIA_DIRECTORY": tempfile.gettempdir()}) as app:
            module = app.extensions["modules"][name]
            fill(module, ITEMS)
            found += [*sorts(app, module), *filters(app, module), *searches(module)]
            if f"{name}.radio" in app.view_functions:
                found += plays(app, module)
    return [*found, neighbours(), *process()]


def sorts(app: object, module: object) -> list[dict]:
    """Server time of the whole page request, template included, for every order; the first page, one deep, the last."""
    client, found = app.test_client(), {}
    for sort in query.sorts(module):
        for number in (1, ITEMS // 120, -(-ITEMS // 60)):
            found[f"{sort.key}, page {number}"] = timed(client, f"/{module.name}/?sort={sort.key}&seed=1&page={number}")
    slowest = max(found, key=found.get)
    return [row(f"{module.name}: page of 60 at {ITEMS:,}, slowest of {len(found)} orders and depths ({slowest})",
                found[slowest], 30, "ms"),
            row(f"{module.name}: page of 60 at {ITEMS:,}, median of these", median(found), 30, "ms")]


def filters(app: object, module: object) -> list[dict]:
    """Every order with each of the filters, and several at once; then the first page after a rating."""
    client, found = app.test_client(), {}
    asked = {"not rated": "rated=no", "rated 3 to 8": "min=3&max=8", "folder": "folder=/library/Artist 7", "words": "q=river",
             **{one.key: f"{one.key}={quote(str(value_of(module, one)))}" for one in module.filters},
             **{f"{one.key} range": f"{one.key}_from=1970&{one.key}_to=1999" for one in module.filters if one.range}}
    asked["all at once"] = f"rated=no&q=river&folder=/library&{module.filters[0].key}_from=0"
    for sort in query.sorts(module):
        for name, args in asked.items():
            found[f"{sort.key}, {name}"] = timed(client, f"/{module.name}/?sort={sort.key}&seed=1&page=5&{args}", times=2)
    slowest, after = max(found, key=found.get), {}
    for sort in query.sorts(module):
        url = f"/{module.name}/?sort={sort.key}&seed=1&page=800&rated=no"
        client.get(url)
        ratings.rate(module, 7, float(len(after) % 10))
        after[sort.key] = 1000 * best(lambda url=url: client.get(url), times=1)
    last = max(after, key=after.get)
    return [row(f"{module.name}: the same with {len(asked)} filters, slowest of {len(found)} ({slowest})",
                found[slowest], 30, "ms"),
            row(f"{module.name}: the same with filters, median", median(found), 30, "ms"),
            row(f"{module.name}: deep page of unrated right after a rating, slowest of {len(after)} orders ({last})",
                after[last], 30, "ms")]


def timed(client: object, url: str, times: int = 5) -> float:
    """Milliseconds of a request, answered once before."""
    client.get(url)
    return 1000 * best(lambda: client.get(url), times)


def median(found: dict[str, float]) -> float:
    return sorted(found.values())[len(found) // 2]


def value_of(module: object, one: object) -> object:
    """A value that stands in the library."""
    return db.session.scalar(facets.values_select(module, one).limit(1)) or 1


def searches(module: object) -> list[dict]:
    """The words alone, to the ids that they find: as they stand in the index, and mistyped."""
    found = []
    for what, typed in (("search in words", ("river", "blue stone", "artist 77", "winter 9")),
                        ("search in mistyped words", ("rivre", "blue stoen", "mornign house", "wintre pape"))):
        vocabulary(module)
        slowest = max(1000 * best(lambda words=words: matching(module, words)) for words in typed)
        found.append(row(f"{module.name}: {what} at {ITEMS:,}, slowest of {len(typed)}", slowest, 20, "ms"))
    return found


def plays(app: object, music: object) -> list[dict]:
    radio.queue(music, seed=1, count=1)
    client = app.test_client()
    recent = ",".join(str(number) for number in range(1, 101))
    return [row(f"next radio song at {ITEMS:,}", 1000 * best(lambda: radio.queue(music, seed=3, count=1)), 10, "ms"),
            row("next 12 radio songs as a request", 1000 * best(
                lambda: client.get(f"/music/radio/queue?seed=3&recent={recent}")), 30, "ms")]


def neighbours() -> dict:
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((ITEMS, 128), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    held = Matrix(np.arange(ITEMS), vectors.astype(np.float16), "bench")
    nearest(held, vectors[0])
    plain = best(lambda: vectors @ vectors[0])
    ours = best(lambda: nearest(held, vectors[0]))
    return row(f"nearest among {ITEMS:,} x 128 beside one float32 product ({1000 * ours:.1f} ms)", ours / plain, 3, "x")


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
