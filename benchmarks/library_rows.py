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
from flaskr.media.discovery import discover, names
from flaskr.tables import next_revision

WORDS = ("river", "night", "stone", "blue", "letter", "morning", "glass", "north", "winter", "house", "signal", "paper")

SHARED = {"id", "fingerprint", "path", "folder", "title", "size", "added", "modified", "missing", "rating", "rated_at",
          "prediction", "spread", "predicted_by", "finished", "skipped", "last_played", "revised"}


def with_files() -> list[str]:
    """Names of the modules that have files."""
    return [module.name for module in discover().modules.values() if module.kind == "files"]


@contextlib.contextmanager
def application(folder: str | None = None, **environ: str) -> Iterator:
    """An application on an empty database in a temporary folder, or on that in a given one, within its context."""
    with contextlib.nullcontext(folder) if folder else tempfile.TemporaryDirectory() as folder:
        settings = load_settings(names(), {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": folder, **environ})
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            for module in app.extensions["modules"].values():
                if module.kind == "files":
                    words.create(module)
            db.session.commit()
            yield app
            app.extensions["compute"].close()
            db.session.remove()
            db.engine.dispose()


def fill(module: object, count: int, seed: int = 0) -> None:
    """`count` items of any kind, of count / 20 origins: a third rated, most predicted, half played."""
    rng = np.random.default_rng(seed)
    number, now = next_revision(module.name), time.time()
    own = [column for column in module.Item.__table__.columns if column.name not in SHARED]
    for start in range(0, count, 10_000):
        rows = []
        for at in range(start, min(count, start + 10_000)):
            picked = rng.integers(len(WORDS), size=2)
            title, origin = f"{WORDS[picked[0]]} {WORDS[picked[1]]} {at}", f"Artist {rng.integers(max(1, count // 20))}"
            rows.append({
                "fingerprint": f"{at:040x}", "path": f"/library/{origin}/{at}.bin", "folder": f"/library/{origin}/",
                "title": title, "size": 10**6 + at, "added": now - at, "modified": now - at, "revised": number,
                "rating": float(rng.integers(0, 21)) / 2 if at % 3 == 0 else None, "missing": False,
                "prediction": float(rng.uniform(2, 9)), "spread": float(rng.uniform(0.5, 2)), "predicted_by": "000001",
                "finished": int(at % 5), "skipped": int(at % 2),
                "last_played": now - 3600.0 * at if at % 2 else None,
                **{column.name: _value(column, at, origin) for column in own}})
        db.session.execute(insert(module.Item), rows)
        words.index(module, ((at + 1, row["path"], row) for at, row in zip(range(start, count), rows, strict=False)))
    db.session.commit()


def _value(column: object, at: int, origin: str) -> object:
    """What an item might say in one of its module's own columns."""
    known = {"artist": origin, "album": f"{origin} {at % 3}", "genre": WORDS[at % 12], "format": "mp3 flac ogg".split()[at % 3],
             "year": int(1960 + at % 60) if at % 7 else None, "width": 1200, "height": 800, "cover": ""}
    if column.name in known:
        return known[column.name]
    kind = column.type.python_type
    if kind is str:
        return WORDS[at % 12]
    return None if column.nullable and at % 9 == 0 else kind(60 + at % 300) if kind is not bool else at % 50 == 0


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
