"""What the built-in sound embedder costs and how good it is, against 20 MFCCs: `python -m benchmarks.sound [DATA]`."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import torch
from scipy.fft import dct
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from flaskr.embedders.sound import SoundEmbedder
from flaskr.media.sound import RATE, windows

PENALTIES = (0.1, 1.0, 10.0)  # inverse strength; the best of them counts, for ours and for the baseline alike


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}: the cost, and with `data` the quality on its sounds/."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        made = _three_minutes(Path(folder) / "made.mp3")
        rows = cost(made, "3-minute mp3, 192 kbit/s, made")
    if data is not None and (data / "sounds").is_dir():
        rows += quality(data / "sounds")
    return rows


def cost(path: Path, what: str, times: int = 9) -> list[dict]:
    """Decoding alone and with the features, in turn on one thread; the ratio of the fastest."""
    embedder, spent = SoundEmbedder(), []
    for _ in range(times + 1):
        start = time.perf_counter()
        heard = windows(path)
        decoded = time.perf_counter()
        embedder.features(heard)
        spent.append((decoded - start, time.perf_counter() - decoded))
    decode, features = (1000 * min(column) for column in zip(*spent[1:], strict=True))
    return [_row(f"{what}: windows decoded", decode, 500, "ms"), _row(f"{what}: features", features, 500, "ms"),
            _row(f"{what}: (decode + features) / decode", (decode + features) / decode, 2, "ratio")]


def quality(folder: Path, shuffles: int = 6) -> list[dict]:
    """Instruments told apart by ours and by the baseline, in the same folds; the folder's name is the class."""
    paths = sorted(path for path in folder.glob("*/*") if path.is_file())
    classes = np.unique([path.parent.name for path in paths], return_inverse=True)[1]
    heard = [windows(path) for path in paths]
    baseline = np.array([mfcc(item) for item in heard])
    baseline = (baseline - baseline.mean(0)) / baseline.std(0)
    embedder = SoundEmbedder()
    raw = np.array([embedder.features(item) for item in heard])
    ours = embedder.fit_projection(raw).apply(raw)
    few = embedder.fit_projection(raw[:0]).apply(raw)
    rows = []
    for name, measure in {"logistic": _logistic, "5NN": _nearest}.items():
        peer, own = measure(baseline, classes, shuffles), measure(ours, classes, shuffles)
        rows += [_row(f"{name}: MFCC", peer, 0, "accuracy", at_least=True),
                 _row(f"{name}: ours", own, peer, "accuracy", at_least=True),
                 _row(f"{name}: ours, with the constants for small libraries", measure(few, classes, shuffles), peer,
                      "accuracy", at_least=True),
                 _row(f"{name}: ours above MFCC", own - peer, 0.12, "margin", at_least=True)]
    for rated in (50, 100):
        peer, own = (preference(vectors, classes, rated) for vectors in (baseline, ours))
        rows.append(_row(f"Spearman on the rest after {rated} simulated ratings (MFCC {peer:.3f})", own, peer, "rho",
                         at_least=True))
    return rows


def mfcc(heard: list[np.ndarray]) -> np.ndarray:
    """Mean and standard deviation of 20 MFCCs of 128 mel bands over 80 dB, float64 [40]: the usual baseline."""
    edges = np.linspace(0, 15 + np.log(RATE / 2000) * 27 / np.log(6.4), 130)
    edges = np.where(edges < 15, edges * 200 / 3, 1000 * np.exp((edges - 15) * np.log(6.4) / 27))
    hertz = np.linspace(0, RATE / 2, 1025)[:, None]
    rise, fall = (hertz - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - hertz) / (edges[2:] - edges[1:-1])
    bank = np.maximum(np.minimum(rise, fall), 0) * 2 / (edges[2:] - edges[:-2])
    frames = []
    for window in heard:
        sound = torch.from_numpy(np.pad(window, (0, max(0, 2048 - len(window)))))
        frames.append(torch.stft(sound, 2048, 512, window=torch.hann_window(2048), return_complex=True).abs().T.numpy())
    decibels = 10 * np.log10(np.maximum(np.concatenate(frames) ** 2 @ bank, 1e-10))
    cepstra = dct(np.maximum(decibels, decibels.max() - 80), norm="ortho")[:, :20]
    return np.concatenate([cepstra.mean(0), cepstra.std(0)])


def preference(vectors: np.ndarray, classes: np.ndarray, rated: int, people: int = 60) -> float:
    """Spearman on what is not rated: liking per class plus noise of sd 1, RBF kernel ridge; the mean of `people`.

    Of fewer than `rated + 10` items there is no rest: then all but ten are rated.
    """
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    distance = np.maximum(2 - 2 * unit @ unit.T, 0)
    kernel, rated, found = np.exp(-distance / np.median(distance)), min(rated, len(unit) - 10), []
    for person in range(people):
        rng = np.random.default_rng(person)
        liking = 1.5 * rng.normal(size=classes.max() + 1)[classes] + rng.normal(size=len(classes))
        order = rng.permutation(len(classes))
        known, rest = order[:rated], order[rated:]
        level = liking[known].mean()
        weights = np.linalg.solve(kernel[np.ix_(known, known)] + 0.5 * np.eye(rated), liking[known] - level)
        found.append(spearmanr(kernel[np.ix_(rest, known)] @ weights, liking[rest])[0])
    return float(np.mean(found))


def _logistic(vectors: np.ndarray, classes: np.ndarray, shuffles: int) -> float:
    models = [LogisticRegression(C=penalty, max_iter=500) for penalty in PENALTIES]
    return max(_accuracy(model, vectors, classes, shuffles) for model in models)


def _nearest(vectors: np.ndarray, classes: np.ndarray, shuffles: int) -> float:
    return _accuracy(KNeighborsClassifier(5, metric="cosine"), vectors, classes, 3 * shuffles)


def _accuracy(model, vectors: np.ndarray, classes: np.ndarray, shuffles: int) -> float:
    folds = [StratifiedKFold(5, shuffle=True, random_state=seed) for seed in range(shuffles)]
    return float(np.mean([cross_val_score(model, vectors, classes, cv=fold) for fold in folds]))


def _three_minutes(path: Path) -> Path:
    """Write three minutes of chords and noise as MP3."""
    rng, rate = np.random.default_rng(0), 44100
    at = np.arange(rate * 4) / rate
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libmp3lame", rate=rate, layout="stereo", bit_rate=192_000)
        for part in range(45):
            chord = sum(np.sin(2 * np.pi * 110 * 2 ** (step / 12) * at) for step in rng.integers(0, 36, 5))
            sound = 0.08 * chord * np.exp(-2 * (at % 0.5)) + 0.02 * rng.normal(size=(2, len(at)))
            frame = av.AudioFrame.from_ndarray(sound.astype(np.float32), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = rate, part * len(at)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    return {"what": what, "value": float(value), "limit": limit, "unit": unit,
            "holds": bool(value >= limit if at_least else value <= limit)}


def _show(rows: list[dict], show: Callable[[str], None] = print) -> None:
    for row in rows:
        verdict = "holds " if row["holds"] else "MISSED"
        show(f"{verdict} {row['value']:9.3f} {row['limit']:9.3f} {row['unit']:9}{row['what']}")


if __name__ == "__main__":
    _show(run(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
