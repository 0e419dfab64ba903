"""Reads a video: its facts, the frames and sounds that the embedder gets, the picture of its card and its strip."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from flaskr.media import frames, sound
from flaskr.media.contract import Unreadable

FIRST_YEAR = 1888  # of the first film; cameras that know no date say 1904 or 1970, at midnight
MOVIE, MATROSKA = "mov,mp4", "matroska"  # how FFmpeg's names of the two families of containers begin
FORMATS = {MATROSKA: "Matroska", "avi": "AVI", "asf": "WMV", "flv": "FLV", "ogg": "Ogg", "mpegts": "MPEG-TS",
           "mpeg": "MPEG"}
# What Chromium, Firefox and Safari of today play: (picture, sound). "" is no sound.
PLAYED = {MOVIE: ({"h264", "av1", "vp9"}, {"aac", "mp3", "opus", ""}),
          MATROSKA: ({"vp8", "vp9", "av1"}, {"vorbis", "opus", ""})}
EIGHT_BITS = ("yuv420p", "yuvj420p")
POSTER_SIDE, POSTERS = 960, 7
CELLS, CELL = 10, (160, 90)  # pictures side by side in a strip; width and height of each
DARK, FLAT = 24.0, 10.0  # of 255: mean and deviation below which a picture shows nothing


def describe(path: Path) -> dict[str, Any]:
    """Facts from the header and the first frame; Unreadable when no picture of it can be decoded."""
    facts = frames.video_facts(path)
    said, container, sampling = facts.pop("metadata"), facts.pop("format"), facts.pop("pix_fmt")
    family = next((family for family in PLAYED if container.startswith(family)), "")
    played, heard = PLAYED.get(family, ((), ()))
    direct = facts["video_codec"] in played and facts["audio_codec"] in heard and sampling in EIGHT_BITS
    taken = _taken(said)
    named = next((name for start, name in FORMATS.items() if container.startswith(start)), path.suffix.lstrip(".").upper())
    named = "WebM" if named == "Matroska" and path.suffix.lower() == ".webm" else named
    return facts | {
        "video_codec": facts["video_codec"][:20], "audio_codec": facts["audio_codec"][:20], "format": named[:20],
        "pixels": facts["width"] * facts["height"], "direct": direct, "caption": " ".join(said.get("title", "").split())[:200],
        "taken_at": taken.timestamp() if taken else None, "year": taken.year if taken else None}


def samples(path: Path) -> list:
    """Frames (uint8 RGB [height, width, 3]) and, where there is sound, windows of it (float32 [samples])."""
    seen = frames.frames(path)
    try:
        return [*seen, *sound.windows(path)]
    except Unreadable:  # silent, or its sound is broken: the picture speaks
        return list(seen)


def thumbnail(path: Path) -> bytes:
    """A typical frame as JPEG: none that is dark or flat, and the one most like the others."""
    shown = frames.frames(path, POSTERS, POSTER_SIDE)
    some = [frame for frame in shown if frame.mean() >= DARK and frame.std() >= FLAT] or shown
    looks = np.array([_look(frame) for frame in some])
    typical = np.abs(looks - np.median(looks, axis=0)).sum(1).argmin()
    return _encoded(Image.fromarray(some[typical]), "JPEG", 90)


def strip(path: Path) -> bytes:
    """One WebP with `CELLS` pictures of the whole video side by side, each cut to fill its cell."""
    shown, (width, height) = frames.frames(path, CELLS), CELL
    whole = Image.new("RGB", (CELLS * width, height))
    for at in range(CELLS):
        frame = Image.fromarray(shown[at * len(shown) // CELLS])
        scale = max(width / frame.width, height / frame.height)
        large = frame.resize((max(width, round(frame.width * scale)), max(height, round(frame.height * scale))))
        left, top = (large.width - width) // 2, (large.height - height) // 2
        whole.paste(large.crop((left, top, left + width, top + height)), (at * width, 0))
    return _encoded(whole, "WEBP", 70)


def _look(frame: np.ndarray) -> np.ndarray:
    """Colours in rough places, float32 [n]."""
    return np.asarray(Image.fromarray(frame).resize((8, 8), Image.Resampling.BOX), np.float32).ravel()


def _encoded(picture: Image.Image, kind: str, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return out.getvalue()


def _taken(said: dict[str, str]) -> datetime | None:
    """When it was recorded, as far as the file says something that can be so."""
    for key in ("creation_time", "com.apple.quicktime.creationdate", "date", "DATE_RELEASED"):
        text = said.get(key, "").strip()
        for form in (text, text[:10], f"{text[:4]}-01-01"):
            try:
                taken = datetime.fromisoformat(form)
            except ValueError:
                continue
            taken = taken if taken.tzinfo else taken.replace(tzinfo=UTC)
            midnight = taken.year in (1904, 1970) and (taken.month, taken.day) == (1, 1)
            if FIRST_YEAR <= taken.year <= datetime.now(UTC).year + 1 and not midnight:
                return taken
            break
    return None
