"""Starts ffmpeg to turn a video into what browsers play, while it is watched, and sees to its end.

Few run at once, each bounded in picture size and threads; none outlives its viewer, silence of 30 s, or this process.
"""

import atexit
import os
import select
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flaskr.media.contract import Unreadable
from flaskr.progress import Unavailable

MOST = 2  # at once
SILENCE = 30.0  # seconds without a byte after which it hangs
FORGOTTEN = 60.0  # seconds in which nobody fetched anything, after which another viewer may have the place
LARGEST = (1280, 720)  # pixels: longer and shorter side
CHUNK = 1 << 16
# As in frames.py: containers of moving pictures, read from this disk only. Playlists could name other files and addresses.
FORMATS = ("mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,live_flv,ogg,mpeg,mpegts,mpegvideo,m4v,h264,hevc,"
           "dv,rm,nut,mxf,ivf")
FRAGMENTS = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "1000000", "-f", "mp4"]
AAC = ["-c:a", "aac", "-b:a", "160k"]


@dataclass(frozen=True)
class Encoding:
    """One way to encode for a browser: the encoders it takes, what it is called, and ffmpeg's options."""

    encoders: tuple[str, str]
    mimetype: str
    options: tuple[str, ...]


ENCODINGS = (  # the first that a build of ffmpeg knows
    Encoding(("libx264", "aac"), "video/mp4", (
        "-c:v", "libx264", "-preset", "superfast", "-crf", "23", "-maxrate", "5M", "-bufsize", "10M", "-g", "50", *AAC,
        *FRAGMENTS)),
    Encoding(("libopenh264", "aac"), "video/mp4", ("-c:v", "libopenh264", "-b:v", "3M", "-g", "50", *AAC, *FRAGMENTS)),
    Encoding(("libvpx", "libopus"), "video/webm", (
        "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-crf", "18", "-b:v", "3M", "-g", "50",
        "-c:a", "libopus", "-b:a", "128k", "-cluster_time_limit", "1000", "-f", "webm")),
)


@cache
def program() -> tuple[str, Encoding]:
    """Give the ffmpeg of this system, else the one that came with imageio-ffmpeg, and how it is to encode.

    Raises `Unavailable` where neither can encode for a browser.
    """
    for path in _programs():
        if encoding := next(usable(path), None):
            return path, encoding
    raise Unavailable("There is no ffmpeg here that can encode for a browser: install ffmpeg, or the package imageio-ffmpeg.")


def usable(path: str) -> Iterator[Encoding]:
    """The encodings that this ffmpeg knows; none of what is not ffmpeg."""
    try:
        listed = subprocess.run([path, "-nostdin", "-hide_banner", "-encoders"], capture_output=True, text=True,
                                errors="replace", timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return
    known = {words[1] for line in listed.splitlines() if len(words := line.split()) > 1}
    yield from (encoding for encoding in ENCODINGS if known.issuperset(encoding.encoders))


class Stream:
    """The bytes of a video from `start` (seconds) on, as a running ffmpeg makes them: iterate, and close.

    `size` is that of the video as it is seen. What the same `viewer` watched before ends. Raises `Unavailable` while
    `MOST` others run, `Unreadable` when ffmpeg makes nothing of the file within `SILENCE` seconds.
    """

    def __init__(self, path: Path, *, start: float = 0.0, size: tuple[int, int] = LARGEST,
                 viewer: str = "") -> None:
        binary, encoding = program()
        self.mimetype, self.viewer, self.fetched = encoding.mimetype, viewer, time.monotonic()
        with _lock:
            _make_room(viewer)
            self.process = subprocess.Popen(command(binary, encoding, path, start, size), stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
            _running.add(self)
        self._first = self._read()
        if not self._first:
            self.close()
            raise Unreadable("This video can't be turned into what a browser plays: it is damaged, or of a kind that "
                             "ffmpeg does not know.")

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.fetched = time.monotonic()
        chunk, self._first = self._first or self._read(), b""
        if not chunk:
            self.close()
            raise StopIteration
        self.fetched = time.monotonic()
        return chunk

    def kill(self) -> None:
        """End ffmpeg now; whoever reads gets the end."""
        _running.discard(self)
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """End ffmpeg now, and the reading; twice is harmless."""
        self.kill()
        if self.process.stdout:
            self.process.stdout.close()

    def _read(self) -> bytes:
        """The next bytes; none at the end, and after `SILENCE`. A viewer who fetches slowly does not count as silence."""
        if self.process.stdout.closed:
            return b""
        ready = select.poll()
        ready.register(self.process.stdout, select.POLLIN | select.POLLHUP)
        return os.read(self.process.stdout.fileno(), CHUNK) if ready.poll(SILENCE * 1000) else b""


_running: set[Stream] = set()
_lock = threading.Lock()


def running() -> int:
    """How many run now."""
    return len(_running)


@atexit.register
def end_all() -> None:
    """End all that run: the application ends."""
    for stream in list(_running):
        stream.kill()


def command(binary: str, encoding: Encoding, path: Path, start: float, size: tuple[int, int]) -> list[str]:
    """ffmpeg's arguments. `file:` before the path: a name is never an option, a protocol or a pattern."""
    width, height = _within(size)
    polite = ["nice", "-n", "10"] if shutil.which("nice") else []
    return [*polite, binary, "-nostdin", "-hide_banner", "-loglevel", "quiet", "-protocol_whitelist", "file,pipe",
            "-format_whitelist", FORMATS, "-threads", "2", "-ss", f"{max(0.0, start):.3f}", "-i", f"file:{path}",
            "-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
            "-vf", f"scale={width}:{height},setsar=1,format=yuv420p", "-filter_threads", "1", "-threads", "2", "-ac", "2",
            "-max_muxing_queue_size", "4096", *encoding.options, "pipe:1"]


def _within(size: tuple[int, int]) -> tuple[int, int]:
    """Even width and height of the same proportion within `LARGEST`, lying or upright."""
    longer, shorter = max(*size, 1), max(1, min(size))
    scale = min(1.0, LARGEST[0] / longer, LARGEST[1] / shorter)
    return tuple(max(2, 2 * round(side * scale / 2)) for side in size)


def _make_room(viewer: str) -> None:
    """One place free, if need be by ending what nobody has fetched for a while; `Unavailable` otherwise."""
    for stream in list(_running):
        if stream.process.poll() is not None or viewer and stream.viewer == viewer:
            stream.kill()
    if len(_running) < MOST:
        return
    oldest = min(_running, key=lambda stream: stream.fetched)
    if time.monotonic() - oldest.fetched < FORGOTTEN:
        raise Unavailable(f"{MOST} videos are being converted already, as many as this machine is asked to. Stop one of them, "
                          "or try again in a moment.")
    oldest.kill()


def _programs() -> Iterator[str]:
    if own := shutil.which("ffmpeg"):
        yield own
    try:
        import imageio_ffmpeg
        yield imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):  # a platform for which it brings none
        return
