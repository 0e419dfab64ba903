"""What meaning costs and how good it is: `python -m benchmarks.meaning [DATA]`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import KNeighborsClassifier

from benchmarks.library_rows import application, fill
from flaskr.embedders.text import TextEmbedder, _model
from flaskr.embeddings import meaning, store
from flaskr.jobs.compute import Compute
from flaskr.listing.meaning import meant

ITEMS = 100_000
LAYERS = 6
PASSAGE = 1000  # letters: about 200 tokens
AT_A_TIME = 64  # descriptions that a worker gets


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}, on one thread; with `data` the topics of its texts/."""
    torch.set_num_threads(1)
    embedder = TextEmbedder()
    embedder.parts(["loads the model"])
    described = [f"Waltz for Debby, take {number}. Artist: Bill Evans Trio. Album: Sunday at the Village Vanguard. "
                 "Genre: Jazz. Year: 1961. Folder: Jazz / Bill Evans" for number in range(4 * AT_A_TIME)]
    long = ["The quick brown fox jumps over the lazy dog, and nobody knows why. " * (PASSAGE // 67)] * 16
    query = 1000 * _best(lambda: embedder.parts(["sad piano music for a rainy evening"]))
    rows = [_rate("descriptions", embedder, described, 40), _rate("passages of 1,000 letters", embedder, long, 5),
            _row("query, the model being loaded", query, 50, "ms")]
    rows += [*libraries(), *workers(described)]
    if data is not None and (data / "texts" / "bbc-news").is_dir():
        rows.append(_row("topic of 450 articles by their 5 nearest, leave one out (chance 0.2)",
                         topics(data / "texts" / "bbc-news"), 0.9, "accuracy", at_least=True))
    return rows


def bare() -> float:
    """Operations a second of one thread's plain float32 matrix product: nothing that multiplies can be faster."""
    a, b = torch.rand(512, 384), torch.rand(384, 1536)
    return 2 * 512 * 384 * 1536 / _best(lambda: a @ b, times=50)


def libraries() -> list[dict]:
    """A made library of ITEMS songs: what is not described yet, and a search whose words are new, the model apart."""
    rng = np.random.default_rng(0)
    with application() as app:
        music, space = app.extensions["modules"]["music"], TextEmbedder().space
        fill(music, ITEMS)
        undescribed = _best(lambda: meaning.undescribed(music), times=2)
        for at in range(0, ITEMS, 10_000):
            vectors = rng.standard_normal((10_000, 384), np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            meaning._save(music, space, [(at + row + 1, str(row)) for row in range(10_000)], vectors)
        store.matrix(music, space)
        asked = iter(range(10**6))
        new = _best(lambda: meant(music, f"new {next(asked)}", run=lambda *_: vectors[:1]))
        known = _best(lambda: meant(music, "new 0", run=lambda *_: vectors[:1]))
    return [_row(f"finding which of {ITEMS:,} items need a description", undescribed, 10, "s"),
            _row(f"search by meaning in {ITEMS:,}, all in order, model apart", 1000 * new, 40, "ms"),
            _row("the same again, as a further page asks for it", 1000 * known, 2, "ms")]


def workers(described: list[str]) -> list[dict]:
    """In real workers: descriptions a second of all of them, and one query, the worker being warm or cold."""
    compute, embedder = Compute(), TextEmbedder()
    try:
        cold = _best(lambda: compute.run(embedder.parts, ["the first query after a pause"]), times=1)
        tasks = [(described[at:at + AT_A_TIME],) for at in range(0, len(described), AT_A_TIME)] * 2
        list(compute.each(embedder.parts, tasks, chunk=1))
        spent = _best(lambda: list(compute.each(embedder.parts, tasks, chunk=1)), times=2)
        warm = _best(lambda: compute.run(embedder.parts, ["sad piano music for a rainy evening"]))
    finally:
        compute.close()
    return [_row(f"descriptions by {compute.workers} workers", 2 * len(described) / spent, 20, "a second", at_least=True),
            _row("query in a worker that is warm", 1000 * warm, 300, "ms"),
            _row("query in a worker that has to start", cold, 30, "s")]


def topics(folder: Path, *, articles: int = 10_000) -> float:
    """Share of articles whose topic (their folder) is that of most of their 5 nearest others, by mean passage vectors."""
    paths = [path for topic in sorted(folder.iterdir()) for path in sorted(topic.glob("*"))[:articles]]
    classes = np.unique([path.parent.name for path in paths], return_inverse=True)[1]
    embedder = TextEmbedder()
    raw = np.array([embedder.features(passages(path.read_text(encoding="utf-8", errors="replace"))) for path in paths])
    vectors = embedder.fit_projection(raw).apply(raw)
    near = KNeighborsClassifier(5, metric="cosine").fit(vectors, classes).kneighbors(return_distance=False)
    votes = np.array([np.bincount(classes[row], minlength=5).argmax() for row in near])
    return float((votes == classes).mean())


def passages(words: str) -> list[str]:
    """At most 8 pieces of PASSAGE letters: how a text is cut matters little here."""
    return [words[at:at + PASSAGE] for at in range(0, len(words), PASSAGE)][:8]


def _rate(what: str, embedder: TextEmbedder, texts: list[str], least: float) -> dict:
    """Texts a second, and in words how near the products of its layers come to bare ones."""
    tokens = np.mean([len(found.ids) for found in _model()[0].encode_batch(texts)])
    floor = bare()
    spent = _best(lambda: [embedder.parts(texts[at:at + AT_A_TIME]) for at in range(0, len(texts), AT_A_TIME)], times=3)
    rate, floor = len(texts) / spent, max(floor, bare())
    share = rate * tokens * LAYERS * 2 * (4 * 384**2 + 2 * 384 * 1536) / floor
    return _row(f"{what} of {tokens:.0f} tokens ({share:.0%} of a bare matrix product)", rate, least, "a second", at_least=True)


def _best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of some runs: what the work costs when nothing else is running."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    return {"what": what, "value": float(value), "limit": float(limit), "unit": unit,
            "holds": bool(value >= limit if at_least else value <= limit)}


if __name__ == "__main__":
    for row in run(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(f"{'holds ' if row['holds'] else 'MISSED'} {row['value']:9.3f} {row['limit']:9.3f} {row['unit']:9}{row['what']}")
