"""Scan: a rescan beside os.walk + stat, a first scan beside a bare loop of mutagen + fingerprint."""

import os
import tempfile
import time
from pathlib import Path

import mutagen

from benchmarks.library_rows import application, best, files, row
from flaskr.demo.sound import demo
from flaskr.library.fingerprint import fingerprint
from flaskr.library.scan import scan

UNCHANGED = 100_000
FIRST = 4_000


def run(data: Path | None = None) -> list[dict]:
    with tempfile.TemporaryDirectory() as place:
        song = next(iter(demo(Path(place) / "demo", count=8, seconds=2.0)))
        source = song.read_bytes()[:40_000]
        tags = mutagen.File(song)
        tags.tags.delall("APIC")  # a cover cut short would make the small files unreadable
        tags.save(padding=lambda _: 0)
        return [first_scan(Path(place) / "first", source), rescan(Path(place) / "many", song.read_bytes()[:6_000])]


def bare_loop(folder: Path) -> float:
    """Seconds of reading tags and fingerprint of every file, one after another."""
    started = time.perf_counter()
    for path in folder.rglob("*.mp3"):
        mutagen.File(path)
        fingerprint(path)
    return time.perf_counter() - started


def first_scan(folder: Path, source: bytes) -> dict:
    """The bare loop runs in a worker too, so that both have the workers' low priority on a busy machine."""
    files(folder, FIRST, source)
    with application() as app:
        module, compute = app.extensions["modules"]["music"], app.extensions["compute"]
        list(compute.each(fingerprint, [(path,) for path in list(folder.rglob("*.mp3"))[:32]]))  # the workers are up
        bare = FIRST / compute.run(bare_loop, folder)
        started = time.perf_counter()
        report = scan(module, [folder], each=compute.each)
        ours = FIRST / (time.perf_counter() - started)
        assert report.counts["added"] == FIRST, report
    return row(f"first scan of {FIRST:,} files: files/s beside a bare loop ({ours:,.0f} and {bare:,.0f} files/s)",
               ours / bare, 0.8, "x", at_least=True)


def rescan(folder: Path, source: bytes) -> dict:
    files(folder, UNCHANGED, source)

    def bare() -> None:
        for where, _, names in os.walk(folder):
            for name in names:
                os.stat(os.path.join(where, name))

    with application() as app:
        module = app.extensions["modules"]["music"]
        assert not scan(module, [folder], each=app.extensions["compute"].each).unreadable
        ours = best(lambda: scan(module, [folder], each=app.extensions["compute"].each), 3)
    alone = best(bare, 3)
    return row(f"rescan of {UNCHANGED:,} unchanged files beside os.walk + stat ({ours:.2f} and {alone:.2f} s)",
               ours / alone, 2.0, "x")


if __name__ == "__main__":
    for line in run():
        print(line)
