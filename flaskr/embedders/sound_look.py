"""The second look at sounds whose vectors are near: how loud twelve bands are from moment to moment.

Two recordings are the same when these courses go together at some shift of up to a second, as an added silence makes one.
"""

import numpy as np

RATE = 22050
FRAME, HOP, BANDS = 2048, 1102, 12  # 93 ms, 50 ms
LOWEST, HIGHEST = 100, 8000  # hertz
DEPTH = 5.0  # powers of ten below the loudest that count: encoders change what is quieter
SHIFT = 20  # hops either way
LEAST = 0.85  # of 1,000 pairs of one recording in two forms none lies below it


def look(windows: list[np.ndarray]) -> list[np.ndarray]:
    """float16 [bands, frames] of each window (mono float32 at 22050 Hz): logarithmic energy."""
    edges = np.unique(np.geomspace(LOWEST, HIGHEST, BANDS + 1) / (RATE / FRAME)).astype(int)
    return [_courses(window, edges) for window in windows if len(window)]


def alike(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Whether the courses of as many windows go together."""
    if not first or len(first) != len(second):
        return False
    return float(np.mean([_together(one, other) for one, other in zip(first, second, strict=True)])) >= LEAST


def _courses(window: np.ndarray, edges: np.ndarray) -> np.ndarray:
    window = np.pad(window, (0, max(0, FRAME - len(window))))
    frames = np.lib.stride_tricks.sliding_window_view(window, FRAME)[::HOP] * np.hanning(FRAME).astype(np.float32)
    energy = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    return np.log10(np.maximum(np.add.reduceat(energy, edges[:-1], axis=1).T, 1e-6)).astype(np.float16)


def _together(one: np.ndarray, other: np.ndarray) -> float:
    """The best correlation over all shifts, -1..1; each band's mean is taken away, so that only what happens counts."""
    one, other = (np.maximum(part, part.max() - DEPTH) for part in (one.astype(np.float32), other.astype(np.float32)))
    shortest, best = max(4, min(one.shape[1], other.shape[1]) // 2), -1.0
    for shift in range(-SHIFT, SHIFT + 1):
        a, b = one[:, max(0, shift):], other[:, max(0, -shift):]
        length = min(a.shape[1], b.shape[1])
        if length < shortest:
            continue
        a, b = (part[:, :length] - part[:, :length].mean(1, keepdims=True) for part in (a, b))
        best = max(best, float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-6)))
    return best
