"""What finding the nearest of 100,000 vectors costs: `python -m benchmarks.nearest`."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import threadpoolctl

from flaskr.embeddings.nearest import nearest
from flaskr.embeddings.store import Matrix

ROWS = 100_000
LENGTHS = (96, 128, 384, 512)  # of the picture, sound and text embedders, and of the largest that is planned


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}; beside each the bare float32 product of numpy, in turn with it."""
    rng, rows = np.random.default_rng(0), []
    for dim in LENGTHS:
        wide = rng.standard_normal((ROWS, dim), np.float32)
        wide /= np.linalg.norm(wide, axis=1, keepdims=True)
        held, query, mask = Matrix(np.arange(ROWS), wide.astype(np.float16), "made"), wide[7], rng.random(ROWS) < 0.5
        with threadpoolctl.threadpool_limits(1):
            bare, plain, masked = _times(lambda wide=wide, query=query: wide @ query,
                                         lambda held=held, query=query: nearest(held, query),
                                         lambda held=held, query=query, mask=mask: nearest(held, query, mask=mask))
        size, kept = f"{ROWS:,} x {dim}", held.vectors.nbytes + (0 if held.wide is None else held.wide.nbytes)
        rows += [_row(f"nearest 12 of {size}", 1000 * plain, 15, "ms"),
                 _row(f"nearest 12 of {size} / bare float32 product", plain / bare, 2, "ratio"),
                 _row(f"nearest 12 of {size}, half of them masked / without a mask", masked / plain, 1.5, "ratio"),
                 _row(f"kept in memory of {size} / float32 alone", kept / wide.nbytes, 1.5, "ratio")]
    return rows


def _times(*works: Callable[[], object], times: int = 25) -> list[float]:
    """Seconds of the fastest run of each, taken in turn so that a busy moment strikes all alike."""
    taken = []
    for _ in range(times):
        round_ = []
        for work in works:
            start = time.perf_counter()
            work()
            round_.append(time.perf_counter() - start)
        taken.append(round_)
    return [min(column) for column in zip(*taken[1:], strict=True)]


def _row(what: str, value: float, limit: float, unit: str) -> dict:
    return {"what": what, "value": float(value), "limit": float(limit), "unit": unit, "holds": bool(value <= limit)}


if __name__ == "__main__":
    for row in run():
        print(f"{'holds ' if row['holds'] else 'MISSED'} {row['value']:9.3f} {row['limit']:9.3f} {row['unit']:6}{row['what']}")
