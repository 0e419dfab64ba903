"""What videos cost: frames and features against the bare decoding, and the wait for a stream: `python -m benchmarks.videos`."""

import io
import statistics
import tempfile
import time
from pathlib import Path

import av
import numpy as np
import torch

from flaskr.embedders.picture_prior import made_up
from flaskr.embedders.video import VideoEmbedder
from flaskr.media import ffmpeg
from flaskr.media.frames import COUNT, frames, video_facts

SIZE, SECONDS, RATE, GOP = (1280, 720), 40, 25, 250  # a key frame each ten seconds, as most encoders place them
TIMES = 7


def run(data: Path | None = None) -> list[dict]:
    """Rows {"what", "value", "limit", "unit", "holds"} of a made 720p film; with `data` of its videos/ as well."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        film, old, weak = (Path(folder) / name for name in ("film.mp4", "old.avi", "weak.mkv"))
        _write(film, "libx264", SIZE, SECONDS)
        _write(old, "mpeg4", SIZE, 10)
        _write(weak, "libx264", SIZE, 20)
        rows = [*_cost(film), *_strain(weak), *_stream(old)]
    return rows + (_real(data / "videos") if data is not None and (data / "videos").is_dir() else [])


def _cost(film: Path) -> list[dict]:
    """Frames, and frames with features, against opening the file and decoding the same frames at full size."""
    embedder, spent = VideoEmbedder(), []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        bare(film)
        decoded = time.perf_counter()
        found = frames(film)
        small = time.perf_counter()
        embedder.features(found)
        spent.append((decoded - start, small - decoded, time.perf_counter() - small))
    decode, ours, features = (statistics.median(column) for column in zip(*spent[1:], strict=True))
    facts = statistics.median(_timed(lambda: video_facts(film)) for _ in range(TIMES))
    return [_row("720p H.264: facts for the scan", 1000 * facts, 200, "ms"),
            _row(f"720p H.264: {COUNT} frames / bare decoding of the same", ours / decode, 1.5, "ratio"),
            _row(f"720p H.264: ({COUNT} frames + features) / bare decoding", (ours + features) / decode, 3, "ratio"),
            _row(f"features of {COUNT} frames", 1000 * features, 400, "ms")]


def bare(film: Path) -> int:
    """Decode by PyAV alone, on one thread, what it takes to come to the same frames: from each key frame on; how many."""
    with av.open(str(film)) as container:
        stream, count, every = container.streams.video[0], 0, GOP / RATE
        stream.codec_context.thread_count = 1
        places = [(number + 0.5) / COUNT * SECONDS for number in range(COUNT)]
        for key in sorted({place // every for place in places}):
            last = max(place for place in places if place // every == key)
            container.seek(round(key * every / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                count += 1
                if frame.time >= last:
                    break
        return count


def _strain(film: Path) -> list[dict]:
    """A file cut in the middle and one full of errors: neither may take long, whatever comes of it."""
    whole, rows = film.read_bytes(), []
    noise = bytearray(whole)
    places = np.random.default_rng(0).integers(5000, len(noise), len(noise) // 50)
    for place in places:
        noise[place] ^= 0xFF
    for what, content in (("cut in the middle", whole[:len(whole) // 2]), ("every 50th byte wrong", bytes(noise))):
        film.write_bytes(content)
        rows.append(_row(f"720p H.264, {what}: refused or read", _timed(lambda: _tried(film)), 15, "s"))
    return rows


def _stream(old: Path) -> list[dict]:
    """Seconds to the first byte and to the first frame of a conversion, and how fast it goes on."""
    firsts, shown, speeds = [], [], []
    for start in (0.0, 5.0, 8.0):
        begun = time.perf_counter()
        stream = ffmpeg.Stream(old, start=start, size=SIZE)
        firsts.append(time.perf_counter() - begun)
        got = b""
        for chunk in stream:
            got += chunk
            if not shown or len(shown) <= len(speeds):
                shown += [time.perf_counter() - begun] if _has_frame(got) else []
        speeds.append((10 - start) / (time.perf_counter() - begun))
    return [_row("720p MPEG-4 streamed: first byte", max(firsts), 1.5, "s"),
            _row("720p MPEG-4 streamed: first frame there", max(shown), 3, "s"),
            _row("720p MPEG-4 streamed: speed", min(speeds), 1, "x", at_least=True)]


def _has_frame(got: bytes) -> bool:
    try:
        with av.open(io.BytesIO(got)) as container:
            return next(container.decode(video=0), None) is not None
    except (av.error.FFmpegError, ValueError):
        return False


def _real(folder: Path) -> list[dict]:
    """The slowest of real files, broken ones too."""
    slowest = max(_timed(lambda path=path: _tried(path)) for path in sorted(folder.iterdir()))
    return [_row("real videos: frames of the slowest", slowest, 15, "s")]


def _tried(path: Path) -> bool:
    from flaskr.media.contract import Unreadable
    try:
        return bool(frames(path))
    except Unreadable:
        return False


def _timed(what) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def _write(path: Path, codec: str, size: tuple[int, int], seconds: int) -> None:
    """Scenes of five seconds, each a made-up picture that is moved across."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.bit_rate = GOP, 3_000_000
        if codec == "libx264":
            stream.codec_context.options = {"preset": "veryfast", "sc_threshold": "0"}
        scene = None
        for number in range(seconds * RATE):
            if number % (5 * RATE) == 0:
                scene = np.repeat(np.repeat(made_up(number), 5, 0), 5, 1)[:size[1], :size[0]]
                scene = np.pad(scene, ((0, size[1] - scene.shape[0]), (0, size[0] - scene.shape[1]), (0, 0)), "wrap")
            moved = np.ascontiguousarray(np.roll(scene, 3 * number, axis=1))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(moved, format="rgb24")))
        container.mux(stream.encode(None))


def _row(what: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> dict:
    return {"what": what, "value": float(value), "limit": float(limit), "unit": unit,
            "holds": bool(value >= limit if at_least else value <= limit)}
