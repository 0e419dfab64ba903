"""Thumbnails of 320 pixels beside Pillow's plain `thumbnail` and, where it is installed, libvips; images/s of one thread."""

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from benchmarks.library_rows import row
from flaskr.embedders.picture_prior import made_up
from flaskr.media.pictures import thumbnail

LARGE = (4000, 3000)  # pixels, 12 MP
SIDE, QUALITY, METHOD = 320, 80, 2
TIMES = 3  # runs in turn, of which the fastest of each counts


def run(data: Path | None = None) -> list[dict]:
    """Rows for 12 MP pictures made here, and with `data` for its photos/."""
    with tempfile.TemporaryDirectory() as place:
        sources = {f"12 MP {path.suffix[1:]}": [path] * 4 for path in large(Path(place))}
        if data is not None and (data / "photos").is_dir():
            sources["photographs"] = sorted((data / "photos").glob("*.JPEG"))
        return [found for what, paths in sources.items() for found in compare(what, paths)]


def large(folder: Path) -> list[Path]:
    """A picture of 12 MP with the grain of a sensor, as each usual format writes it."""
    smooth = np.asarray(Image.fromarray(made_up(7)).resize(LARGE, Image.Resampling.BICUBIC), np.float32)
    grain = np.random.default_rng(0).normal(0, 6, smooth.shape).astype(np.float32)
    picture = Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8))
    ways = {"jpg": {"quality": 90}, "png": {"compress_level": 1}, "webp": {"quality": 85, "method": 0}}
    for suffix, how in ways.items():
        picture.save(folder / f"large.{suffix}", **how)
    return [folder / f"large.{suffix}" for suffix in ways]


def compare(what: str, paths: list[Path]) -> list[dict]:
    """Ours beside each peer, in turn, so that whatever else the machine does strikes all alike."""
    ways: dict[str, Callable[[Path], bytes]] = {"ours": lambda path: thumbnail(path, SIDE), "plain Pillow": plain}
    vips = libvips()
    if vips:
        ways["libvips"] = vips
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TIMES):
        for name, way in ways.items():
            started = time.process_time()
            for path in paths:
                way(path)
            spent[name].append(time.process_time() - started)
    rate = {name: len(paths) / min(times) for name, times in spent.items()}
    limits = {"plain Pillow": 1.0, "libvips": 0.0}  # where libvips is faster is told in wiki/decisions/thumbnails.md
    return [row(f"{what}: {rate['ours']:.1f} images/s beside {name}'s {rate[name]:.1f}", rate["ours"] / rate[name],
                limit, "x", at_least=True) for name, limit in limits.items() if name in rate]


def plain(path: Path) -> bytes:
    """What one writes first: open, thumbnail, turn, save."""
    with Image.open(path) as picture:
        picture.thumbnail((SIDE, SIDE))
        out = io.BytesIO()
        ImageOps.exif_transpose(picture).save(out, "WEBP", quality=QUALITY, method=METHOD)
        return out.getvalue()


def libvips() -> Callable[[Path], bytes] | None:
    """Shrink on load by libvips with one thread and no cache; None where it is not installed."""
    try:
        import pyvips
    except ImportError:
        return None
    pyvips.cache_set_max(0)

    def make(path: Path) -> bytes:
        small = pyvips.Image.thumbnail(str(path), SIDE, height=SIDE, size="down")
        return small.webpsave_buffer(Q=QUALITY, effort=METHOD, strip=True)
    return make
