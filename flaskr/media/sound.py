"""Sound out of a file: bounded windows for the embedder, and an MP3 for what a browser cannot play.

Whatever the file claims or holds, a call here reads a bounded part of it and either answers or raises `Unreadable`.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.stream import Discard

from flaskr.media.contract import Unreadable

RATE = 22050  # Hz: everything up to 11 kHz, where timbre lives, at half the cost of CD rate
COUNT = 3
SECONDS = 10.0
WHOLE = 1.5  # a file up to this many times count * seconds is read whole: seeking would gain little
PREROLL = 0.1  # seconds thrown away after a seek: MP3's bit reservoir and Opus's filters start from nothing
MAX_PACKETS = 50_000  # of one window: Opus makes 12,000 of 30 s at most, garbage makes no end of them
MAX_BAD = 200  # packets in a row that do not decode
BARE = {"aac", "ac3", "eac3", "dts"}  # frames without an index: going by time would parse all that comes before
RATES = range(1000, 12_000_000)  # Hz: below, one frame would be resampled into gigabytes
TIMEOUT = 30.0  # seconds FFmpeg waits for a disk that does not answer
MP3_RATES = (32000, 44100, 48000)
BROKEN = (av.error.FFmpegError, ValueError, OSError)  # what PyAV raises at a file it cannot make sense of


def windows(path: Path, *, count: int = COUNT, seconds: float = SECONDS) -> list[np.ndarray]:
    """Give `count` windows of `seconds`, mono float32 [samples] at `RATE` in -1..1, spread evenly over the file.

    A file of up to `WHOLE * count * seconds`, or of unknown length, is one window from its beginning; so is one that
    holds less than its header says. The same file gives the same windows. Raises `Unreadable`.
    """
    most = WHOLE * count * seconds
    with _opened(path) as container:
        stream = container.streams.audio[0]
        length = _length(container)
        if length and length > most:
            starts = [(i + 0.5) / count - seconds / 2 / length for i in range(count)]
            found = [_seek_and_read(container, start * length, start, seconds) for start in starts]
            found = [window for window in found if len(window) >= RATE * min(seconds / 4, 1)]
            if len(found) > count // 2:
                return found
            with suppress(*BROKEN):
                container.seek(stream.start_time or 0, stream=stream)
        window = _read(container, most)
    if not len(window):
        raise Unreadable("No sound in this file could be decoded.")
    return [window]


def stream_facts(path: Path) -> dict[str, Any]:
    """Give duration (s), bitrate (bit/s), sample_rate (Hz), channels, codec; None where FFmpeg does not know either."""
    with _opened(path) as container:
        context = container.streams.audio[0].codec_context
        return {
            "duration": _length(container),
            "bitrate": context.bit_rate or container.bit_rate or None,
            "sample_rate": context.sample_rate or None,
            "channels": context.channels or None,
            "codec": context.name,
        }


def transcode(source: Path, target: Path) -> None:
    """Write the sound of `source` as stereo MP3 (192 kbit/s) to `target`, which appears only when it is complete."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:40]}-", suffix=".part")
    os.close(handle)
    try:
        with _opened(source) as container:
            _write_mp3(container, name)
        os.replace(name, target)
    except BROKEN as error:
        raise Unreadable(f"This sound could not be converted to MP3: {_reason(error)}.") from error
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    """Open a file with at least one sound stream; only packets of the first one will be read."""
    try:
        # fastseek: without it, a long MP3 that has no index is parsed from its beginning for every window
        container = av.open(str(path), metadata_errors="ignore", options={"fflags": "+fastseek"}, timeout=TIMEOUT)
    except BROKEN as error:
        raise Unreadable(f"This is not a sound file that can be read: {_reason(error)}.") from error
    with container:
        if not container.streams.audio:
            raise Unreadable("There is no sound in this file.")
        first = container.streams.audio[0]
        try:
            rate = first.codec_context.sample_rate
        except AttributeError as error:  # PyAV gives a stream whose codec FFmpeg lacks no context
            raise Unreadable("The sound is in a format for which there is no decoder.") from error
        if rate not in RATES:
            raise Unreadable(f"The file claims an impossible sampling rate of {rate} Hz.")
        for stream in container.streams:
            if stream is not first:
                stream.discard = Discard.all
        first.codec_context.thread_count = 1
        yield container


def _length(container: InputContainer) -> float | None:
    """Give the length in seconds that the file claims, None if it claims none."""
    stream = container.streams.audio[0]
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _seek_and_read(container: InputContainer, start: float, part: float, seconds: float) -> np.ndarray:
    """Give the window at `start` seconds, `part` of the file, without the preroll; empty if it cannot go there."""
    stream = container.streams.audio[0]
    try:
        if container.format.name in BARE:
            container.seek(int(part * container.size), unsupported_byte_offset=True)
        else:
            container.seek(round(start / stream.time_base) + (stream.start_time or 0), stream=stream)
    except BROKEN:
        return np.zeros(0, np.float32)
    return _read(container, seconds + PREROLL)[round(PREROLL * RATE):]


def _read(container: InputContainer, seconds: float) -> np.ndarray:
    """Decode from where the container stands: at most `seconds`, float32 [samples] at `RATE`."""
    wanted, pieces, have = round(seconds * RATE), [], 0
    resampler = av.AudioResampler("fltp", "mono", RATE)
    with suppress(*BROKEN):  # what was decoded before the damage is kept
        for frame in _frames(container):
            try:
                resampled = resampler.resample(frame)
            except ValueError:  # the format changes in the middle of the stream
                resampler = av.AudioResampler("fltp", "mono", RATE)
                resampled = resampler.resample(frame)
            pieces += [piece.to_ndarray()[0] for piece in resampled]
            have += sum(piece.samples for piece in resampled)
            if have >= wanted:
                break
        else:
            pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    if not pieces:
        return np.zeros(0, np.float32)
    sound = np.concatenate(pieces)[:wanted].astype(np.float32, copy=False)
    return np.clip(np.nan_to_num(sound, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)


def _frames(container: InputContainer, most: int = MAX_PACKETS) -> Iterator[av.AudioFrame]:
    """Decode frame by frame, stepping over packets that are damaged."""
    stream, bad = container.streams.audio[0], 0
    for number, packet in enumerate(container.demux(stream)):
        if number >= most or bad >= MAX_BAD:
            return
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            bad += 1
            continue
        bad = 0
        for frame in frames:
            if frame.samples and frame.sample_rate in RATES:
                yield frame


def _write_mp3(container: InputContainer, name: str) -> None:
    rate = container.streams.audio[0].codec_context.sample_rate
    rate = rate if rate in MP3_RATES else 44100
    with av.open(name, "w", format="mp3") as output:
        stream = output.add_stream("libmp3lame", rate=rate, layout="stereo", bit_rate=192_000)
        resampler = av.AudioResampler(stream.format, "stereo", rate)
        written = 0
        for frame in _frames(container, most=1 << 40):
            frame.pts = None  # counted anew: timestamps of damaged files jump
            for piece in resampler.resample(frame):
                piece.pts, written = written, written + piece.samples
                output.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            piece.pts, written = written, written + piece.samples
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    if not written:
        raise Unreadable("No sound in this file could be decoded.")


def _reason(error: Exception) -> str:
    """Give the words of an error without the path, which is the person's own."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".").lower()
