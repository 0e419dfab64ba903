"""Reads an image: what its header and EXIF say, without decoding a pixel, and the pixels that the embedder sees."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from flaskr.media import pictures

DATES = ("DateTimeOriginal", "DateTimeDigitized", "DateTime")
DATE = re.compile(r"\s*(\d{4})[:/.-](\d\d?)[:/.-](\d\d?)(?:[ T]+(\d\d?):(\d\d?)(?::(\d\d?))?)?")
BLOCKS = ((None, ExifTags.TAGS), (ExifTags.IFD.Exif, ExifTags.TAGS), (ExifTags.IFD.GPSInfo, ExifTags.GPSTAGS))
FIRST_YEAR = 1826  # of the first photograph
ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")  # where several frames are an animation; in TIFF they are pages
JUNK = re.compile(r"(?i)olympus digital camera|exif[_ ]jpeg[_ ]picture|samsung|sony dsc|dcf\d*|minolta digital camera|"
                  r"kodak digital.*|default|untitled|created with .*|charset=.*|<.*")


def describe(path: Path) -> dict[str, Any]:
    """Facts from the header and the EXIF; Unreadable when Pillow can't open it or it is too large to be decoded."""
    with pictures.opened(path) as picture:
        turn = pictures.orientation(picture)
        width, height = picture.size if turn < 5 else picture.size[::-1]
        animated = picture.format in ANIMATED and bool(getattr(picture, "is_animated", False))
        return {"width": width, "height": height, "pixels": width * height, "orientation": turn,
                "proportion": round(width / height, 4), "format": picture.format or "", "animated": animated,
                **_exif_facts(_exif(picture))}


def samples(path: Path) -> list:
    """The picture for the embedder: one uint8 array [height, width, 3]."""
    return [pictures.pixels(path)]


def thumbnail(path: Path) -> Path:
    """The picture to make thumbnails of: itself."""
    return path


def _exif(picture: Image.Image) -> dict[str, Any]:
    """EXIF by the names of its tags; whatever part of it is broken is left out."""
    said: dict[str, Any] = {}
    try:
        exif = picture.getexif()
    except pictures.BROKEN:
        return said
    for block, names in BLOCKS:
        try:
            values = exif if block is None else exif.get_ifd(block)
            said |= {names[key]: value for key, value in values.items() if key in names}
        except pictures.BROKEN:
            continue
    return said


def _exif_facts(said: Mapping[str, Any]) -> dict[str, Any]:
    taken, exposure = _taken(said), _number(said.get("ExposureTime"), 1e-6, 1e5)
    iso = said.get("ISOSpeedRatings")
    latitude = _degrees(said.get("GPSLatitude"), said.get("GPSLatitudeRef"), 90)
    longitude = _degrees(said.get("GPSLongitude"), said.get("GPSLongitudeRef"), 180)
    both = latitude is not None and longitude is not None and (latitude, longitude) != (0, 0)
    caption = _text(said.get("ImageDescription"))
    iso = _number(iso[0] if isinstance(iso, tuple) and iso else iso, 1, 10_000_000)
    return {"taken_at": taken.timestamp() if taken else None, "year": taken.year if taken else None,
            "camera": _camera(_text(said.get("Make")), _text(said.get("Model"))), "lens": _text(said.get("LensModel")),
            "exposure": _exposure(exposure), "aperture": _number(said.get("FNumber"), 0.1, 1000),
            "iso": None if iso is None else int(iso), "focal": _number(said.get("FocalLength"), 0.1, 1e5),
            "latitude": latitude if both else None, "longitude": longitude if both else None,
            "caption": "" if JUNK.fullmatch(caption) else caption}


def _taken(said: Mapping[str, Any]) -> datetime | None:
    """When the camera's clock says it was taken; the first date that is one."""
    for name in DATES:
        found = DATE.match(_text(said.get(name)))
        if not found:
            continue
        try:
            taken = datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC)
        except ValueError:  # 0000:00:00, 31 February
            continue
        if FIRST_YEAR <= taken.year <= datetime.now(UTC).year + 1:
            return taken
    return None


def _camera(make: str, model: str) -> str:
    """Maker and model without saying the maker twice: "Canon EOS 40D", "NIKON D70"."""
    known = any(word in model.casefold() for word in make.casefold().split() if len(word) > 2)
    return model if known else f"{make} {model}".strip()


def _exposure(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"1/{1 / seconds:.0f} s" if seconds < 0.3 else f"{seconds:g} s"[:20]


def _degrees(value: Any, direction: Any, most: int) -> float | None:
    """Degrees, minutes and seconds as degrees, south and west negative; None when they are no place."""
    if not isinstance(value, tuple | list) or not 1 <= len(value) <= 3:
        return None
    parts = [_number(part, 0, 1e6) for part in value]
    if None in parts:
        return None
    degrees = sum(part / 60 ** at for at, part in enumerate(parts))
    return round(-degrees if _text(direction)[:1].upper() in ("S", "W") else degrees, 6) if degrees <= most else None


def _number(value: Any, least: float, most: float) -> float | None:
    """A finite number within bounds, from whatever EXIF holds; None otherwise."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return round(number, 6) if math.isfinite(number) and least <= number <= most else None


def _text(value: Any) -> str:
    """A tag as text without padding; bytes are UTF-8 as far as they go."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return " ".join(value.replace("\0", " ").split())[:200] if isinstance(value, str) else ""
