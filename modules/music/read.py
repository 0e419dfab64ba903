"""Reads a song: what its tags say, its cover, and the windows of sound that the embedder hears."""

import os
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from mediafile import FileTypeError, MediaFile, UnreadableFileError
from mutagen import MutagenError

from flaskr.media import sound
from modules.music.names import from_name

COVERS = ("cover", "folder", "front", "album", "albumart")
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
LARGEST_COVER = 20 << 20
# What mutagen raises at a broken tag beside its own errors: it trusts sizes and numbers that files claim.
BROKEN = (UnreadableFileError, FileTypeError, MutagenError, ValueError, KeyError, IndexError, TypeError, AttributeError,
          OverflowError, EOFError, MemoryError, RecursionError, ArithmeticError)


def describe(path: Path) -> dict[str, Any]:
    """Facts from the tags, else from the sound stream alone; Unreadable when neither can be read."""
    file = _tags(path)
    if file is None or not file.length:
        stream = sound.stream_facts(path)
        facts = {"duration": stream["duration"], "bitrate": stream["bitrate"], "sample_rate": stream["sample_rate"],
                 "channels": stream["channels"], "format": (stream["codec"] or "").upper()[:20]}
        return _names(path, file) | facts
    return _names(path, file) | {
        "duration": round(float(file.length), 2), "bitrate": _whole(file, "bitrate", 1000),
        "sample_rate": _whole(file, "samplerate"), "channels": _whole(file, "channels"),
        "format": str(_get(file, "format") or path.suffix.lstrip(".")).upper()[:20]}


def samples(path: Path) -> list:
    """Windows of sound for the embedder: float32 [samples] each."""
    return sound.windows(path)


def cover(path: Path) -> bytes | None:
    """The picture of a song: embedded in it, else the cover file of its folder; None without one."""
    file = _tags(path)
    images = _get(file, "images") if file else None
    for image in images or []:
        if image.data and len(image.data) <= LARGEST_COVER:
            return image.data
    beside = _cover_file(path)
    return beside.read_bytes() if beside else None


def _cover_file(path: Path) -> Path | None:
    try:
        return _cover_of(path.parent, path.parent.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=256)
def _cover_of(folder: Path, _modified_ns: int) -> Path | None:
    """The cover file of a folder; looked for once, not for each of its songs."""
    found = {name.lower(): folder / name for name in os.listdir(folder) if name.lower().endswith(PICTURES)}
    for name in (f"{stem}{suffix}" for stem in COVERS for suffix in PICTURES):
        if name in found and found[name].is_file() and found[name].stat().st_size <= LARGEST_COVER:
            return found[name]
    return None


def _tags(path: Path) -> MediaFile | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            return MediaFile(path)
    except BROKEN:
        return None


def _names(path: Path, file: MediaFile | None) -> dict[str, Any]:
    artist, title, track = str(_get(file, "artist") or ""), str(_get(file, "title") or ""), _whole(file, "track")
    if not title:
        named, by, title = from_name(path)
        artist, track = artist or by, track or named
    images = _get(file, "images")
    return {"title": title, "artist": artist, "album": str(_get(file, "album") or ""),
            "album_artist": str(_get(file, "albumartist") or ""), "track": track or None,
            "disc": _whole(file, "disc") or None, "genre": str(_get(file, "genre") or ""), "year": _year(file),
            "cover": "embedded" if images else "folder" if _cover_file(path) else ""}


def _get(file: MediaFile | None, name: str) -> Any:
    try:
        return getattr(file, name) if file is not None else None
    except BROKEN:
        return None


def _whole(file: MediaFile | None, name: str, divisor: int = 1) -> int | None:
    value = _get(file, name)
    return int(value / divisor) if isinstance(value, int | float) and 0 <= value < 2**31 else None


def _year(file: MediaFile | None) -> int | None:
    year = _whole(file, "year")
    return year if year and 1 <= year <= 9999 else None
