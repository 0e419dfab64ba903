"""Large libraries to measure on: files on disk, or rows without files."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from flaskr import create_app
from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.library import words
from flaskr.media.discovery import names
from flaskr.tables import next_revision

WORDS = ("river", "night", "stone", "blue", "letter", "morning", "glass", "north", "winter", "house", "signal", "paper")


@contextlib.contextmanager
def application(**environ: str) -> Iterator:
    """An application on an empty database in a temporary folder, within its context."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(names(), {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": folder, **environ})
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            for module in app.extensions["modules"].values():
                words.create(module)
            db.session.commit()
            yield app
            app.extensions["compute"].close()
            db.session.remove()
            db.engine.dispose()


def fill(module: object, count: int, seed: int = 0) -> None:
    """`count` songs of count / 20 artists: a third rated, most predicted, half played."""
    rng = np.random.default_rng(seed)
    number, now = next_revision(module.name), time.time()
    for start in range(0, count, 10_000):
        rows = []
        for at in range(start, min(count, start + 10_000)):
            picked = rng.integers(len(WORDS), size=2)
            title, artist = f"{WORDS[picked[0]]} {WORDS[picked[1]]} {at}", f"Artist {rng.integers(max(1, count // 20))}"
            rows.append({
                "fingerprint": f"{at:040x}", "path": f"/music/{artist}/{at}.mp3", "folder": f"/music/{artist}/",
                "title": title, "artist": artist, "album": f"{artist} {at % 3}", "genre": WORDS[at % 12],
                "year": int(1960 + at % 60) if at % 7 else None, "duration": float(60 + at % 300), "size": 10**6 + at,
                "bitrate": 128 + at % 200, "added": now - at, "modified": now - at, "revised": number,
                "rating": float(rng.integers(0, 21)) / 2 if at % 3 == 0 else None,
                "prediction": float(rng.uniform(2, 9)), "spread": float(rng.uniform(0.5, 2)), "predicted_by": "000001",
                "finished": int(at % 5), "skipped": int(at % 2),
                "last_played": now - 3600.0 * at if at % 2 else None})
        db.session.execute(insert(module.Item), rows)
        words.index(module, ((at + 1, row["path"], row) for at, row in zip(range(start, count), rows, strict=False)))
    db.session.commit()


def files(folder: Path, count: int, source: bytes) -> None:
    """`count` small files with a sound's beginning, 50 a folder, each of its own content."""
    for at in range(count):
        place = folder / f"artist {at // 500}" / f"album {at // 50}"
        if at % 50 == 0:
            place.mkdir(parents=True, exist_ok=True)
        with open(place / f"{at}.mp3", "wb") as file:
            file.write(source + at.to_bytes(8, "big"))


def best(function: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of some runs: what the machine can do when it is not busy with others."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        function()
        found.append(time.perf_counter() - started)
    return min(found)


def row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    """A line of the table."""
    return {"what": what, "value": value, "limit": limit, "unit": unit,
            "holds": value >= limit if at_least else value <= limit}


def resident_mb(process: int | None = None) -> float:
    """Resident memory of a process in MB, shared pages included (Linux)."""
    for line in Path(f"/proc/{process or os.getpid()}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")
