"""The taste page at 100,000 items with 10,000 ratings: whole requests from the cache and right after a rating; the map job."""

import os
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select

from benchmarks.library_rows import application, best, fill, resident_mb, row
from flaskr.embedders import embedder_for
from flaskr.embeddings import store
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs.mapping import map_library
from flaskr.media.discovery import discover
from flaskr.tables import Embedding, RatingEvent, next_revision

ITEMS, RATED, DIM, HEAPS = 100_000, 10_000, 512, 30
YEARS = 3 * 365 * 86400.0


def run(data: Path | None = None) -> list[dict]:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    name = next(name for name, module in discover().modules.items() if module.kind == "files")
    with application(**{f"ANAGNORISIS_{name.upper()}__MEDIA_DIRECTORY": tempfile.gettempdir()}) as app:
        module, settings = app.extensions["modules"][name], app.extensions["settings"]
        fill(module, ITEMS)
        embed(module)
        events(module)
        before, started = resident_mb(), time.perf_counter()
        map_library(module, settings.project, run=lambda function, *some, tick=None: function(*some))
        took, grown = time.perf_counter() - started, resident_mb() - before
        client = app.test_client()
        found = [row(f"map of {ITEMS:,} x {DIM}, drawn anew", took, 120, "s"),
                 row("memory that it took beside", grown, 600, "MB")]
        for url in (f"/taste/{name}", "/taste", f"/taste/{name}/map"):
            client.get(url)
            answers = 1000 * best(lambda url=url: client.get(url))
            found.append(row(f"{url} at {ITEMS:,} items, {RATED:,} ratings in the log", answers, 100, "ms"))
        after = []
        for at in range(3):
            ratings.rate(module, 7 + at, 5.0)
            after.append(1000 * best(lambda: client.get(f"/taste/{name}"), times=1))
        return [*found, row("taste page right after a rating", min(after), 250, "ms")]


def embed(module: object) -> None:
    """Unit vectors around HEAPS directions for every item."""
    rng, space = np.random.default_rng(0), embedder_for(module.embedder).space
    middles, ids = rng.standard_normal((HEAPS, DIM)), list(db.session.scalars(select(module.Item.id)))
    next_revision(store.stream(module))
    for start in range(0, len(ids), 5000):
        part = ids[start:start + 5000]
        rows = middles[rng.integers(HEAPS, size=len(part))] + rng.standard_normal((len(part), DIM))
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
        db.session.execute(insert(Embedding), [
            {"module": module.name, "space": space, "item_id": id_, "fingerprint": "", "projection": "1",
             "vector": one.tobytes()} for id_, one in zip(part, rows, strict=True)])
    db.session.commit()


def events(module: object) -> None:
    """A log of RATED ratings over three years."""
    rng, now = np.random.default_rng(1), time.time()
    known = db.session.execute(select(module.Item.id, module.Item.rating).where(
        module.Item.rating.is_not(None)).limit(RATED)).all()
    db.session.execute(insert(RatingEvent), [
        {"module": module.name, "item_id": id_, "fingerprint": "", "rating": value, "at": now - YEARS * share}
        for (id_, value), share in zip(known, sorted(rng.random(len(known)), reverse=True), strict=True)])
    db.session.commit()


if __name__ == "__main__":
    for line in run():
        print(line)
