"""What meaning costs and how good it is: `python -m benchmarks.meaning [DATA]`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import KNeighborsClassifier

from flaskr.embedders.text import TextEmbedder, _model

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
    if data is not None and (data / "texts" / "bbc-news").is_dir():
        rows.append(_row("topic of 450 articles by their 5 nearest, leave one out (chance 0.2)",
                         topics(data / "texts" / "bbc-news"), 0.9, "accuracy", at_least=True))
    return rows


def bare() -> float:
    """Operations a second of one thread's plain float32 matrix product: nothing that multiplies can be faster."""
    a, b = torch.rand(512, 384), torch.rand(384, 1536)
    return 2 * 512 * 384 * 1536 / _best(lambda: a @ b, times=50)


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
