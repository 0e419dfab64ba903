"""Frames, sound and tags into a video file, encoded by FFmpeg."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from flaskr.demo.sound.instruments import RATE as SOUND_RATE

RATE = 25  # frames/s; MPEG-1 knows few others
FAST = {"deadline": "realtime", "cpu-used": "8"}
# codec and extension: container, video codec, its options, its bit rate, audio codec, sample rate, sample format
FORMATS = {
    "vp9.webm": ("webm", "libvpx-vp9", FAST, 500_000, "libopus", 48_000, "s16"),
    "vp8.webm": ("webm", "libvpx", FAST, 700_000, "libopus", 48_000, "s16"),
    "h264.mp4": ("mp4", "libx264", {"preset": "veryfast", "crf": "23", "x264-params": "mbtree=0"}, None, "aac", 44_100, "fltp"),
    "mpeg4.avi": ("avi", "mpeg4", {}, 900_000, "libmp3lame", 44_100, "s16p"),
    "mpeg1.mpeg": ("mpeg", "mpeg1video", {}, 1_000_000, "mp2", 44_100, "s16"),
}


def write(path: Path, form: str, frames: Iterable[np.ndarray], sound: np.ndarray | None, tags: dict[str, str]) -> None:
    """Write `frames` (uint8 [height, width, 3], `RATE` a second) and `sound` (float32 [n, 2] at the instruments' rate).

    Each encoder has one thread and leaves out times and random names, so that the same input makes
    the same file; x264's mbtree would round by where its memory lies.
    """
    container, codec, options, bits, audio, rate, samples = FORMATS[form]
    with av.open(str(path), "w", format=container, options={"fflags": "+bitexact"}) as file:
        file.metadata.update(tags)
        picture = file.add_stream(codec, rate=RATE, options=options)
        picture.pix_fmt, picture.codec_context.thread_count = "yuv420p", 1
        if bits:
            picture.bit_rate = bits
        heard = None if sound is None else file.add_stream(audio, rate=rate, layout="stereo", format=samples)
        for number, frame in enumerate(frames):
            if not number:
                picture.height, picture.width = frame.shape[:2]
            drawn = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            drawn.pts, drawn.time_base = number, Fraction(1, RATE)
            file.mux(picture.encode(drawn))
        file.mux(picture.encode(None))
        if heard is not None:
            _hear(file, heard, sound, rate, samples)


def _hear(file: object, stream: object, sound: np.ndarray, rate: int, samples: str) -> None:
    whole = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole).reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate = SOUND_RATE
    resampler = av.AudioResampler(format=samples, layout="stereo", rate=rate, frame_size=stream.frame_size or 1152)
    for part in (*resampler.resample(frame), *resampler.resample(None)):
        file.mux(stream.encode(part))
    file.mux(stream.encode(None))
