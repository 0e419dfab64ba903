"""Pictures out of files and bytes: opened safely, small WebP thumbnails, and a JPEG for what a browser cannot show."""

import io
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from flaskr.media.contract import Unreadable

MOST_PIXELS = 120_000_000  # a larger picture is a bomb or a map; decoding it would cost gigabytes
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF")  # not EPS and its like, which run other programs
TILE = 640  # pixels of the longer side of what stands in a grid; sharper sampling is hardly seen there
SHOWN_SIDE = 4096  # pixels of the longer side of what is converted for a browser
DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # more than eight bits a sample
ORIENTATION = 0x0112
TURNS = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
         5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
         8: Image.Transpose.ROTATE_90}
# What Pillow raises at a file it cannot make sense of: it trusts sizes and offsets that files claim.
BROKEN = (Image.DecompressionBombError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError,
          AttributeError, OverflowError, ZeroDivisionError, EOFError, MemoryError, RuntimeError, struct.error)


@contextmanager
def opened(source: Path | bytes) -> Iterator[Image.Image]:
    """The picture, its pixels not decoded yet, for as long as the block lasts; Unreadable for whatever goes wrong."""
    try:
        with warnings.catch_warnings(action="ignore"), _open(source) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable(f"The picture has too many pixels to be opened safely ({picture.width:,} x "
                                 f"{picture.height:,}).")
            yield picture
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk, not the picture
        raise Unreadable(f"The picture can't be decoded ({type(error).__name__}).") from None


def thumbnail(source: Path | bytes, side: int = 320) -> bytes:
    """A WebP of at most side x side pixels, upright, from any picture; Unreadable with the reason."""
    with opened(source) as picture:
        out, tile = io.BytesIO(), side <= TILE
        small = upright(picture, side, Image.Resampling.HAMMING, gap=1.5) if tile else upright(picture, side)
        small.save(out, "WEBP", quality=80, method=2 if tile else 1)  # measured: wiki/decisions/thumbnails.md
        return out.getvalue()


def save_thumbnail(find: Callable[[Path], bytes | Path | None] | None, source: Path, side: int, target: Path) -> None:
    """Write the thumbnail of the picture that `find` finds in `source`; Unreadable when there is none. For workers."""
    picture = find(source) if find else None
    if picture is None:
        raise Unreadable("There is no picture in this file.")
    target.write_bytes(thumbnail(picture, side))


def save_strip(find: Callable[[Path], bytes | None], source: Path, target: Path) -> None:
    """Write the strip of pictures that `find` makes of `source`; Unreadable when there is none. For workers."""
    strip = find(source)
    if strip is None:
        raise Unreadable("There are no pictures in this file.")
    target.write_bytes(strip)


def pixels(source: Path | bytes, side: int = 256) -> np.ndarray:
    """What an embedder sees: uint8 RGB [height, width, 3] within side x side, upright, mid-grey where it is clear."""
    with opened(source) as picture:
        small = upright(picture, side)
        if small.mode == "RGBA":
            small = Image.alpha_composite(Image.new("RGBA", small.size, (128, 128, 128, 255)), small).convert("RGB")
        return np.array(small)


def convert(source: Path, target: Path) -> None:
    """Write `source` as a JPEG of at most `SHOWN_SIDE` a side, upright, white where it is clear."""
    with opened(source) as picture:
        large = upright(picture, SHOWN_SIDE)
        if large.mode == "RGBA":
            large = Image.alpha_composite(Image.new("RGBA", large.size, "white"), large).convert("RGB")
        large.save(target, "JPEG", quality=88, optimize=True)


def upright(picture: Image.Image, side: int, sampling: Image.Resampling = Image.Resampling.LANCZOS,
            gap: float = 2.0) -> Image.Image:
    """The picture as RGB or RGBA within side x side, turned as its EXIF says.

    A large JPEG is decoded at the fraction that leaves `gap` times the side, and `sampling` does the rest.
    """
    turn, small = TURNS.get(orientation(picture)), picture
    if picture.mode in DEEP:
        small = _eight_bits(picture)
    elif picture.mode in ("P", "1"):
        small = _coloured(picture)  # a palette cannot be blended
    small.thumbnail((side, side), sampling, reducing_gap=gap)
    return _coloured(small if turn is None else small.transpose(turn))


def orientation(picture: Image.Image) -> int:
    """How the camera was held, 1 to 8 as EXIF counts; 1 where nothing sensible is said."""
    try:
        said = picture.getexif().get(ORIENTATION)
    except BROKEN:
        return 1
    return said if said in TURNS else 1


def _open(source: Path | bytes) -> Image.Image:
    """Open by what the content is, whatever the name says; HEIF is learned when the first one comes."""
    if isinstance(source, bytes):
        start = source[:12]
    else:
        with open(source, "rb") as file:
            start = file.read(12)
    heif = start[4:8] == b"ftyp" and _learn_heif()
    return Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS + ("HEIF",) * heif)


@cache
def _learn_heif() -> bool:
    import pillow_heif  # 5 MB of decoder that most libraries never need
    pillow_heif.register_heif_opener()
    return True


def _eight_bits(picture: Image.Image) -> Image.Image:
    """16-bit greys over their whole range; other deep samples from their darkest to their lightest."""
    low, high = (0, 65535) if picture.mode.startswith("I;16") else picture.getextrema()
    if picture.mode == "I" and low >= 0 and 255 < high <= 65535:
        low, high = 0, 65535  # 16 bits in a wider mode
    scale = 255 / (high - low or 1)
    return picture.convert("F").point(lambda value: value * scale + -low * scale).convert("L")


def _coloured(picture: Image.Image) -> Image.Image:
    """Any mode as RGB, or as RGBA when something in it is transparent."""
    clear = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")
