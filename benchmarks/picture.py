"""The picture embedder's cost and quality, against an RGB histogram: `python -m benchmarks.picture [DATA]`."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from benchmarks.sound import preference
from flaskr.embedders.picture import PictureEmbedder
from flaskr.embedders.picture_prior import made_up
from flaskr.media.pictures import pixels

PENALTIES = (1.0, 10.0, 100.0)  # inverse strength; the best of them counts, for ours and for the baseline alike
LARGE = (3000, 4000)  # pixels, 12 MP
OUTDOORS = set("""aircraft_carrier alp amphibian balloon boathouse convertible dome drilling_platform flagpole geyser
    harvester lumbermill megalith minibus mountain_bike palace planetarium plow pole sandbar snowmobile sports_car
    steel_arch_bridge submarine swing tank trolleybus viaduct warplane wing yawl yurt""".split())
WORN = set("""apron backpack bathing_cap bolo_tie bonnet brassiere crash_helmet cuirass feather_boa gasmask gown
    knee_pad poncho purse sandal sarong scabbard stole suit wool""".split())
# first number of a WordNet id that is no longer of the group (photos are named n<id>_<class>)
RANGES = ((1518000, "small animals"), (1630000, "birds"), (1819000, "small animals"), (1850000, "birds"),
          (2000000, "small animals"), (2060000, "birds"), (2085000, "mammals"), (2114000, "dogs"), (2165000, "mammals"),
          (2320000, "small animals"), (2600000, "mammals"), (7000000, "things"), (99999999, "food"))


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"}: the cost, and with `data` the quality on its photos/."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.jpg", Path(folder) / "large.jpg"
        made = Image.fromarray(made_up(7))
        made.resize((500, 340)).save(small, quality=90)
        made.resize(LARGE[::-1], Image.Resampling.BICUBIC).save(large, quality=90)
        rows = cost(small, "0.17 MP JPEG, made", 10) + cost(large, "12 MP JPEG, made", None)
    if data is not None and (data / "photos").is_dir():
        rows += quality(data / "photos")
    return rows


def cost(path: Path, what: str, most: float | None, times: int = 40) -> list[dict]:
    """Decoding and features in turn on one thread, the fastest of each; held to `most` ms or to twice the decoding.

    Processor time: what other programs take meanwhile does not count.
    """
    embedder, spent = PictureEmbedder(), []
    for _ in range(times + 1):
        start = time.thread_time()
        seen = pixels(path)
        decoded = time.thread_time()
        embedder.features([seen])
        spent.append((decoded - start, time.thread_time() - decoded))
    decode, features = (1000 * min(column) for column in zip(*spent[1:], strict=True))
    ratio = _row(f"{what}: (decode + features) / decode", (decode + features) / decode, 2, "ratio")
    return [_row(f"{what}: decoded", decode, 500, "ms"), _row(f"{what}: features", features, most or 500, "ms"),
            *([] if most else [ratio])]


def quality(folder: Path, shuffles: int = 4) -> list[dict]:
    """Eight coarse groups told apart by ours and by the baseline, in the same folds."""
    paths = sorted(folder.glob("n*_*"))
    classes = np.unique([group(path.stem) for path in paths], return_inverse=True)[1]
    seen = [pixels(path) for path in paths]
    baseline, embedder = np.array([histogram(picture) for picture in seen]), PictureEmbedder()
    raw = np.array([embedder.features([picture]) for picture in seen])
    ours, few = (embedder.fit_projection(raw[:count]).apply(raw) for count in (len(raw), 0))
    rows = []
    for name, measure in {"logistic": _logistic, "5NN": _nearest}.items():
        peer, own, prior = (measure(vectors, classes, shuffles) for vectors in (baseline, ours, few))
        margin = own - peer
        error = margin.std(ddof=1) / np.sqrt(len(margin))
        rows += [_row(f"{name}: RGB histogram", peer.mean(), 0, "accuracy", at_least=True),
                 _row(f"{name}: ours", own.mean(), peer.mean(), "accuracy", at_least=True),
                 _row(f"{name}: ours, with the constants for small libraries", prior.mean(), peer.mean(), "accuracy",
                      at_least=True),
                 _row(f"{name}: ours above the histogram (standard error over shuffles {error:.3f})", margin.mean(),
                      0.05, "margin", at_least=True)]
    for rated in (50, 100):
        peer, own = (preference(vectors, classes, rated) for vectors in (baseline, ours))
        rows.append(_row(f"Spearman on the rest after {rated} simulated ratings (histogram {peer:.3f})", own, peer,
                         "rho", at_least=True))
    return rows


def group(name: str) -> str:
    """The coarse group of a photo named n<WordNet id>_<class>."""
    number, label = name[1:].split("_", 1)
    if label in OUTDOORS or label in WORN:
        return "outdoors" if label in OUTDOORS else "worn"
    return next(found for end, found in RANGES if int(number) < end)


def histogram(picture: np.ndarray) -> np.ndarray:
    """Shares of 8 x 8 x 8 colours as a row of length 1, float64 [512]: the usual baseline."""
    index = (picture >> 5).reshape(-1, 3).astype(np.int64) @ np.array([64, 8, 1])
    shares = np.bincount(index, minlength=512).astype(float)
    return shares / np.linalg.norm(shares)


def _logistic(vectors: np.ndarray, classes: np.ndarray, shuffles: int) -> np.ndarray:
    models = [LogisticRegression(C=penalty, max_iter=300) for penalty in PENALTIES]
    return max((_accuracy(model, vectors, classes, shuffles) for model in models), key=np.mean)


def _nearest(vectors: np.ndarray, classes: np.ndarray, shuffles: int) -> np.ndarray:
    return _accuracy(KNeighborsClassifier(5, metric="cosine"), vectors, classes, 3 * shuffles)


def _accuracy(model, vectors: np.ndarray, classes: np.ndarray, shuffles: int) -> np.ndarray:
    """Of each shuffle, float64 [shuffles]."""
    folds = [StratifiedKFold(5, shuffle=True, random_state=seed) for seed in range(shuffles)]
    return np.array([cross_val_score(model, vectors, classes, cv=fold).mean() for fold in folds])


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    return {"what": what, "value": float(value), "limit": float(limit), "unit": unit,
            "holds": bool(value >= limit if at_least else value <= limit)}


def _show(rows: list[dict], show: Callable[[str], None] = print) -> None:
    for row in rows:
        verdict = "holds " if row["holds"] else "MISSED"
        show(f"{verdict} {row['value']:9.3f} {row['limit']:9.3f} {row['unit']:9}{row['what']}")


if __name__ == "__main__":
    _show(run(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
