"""Frames and facts out of a video: a few small upright pictures spread over it, and what its header says.

Whatever the file claims or holds, a call here reads a bounded part of it and either answers or raises `Unreadable`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from flaskr.media.contract import Unreadable

COUNT = 8
SIDE = 256
MOST_PIXELS = 40_000_000  # of one frame: 8K has 33 million; what claims more is a bomb
MOST_PACKETS = 3000  # decoded in one call: a minute or two where a file has no index to seek by
MOST_BAD = 200  # packets in a row that do not decode
SECONDS = 15.0  # for one call: less than a page waits for a picture
TIMEOUT = 30.0  # seconds FFmpeg waits for a disk that does not answer
LONGEST = 1_000_000.0  # seconds: what claims more claims nothing
BACK, FAR = (0.0, 2.0, 12.0), 400  # seconds to go back, and packets to look through, for a key frame
LONG = 10.0  # seconds from which on one frame more or less makes no difference
ASPECTS = (0.05, 20.0)  # of a pixel
FASTEST = 1000.0  # frames/s
STILL = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
# Containers of moving pictures. Playlists (HLS, DASH, concat) are none: they name other files and addresses.
FORMATS = ("mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,live_flv,ogg,mpeg,mpegts,mpegvideo,m4v,h264,hevc,"
           "dv,rm,nut,mxf,ivf")
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
BROKEN = (av.error.FFmpegError, ValueError, OSError)  # what PyAV raises at a file it cannot make sense of


@dataclass
class _Patience:
    """What one call may spend: packets, damaged packets in a row, and time."""

    packets: int = field(default_factory=lambda: MOST_PACKETS)
    bad: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def ends(self) -> bool:
        self.packets -= 1
        return self.packets < 0 or self.bad >= MOST_BAD or time.monotonic() > self.until


def frames(path: Path, count: int = COUNT, side: int = SIDE) -> list[np.ndarray]:
    """Give 1 to `count` frames spread evenly, upright, within side x side: uint8 RGB [height, width, 3].

    Each is the frame that an index leads to, so a second or two from its place, unless several places share one. The
    same file gives the same frames. Raises `Unreadable`.
    """
    patience = _Patience()
    with _opened(path) as (container, stream):
        found = list(map(_Smaller(stream, side), _spread(container, stream, count, patience)))
    if not found:  # it can't be gone to a place: opened again, because whoever tried stands anywhere
        with _opened(path) as (container, stream):
            found = _thinned(_decoded(container, stream, patience), count, _Smaller(stream, side))
    if not found:
        raise Unreadable("No picture in this video could be decoded.")
    return found


def video_facts(path: Path) -> dict[str, Any]:
    """Give duration (s), width, height (as it is seen: upright, square pixels), fps, video_codec, audio_codec (""
    without sound), bitrate (kbit/s), pix_fmt, format (FFmpeg's name) and metadata; None or "" where it is unknown.

    One frame is decoded: the turn stands in it, and a file without one is no video. Raises `Unreadable`.
    """
    with _opened(path) as (container, stream):
        first = next(_decoded(container, stream, _Patience()), None)
        if first is None:
            raise Unreadable("No picture in this video could be decoded.")
        length, rate = _length(container, stream), stream.average_rate or stream.guessed_rate
        if stream.guessed_rate and rate and rate > 200:  # WebM's clock, taken for its frames
            rate = stream.guessed_rate
        width, height = _seen(first, stream)
        if _quarters(first) % 2:
            width, height = height, width
        sounds = [sound.codec_context.codec.canonical_name for sound in container.streams.audio if _known(sound)]
        bits = container.bit_rate or (container.size * 8 / length if length else 0)
        return {"duration": round(length, 2) if length else None, "width": width, "height": height,
                "fps": round(float(rate), 3) if rate and 0 < rate <= FASTEST else None,
                "video_codec": stream.codec_context.codec.canonical_name, "audio_codec": sounds[0] if sounds else "",
                "bitrate": min(round(bits / 1000), 2**31 - 1) or None, "pix_fmt": first.format.name,
                "format": container.format.name, "metadata": dict(container.metadata)}


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a file by its content; its first moving picture is what will be read."""
    try:
        container = av.open(f"file:{path}", metadata_errors="ignore", options=OPTIONS, timeout=TIMEOUT)
    except BROKEN as error:
        raise Unreadable(f"This is not a video that can be read: {_reason(error)}.") from error
    with container:
        moving = [stream for stream in container.streams.video if not stream.disposition & STILL]
        if not moving:
            raise Unreadable("There is no moving picture in this file.")
        stream = next(filter(_known, moving), None)
        if stream is None:
            raise Unreadable("The picture is in a format for which there is no decoder.")
        if stream.frames == 1 and not _length(container, stream):
            raise Unreadable("This is a single picture, not a video.")
        context = stream.codec_context
        if context.width * context.height > MOST_PIXELS:
            raise Unreadable(f"Its picture is too large to be decoded safely ({context.width:,} x {context.height:,}).")
        for other in container.streams:
            if other is not stream:
                other.discard = Discard.all
        context.thread_count = 1
        context.options = {"max_pixels": str(MOST_PIXELS)}
        yield container, stream


def _known(stream: av.stream.Stream) -> bool:
    """Whether FFmpeg has a decoder: PyAV gives a stream without one no context."""
    return getattr(stream, "codec_context", None) is not None


def _length(container: InputContainer, stream: VideoStream) -> float | None:
    """Give the length in seconds that the file claims; None if it claims none, or nonsense."""
    length = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
    length = length or (container.duration or 0) / av.time_base
    return length if 0 < length < LONGEST else None


def _spread(container: InputContainer, stream: VideoStream, count: int, patience: _Patience) -> Iterator[av.VideoFrame]:
    """Frames near `count` places evenly spread; none where there is no length to spread them over."""
    length = _length(container, stream)
    if not length or not stream.time_base:
        return
    if length > LONG:
        stream.codec_context.skip_frame = "NONREF"  # a frame or two beside the place, for up to half of the time
    begin = float((stream.start_time or 0) * stream.time_base)
    places = [begin + (number + 0.5) / count * length for number in range(count)]
    keys = [(_key(container, stream, place), place) for place in places]
    for key, group in groupby(keys, itemgetter(0)):
        if key is not None and _go(container, stream, key):
            yield from _taken(_decoded(container, stream, patience), [place for _, place in group])


def _key(container: InputContainer, stream: VideoStream, place: float) -> int | None:
    """Where one has to begin decoding to see what is at `place` seconds; None where it can't be gone to.

    Without an index (MPEG) a seek leads between two pictures that can be decoded alone: then from further back.
    """
    found = None
    for back in BACK:
        with suppress(*BROKEN):
            container.seek(max(round((place - back) / stream.time_base), stream.start_time or 0), stream=stream)
            key = next((packet for packet in islice(container.demux(stream), FAR) if packet.is_keyframe), None)
            at = None if key is None else key.pts if key.pts is not None else key.dts
            found = at if found is None else found
            if at is not None and at * stream.time_base <= place:
                return at
    return found


def _go(container: InputContainer, stream: VideoStream, key: int) -> bool:
    try:
        container.seek(key, stream=stream)
    except BROKEN:
        return False
    return True


def _taken(coming: Iterator[av.VideoFrame], places: list[float]) -> Iterator[av.VideoFrame]:
    """Of one place the first frame that decodes; of several, the one at each, or the last that came."""
    last = None
    for frame in coming:
        if len(places) == 1 and last is None:
            yield frame
            return
        while places and (frame.time is None or frame.time >= places[0]):
            yield frame
            places, last = places[1:], None
        if not places:
            return
        last = frame
    if last is not None:
        yield last


def _thinned(coming: Iterator[av.VideoFrame], count: int, small: "_Smaller") -> list[np.ndarray]:
    """At most `count` of frames whose number nobody knows, about evenly spread."""
    kept, step = [], 1
    for number, frame in enumerate(coming):
        if number % step == 0:
            kept.append(small(frame))
        if len(kept) > 2 * count:
            kept, step = kept[::2], 2 * step
    return [kept[round(at)] for at in np.linspace(0, len(kept) - 1, min(count, len(kept)))]


def _decoded(container: InputContainer, stream: VideoStream, patience: _Patience) -> Iterator[av.VideoFrame]:
    """Frames from where the container stands, stepping over packets that are damaged."""
    with suppress(*BROKEN):
        for packet in container.demux(stream):
            if patience.ends():
                return
            try:
                got = packet.decode()
            except (av.error.FFmpegError, ValueError):
                patience.bad += 1
                continue
            patience.bad = 0
            yield from (frame for frame in got if 0 < frame.width * frame.height <= MOST_PIXELS)


class _Smaller:
    """Makes the array of a frame; one scaler is kept for all frames of a stream."""

    def __init__(self, stream: VideoStream, side: int) -> None:
        self.stream, self.side, self.scaler = stream, side, VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        width, height = _seen(frame, self.stream)
        scale = min(1.0, self.side / max(width, height))
        small = self.scaler.reformat(frame, max(1, round(width * scale)), max(1, round(height * scale)), "rgb24",
                                     interpolation="AREA", threads=1)
        return np.ascontiguousarray(np.rot90(small.to_ndarray(), _quarters(frame)))


def _seen(frame: av.VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height in square pixels, not turned yet."""
    aspect = float(stream.sample_aspect_ratio or Fraction(1))
    aspect = aspect if ASPECTS[0] <= aspect <= ASPECTS[1] else 1.0
    return max(1, round(frame.width * aspect)), frame.height


def _quarters(frame: av.VideoFrame) -> int:
    """Quarter turns against the clock that put it upright."""
    return round((frame.rotation or 0) / 90) % 4


def _reason(error: Exception) -> str:
    """Give the words of an error without the path, which is the person's own."""
    return (getattr(error, "strerror", None) or type(error).__name__).rstrip(".").lower()
