"""Sound and tags into a file: encoded by FFmpeg, tagged by mutagen."""

import base64
from pathlib import Path

import av
import mutagen
import numpy as np
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, PictureType
from mutagen.mp3 import MP3

from flaskr.demo.sound.cover import SIDE
from flaskr.demo.sound.instruments import RATE

# extension: container, codec, sample rate, sample format, options; LAME's level 7 is twice as fast as its default
FORMATS = {
    ".mp3": ("mp3", "libmp3lame", RATE, "s16p", {"b": "128k", "compression_level": "7"}),
    ".flac": ("flac", "flac", RATE, "s16", {}),
    ".opus": ("ogg", "libopus", 48000, "s16", {"b": "96k", "compression_level": "5"}),
}


def write(path: Path, sound: np.ndarray, tags: dict[str, str], cover: bytes) -> None:
    """Write `sound` (float32 [n, 2], -1..1) to `path` with `tags` (mutagen's easy names) and a JPEG `cover`."""
    encode(path, sound, path.suffix)
    tag(path, tags, cover)


def encode(path: Path, sound: np.ndarray, extension: str) -> None:
    """Encode `sound` as `extension` asks. `bitexact` leaves out what differs from run to run (Ogg's serial number)."""
    container, codec, rate, samples, options = FORMATS[extension]
    whole = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole).reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = RATE
    with av.open(str(path), "w", format=container, options={"fflags": "+bitexact"}) as file:
        stream = file.add_stream(codec, rate=rate, layout="stereo", format=samples, options=options)
        resampler = av.AudioResampler(format=samples, layout="stereo", rate=rate, frame_size=stream.frame_size)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))


def tag(path: Path, tags: dict[str, str], cover: bytes) -> None:
    """Write tags and cover into an encoded file."""
    easy = mutagen.File(path, easy=True)
    easy.update(tags)
    easy.save()
    file = mutagen.File(path)
    picture = Picture()
    picture.type, picture.mime, picture.data = PictureType.COVER_FRONT, "image/jpeg", cover
    picture.width, picture.height, picture.depth = SIDE, SIDE, 24
    if isinstance(file, MP3):
        file.tags.add(APIC(encoding=3, mime=picture.mime, type=picture.type, desc="Cover", data=cover))
    elif isinstance(file, FLAC):
        file.add_picture(picture)
    else:
        file["metadata_block_picture"] = base64.b64encode(picture.write()).decode()
    file.save()
