"""Makes small videos for tests: a bar that moves from left to right over a slow change of colour."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SOUNDS = {"vp8": "libopus", "libvpx": "libopus", "libvpx-vp9": "libopus", "mpeg1video": "mp2", "mpeg2video": "mp2",
          "flv": "libmp3lame", "wmv2": "libmp3lame"}
RATE = 48_000


def video(path: Path, codec: str = "libx264", *, size: tuple[int, int] = (160, 96), seconds: float = 2.0, rate: int = 25,
          gop: int = 25, sound: bool = False, turned: int = 0, aspect: Fraction | None = None,
          pixels: str = "yuv420p", seed: int = 0, **tags: str) -> Path:
    """Write a video whose bar stands, at time t, at the share t / seconds of the width; its format by the suffix."""
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.gop_size, stream.codec_context.bit_rate = gop, 400_000
        if codec == "libx264":
            stream.codec_context.options = {"sc_threshold": "0"}
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if turned:
            stream.set_display_rotation(turned)
        heard = container.add_stream(SOUNDS.get(codec, "aac"), rate=RATE, layout="stereo") if sound else None
        for number in range(round(seconds * rate)):
            frame = av.VideoFrame.from_ndarray(picture(number / (seconds * rate), size, seed), format="rgb24")
            container.mux(stream.encode(frame.reformat(format=pixels)))
        container.mux(stream.encode(None))
        if heard:
            _add_tone(container, heard, seconds, 220.0 * 2 ** (seed / 5))
    return path


def picture(share: float, size: tuple[int, int], seed: int = 0) -> np.ndarray:
    """uint8 [height, width, 3]: a white bar at that share of the width, and a red corner at the upper left."""
    width, height = size
    colour = 90 + 60 * np.sin(seed + np.array([0.0, 2.0, 4.0]) + share)
    made = np.broadcast_to(colour, (height, width, 3)).astype(np.uint8).copy()
    made[:, int(share * (width - 1)):][:, :max(2, width // 20)] = 255
    made[:height // 4, :width // 8] = (255, 0, 0)
    return made


def _add_tone(container: object, stream: object, seconds: float, hertz: float) -> None:
    resampler = av.AudioResampler(stream.format, "stereo", RATE, frame_size=stream.codec_context.frame_size or 1024)
    time = np.arange(int(RATE * seconds)) / RATE
    tone = (8000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2)[None], format="s16", layout="stereo")
    frame.sample_rate, frame.pts = RATE, 0
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(piece))
    container.mux(stream.encode(None))
