"""What a huge text costs: seconds and peak memory of describe, samples and one reader page, each in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

GIGABYTES = 2
PAGES = 5000
MOST_MB, MOST_MS = 500, 1000
LINE = "The keeper of the lighthouse counted the ships that passed in the night and wrote each name down, {}."
CHILD = """
import json, resource, sys, time
from pathlib import Path
from modules.text import read
path, what = Path(sys.argv[1]), sys.argv[2]
warm = Path(sys.argv[3])
read.describe(warm)  # a worker has its libraries loaded: what is measured is the file
calls = {"describe": read.describe, "samples": read.samples, "page": lambda path: read.page(path, 400)}
start = time.perf_counter()
calls[what](path)
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"} for a text of 2 GB and a PDF of 5,000 pages."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        files = {f"{GIGABYTES} GB text": _text(Path(folder) / "huge.txt"),
                 f"{PAGES:,}-page PDF": _pdf(Path(folder) / "huge.pdf")}
        warm = {".txt": _text(Path(folder) / "warm.txt", blocks=1), ".pdf": _pdf(Path(folder) / "warm.pdf", pages=2)}
        for name, path in files.items():
            for what in ("describe", "samples", "page"):
                seconds, peak = _measure(path, what, warm[path.suffix])
                limit = MOST_MS * (10 if what == "samples" else 1)
                rows += [_row(f"{name}: {what}", 1000 * seconds, limit, "ms"),
                         _row(f"{name}: {what}, peak memory", peak, MOST_MB, "MB")]
    return rows


def _measure(path: Path, what: str, warm: Path) -> tuple[float, float]:
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), what, str(warm)], capture_output=True, text=True,
                          check=True, env=environ)
    return tuple(json.loads(done.stdout))


def _text(path: Path, blocks: int = GIGABYTES * 1000) -> Path:
    """Paragraphs of numbered sentences, a megabyte at a time."""
    with open(path, "wb") as file:
        for number in range(blocks):
            paragraph = LINE.format(number) * 5 + "\n\n"
            file.write((paragraph * (1_000_000 // len(paragraph))).encode())
    return path


def _pdf(path: Path, pages: int = PAGES) -> Path:
    """Pages of 45 lines, as simple as a PDF can be."""
    kids = b" ".join(b"%d 0 R" % (10 + 2 * at) for at in range(pages))
    bodies = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
              3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
    places = {}
    with open(path, "wb") as file:
        file.write(b"%PDF-1.4\n")

        def add(number: int, body: bytes) -> None:
            places[number] = file.tell()
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        for number, body in bodies.items():
            add(number, body)
        for at in range(pages):
            line = LINE.format(at).encode()
            drawn = b"BT /F1 11 Tf 60 780 Td 14 TL " + b" ".join(b"(%s) Tj T*" % line for _ in range(45)) + b" ET"
            add(10 + 2 * at, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
                             b"/Contents %d 0 R>>" % (11 + 2 * at))
            add(11 + 2 * at, b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        start, size = file.tell(), 10 + 2 * pages
        rows = (b"%010d 00000 n \n" % places[at] if at in places else b"0000000000 65535 f \n" for at in range(size))
        file.write(b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
                   % (size, b"".join(rows), size, start))
    return path


def _row(what: str, value: float, limit: float, unit: str) -> dict:
    return {"what": what, "value": float(value), "limit": limit, "unit": unit, "holds": bool(value <= limit)}
