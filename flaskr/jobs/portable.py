"""A taste that travels: evaluator, card and the projection it needs as one file; what comes in is checked like any upload."""

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np

from flaskr.embedders import embedder_for
from flaskr.embedders.projection import Projection
from flaskr.embeddings.seen import SPACE, projection_of
from flaskr.embeddings.store import matrix
from flaskr.evaluator import cards, files, load, store
from flaskr.evaluator.foreign import clean_report
from flaskr.extensions import db
from flaskr.jobs import learning
from flaskr.media.contract import Module
from flaskr.progress import Stopped

LARGEST = 64 << 20  # bytes of a file that comes in
UNPACKED = 160 << 20  # and of everything in it
CARD_LARGEST = 4 << 20
TAIL = 22 + 65_535  # bytes in which a zip says where its table of contents is
CONTENTS = 4096  # bytes of that table
PROJECTION = "projection.safetensors"
WANTED = {files.ARRAYS: UNPACKED, files.CARD: CARD_LARGEST, PROJECTION: UNPACKED}
PATIENCE = 60.0  # seconds that looking at it may take
NOT_SOUND = (ValueError, KeyError, TypeError, IndexError, AttributeError, RuntimeError, OverflowError, MemoryError, OSError)
IN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, OSError)


def export(module: Module, project: Path, *, with_ratings: bool = False) -> IO[bytes]:
    """The evaluator of now as an open zip. Never in it: names, paths, ids; ratings and the dots of the chart only where
    asked for. Stopped before the first training."""
    folder = cards.folder_of(project, module.name)
    version = cards.current_version(folder)
    if version is None:
        raise Stopped(f"Nothing was learned yet: rate some {module.one}s and train first.")
    arrays, card = files.read(folder / version)
    arrays.pop("ids", None)
    if not with_ratings:
        arrays.pop("ratings", None)
        card["report"] = {**card["report"], "points": []}
    card = {key: value for key, value in card.items() if key not in ("format", "arrays_sha256")}
    made = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    with tempfile.TemporaryDirectory() as beside, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        files.write(Path(beside) / "taste", arrays, card)
        for name in (files.ARRAYS, files.CARD):
            archive.write(Path(beside) / "taste" / name, name)
        if (path := projection_of(project, module, card["space"])) is not None:
            archive.write(path, PROJECTION)
    made.seek(0)
    return made


def bring(module: Module, stream: IO[bytes] | None, project: Path, *, run: Callable[..., Any]) -> str:
    """Make what `export` wrote, here or elsewhere, the evaluator of now, as a new version; a sentence of what it is.

    Stopped, with the reason, for anything else; then nothing has changed. Ratings of the library are never touched.
    """
    folder = cards.folder_of(project, module.name)
    if stream is None:
        raise Stopped("Choose a file that was exported from a Train page.")
    if learning.so_far(folder) is not None:
        raise Stopped("A training runs. Import the file once it has ended.")
    held = matrix(module).space
    db.session.rollback()
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f"import{files.SAVING}", dir=folder))
    try:
        unpack(stream, beside)
        reason, space, n = run(publish_checked, beside, folder, module.embedder, held,
                               str(project / "models" / module.name), timeout=PATIENCE)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    if reason:
        raise Stopped(reason)
    return f"A taste learned from {n:,} ratings is in use now. Your own is among the earlier versions." if space else ""


def unpack(stream: IO[bytes], folder: Path) -> None:
    """Write the known parts of a zip into `folder`, under our own names; Stopped unless it holds them and nothing else."""
    no = Stopped("This is not a file that was exported from a Train page.")
    try:
        if not _is_small(stream):
            raise no
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            if len(set(names)) != len(names) or not set(names) <= set(WANTED) or not {files.ARRAYS, files.CARD} <= set(names):
                raise no
            if sum(part.file_size for part in parts) > UNPACKED:
                raise Stopped(f"What is in this file is larger than {UNPACKED >> 20} MB, so it was not opened.")
            for name in WANTED:
                if name in names:
                    with archive.open(name) as part:
                        content = part.read(WANTED[name] + 1)  # whatever its size was said to be
                    if len(content) > WANTED[name]:
                        raise no
                    (folder / name).write_bytes(content)
    except IN_ZIP as error:
        raise no from error


def _is_small(stream: IO[bytes]) -> bool:
    """Whether the table of contents is as short as ours: zipfile would read one of a million entries into memory."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - TAIL))
    tail = stream.read(TAIL)
    stream.seek(0)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22 or tail[max(0, at - 20):at].startswith(b"PK\6\7"):  # the last: ZIP64
        return False
    return int.from_bytes(tail[at + 12:at + 16], "little") <= CONTENTS


def publish_checked(beside: Path, folder: Path, takes: str, held: str, models: str) -> tuple[str, str, int]:
    """In a worker: look at what came in, try it, publish it. ("", space, ratings learned from) or (reason, "", 0)."""
    try:
        evaluator = load(beside)
        found = SPACE.fullmatch(evaluator.space)
        embedder = embedder_for(takes)
        if found is None or found[1] != embedder.space:
            return (f"It was learned with another embedder ({evaluator.space[:60].partition('/')[0]}) than is in use here "
                    f"({embedder.space}), so it would understand nothing here.", "", 0)
        projection = None
        if evaluator.space != held:
            projection = _projection(beside / PROJECTION, found[2], embedder)
            if projection is None:
                return "It lacks the projection that it needs to understand your library.", "", 0
        _try_out(evaluator, embedder.dim)
        report = clean_report(evaluator.report) | {"imported": datetime.now(UTC).isoformat(timespec="seconds")}
    except RecursionError:
        return "Its card is not readable.", "", 0
    except NOT_SOUND:
        return "It is damaged or was changed, so it was not taken.", "", 0
    if projection is not None:
        Path(models).mkdir(parents=True, exist_ok=True)
        projection.save(Path(models) / f"projection-{projection.id}.safetensors")
    sound = replace(evaluator, report=report, n=int(report["n"]), ids=np.zeros(0, np.int64))
    store.publish(sound, folder)
    return "", evaluator.space, sound.n


def _projection(path: Path, name: str | None, embedder: Any) -> Projection | None:
    if not path.is_file():
        return None
    found = Projection.load(path)
    shapes = [found.mean.shape, found.spread.shape, found.basis.shape, found.offset.shape]
    raw, dim = embedder.raw_dim, embedder.dim
    if shapes != [(raw,), (raw,), (raw, dim), (dim,)] or found.id != name or not (found.spread > 0).all():
        raise ValueError("another projection than the evaluator needs")
    if not all(np.isfinite(array).all() for array in (found.mean, found.spread, found.basis, found.offset)):
        raise ValueError("a projection with numbers that are none")
    return found


def _try_out(evaluator: Any, dim: int) -> None:
    """ValueError unless it predicts, and can take up a rating."""
    rows = np.random.default_rng(0).standard_normal((8, dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    for one in (evaluator, evaluator.updated(rows[0], 7.0)):
        mean, spread = one.predict(rows)
        if not (np.isfinite(mean).all() and np.isfinite(spread).all() and (mean >= 0).all() and (mean <= 10).all()):
            raise ValueError("its predictions are no ratings")
