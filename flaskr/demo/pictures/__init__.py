"""A small library of painted pictures in eight styles, with near-duplicates and a loop, to try everything with."""

from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from flaskr.demo.making import Making
from flaskr.demo.pictures.catalogue import Picture, pictures, twins
from flaskr.demo.pictures.loop import LOOPS, loop

FORMATS = {".jpg": ("JPEG", {"quality": 88}), ".png": ("PNG", {"compress_level": 6}),
           ".webp": ("WEBP", {"quality": 84, "method": 3})}
SMALLER = 0.6  # of the side, of a near-duplicate


def demo(folder: Path, *, count: int = 64, seed: int = 0) -> Making:
    """Write at least `count` pictures (a multiple of the 8 styles) below `folder`, then some smaller copies and a loop.

    Files are `Style/Title.ext` with camera, date and caption as EXIF. The same `seed` makes the same pictures.
    """
    made = list(pictures(count, seed))
    return Making(folder, [
        *((picture.path, partial(save, picture)) for picture in made),
        *((picture.copy, partial(save_twin, picture)) for picture in twins(made)),
        *((Path("Loops", f"{name}.gif"), partial(loop, number)) for number, name in enumerate(LOOPS))])


def render(picture: Picture) -> Image.Image:
    """The picture at its full size."""
    return picture.style.paint(np.random.default_rng(picture.key), picture.key[-1])


def save(picture: Picture, path: Path) -> None:
    """Paint a picture and write it to `path`."""
    kind, how = FORMATS[picture.path.suffix]
    render(picture).save(path, kind, exif=exif(picture).tobytes(), **how)


def save_twin(picture: Picture, path: Path) -> None:
    """A smaller copy that lost its EXIF, as it comes back from a friend."""
    whole = render(picture)
    small = whole.resize([round(SMALLER * side) for side in whole.size], Image.Resampling.LANCZOS)
    small.save(path, "JPEG", quality=70)


def exif(picture: Picture) -> Image.Exif:
    """Camera, date and caption of a picture."""
    tags, style = Image.Exif(), picture.style
    tags[0x010E], tags[0x010F], tags[0x0110] = picture.caption, *style.camera
    tags[0x0132] = picture.taken
    details = tags.get_ifd(0x8769)
    details[0x9003] = picture.taken
    if style.exposure:
        details[0x829A], details[0x829D], details[0x8827], details[0x920A] = style.exposure
    return tags
