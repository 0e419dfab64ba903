"""Conversion on the fly: what comes out plays, few run at once, and none outlives its viewer."""

import subprocess
import sys
import threading
import time

import av
import pytest

from flaskr.media import ffmpeg
from flaskr.media.contract import Unreadable
from flaskr.media.ffmpeg import ENCODINGS, Stream
from flaskr.progress import Unavailable
from tests.moving import video


@pytest.fixture(autouse=True)
def none_left():
    yield
    ffmpeg.end_all()


@pytest.fixture
def film(tmp_path):
    """Long enough that ffmpeg is not done before its pipe is full."""
    return video(tmp_path / "film.avi", "mpeg4", size=(640, 360), seconds=20, sound=True)


def whole(stream: Stream, path) -> tuple[str, list, float]:
    """(format, streams as (codec, width, height), seconds of the picture) of all that a stream gives."""
    path.write_bytes(b"".join(stream))
    with av.open(str(path)) as container:
        found = [(one.codec_context.codec.canonical_name, one.codec_context.width, one.codec_context.height)
                 if one.type == "video" else (one.codec_context.name,) for one in container.streams]
        times = [frame.time for frame in container.decode(video=0)]
    return container.format.name, found, times[-1]


def is_gone(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_stream_plays_and_begins_where_it_is_asked(film, tmp_path):
    form, streams, seconds = whole(Stream(film, start=15, size=(640, 360)), tmp_path / "out")
    assert ffmpeg.running() == 0 and 4 < seconds < 6
    if "mp4" in form:
        assert streams == [("h264", 640, 360), ("aac",)]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.encoders[0])
def test_every_encoding_works_where_it_is_there(tmp_path, monkeypatch, encoding):
    found = next((path for path in ffmpeg._programs() if encoding in ffmpeg.usable(path)), None)
    if found is None:
        pytest.skip(f"No ffmpeg here has {encoding.encoders}")
    monkeypatch.setattr(ffmpeg, "program", lambda: (found, encoding))
    path = video(tmp_path / "a.mpg", "mpeg1video", seconds=1, sound=True)
    stream = Stream(path, size=(160, 96))
    assert stream.mimetype == encoding.mimetype
    form, streams, seconds = whole(stream, tmp_path / "out")
    assert encoding.mimetype.partition("/")[2] in form and streams[0][1:] == (160, 96) and seconds > 0.8


@pytest.mark.parametrize(("size", "shown"), [
    ((1920, 1080), (1280, 720)), ((1080, 1920), (720, 1280)), ((4096, 100), (1280, 32)), ((161, 97), (160, 96)),
    ((640, 480), (640, 480)), ((1, 1), (2, 2)), ((0, 0), (2, 2))])
def test_the_picture_is_bounded_and_keeps_its_proportion(size, shown):
    assert ffmpeg._within(size) == shown


def test_it_is_killed_when_the_viewer_leaves(film):
    stream = Stream(film)
    assert next(stream) and stream.process.poll() is None
    stream.close()
    assert is_gone(stream.process.pid) and ffmpeg.running() == 0
    assert next(stream, None) is None
    stream.close()  # twice is harmless


def test_two_at_once_and_no_more(film):
    first, second = Stream(film), Stream(film)
    with pytest.raises(Unavailable, match="2 videos"):
        Stream(film)
    first.close()
    third = Stream(film)
    assert ffmpeg.running() == 2
    second.close()
    third.close()


def test_a_viewer_who_jumps_takes_one_place(film):
    streams = [Stream(film, start=at, viewer="one") for at in (0, 5, 9, 2)]
    assert ffmpeg.running() == 1 and [is_gone(stream.process.pid) for stream in streams] == [True, True, True, False]


def test_what_nobody_fetches_gives_way(film, monkeypatch):
    first, second = Stream(film), Stream(film)
    next(second)
    monkeypatch.setattr(ffmpeg, "FORGOTTEN", 0.05)
    time.sleep(0.1)
    next(second)
    third = Stream(film)
    assert is_gone(first.process.pid) and second.process.poll() is None and ffmpeg.running() == 2
    assert len(b"".join(first)) < film.stat().st_size  # its reader meets an end, not an error
    for stream in (second, third):
        stream.close()


def test_what_hangs_is_given_up(film, tmp_path, monkeypatch):
    asleep = tmp_path / "asleep"
    asleep.write_text("#!/bin/sh\nexec sleep 60\n")
    asleep.chmod(0o700)
    monkeypatch.setattr(ffmpeg, "SILENCE", 0.3)
    monkeypatch.setattr(ffmpeg, "program", lambda: (str(asleep), ENCODINGS[0]))
    started = time.monotonic()
    with pytest.raises(Unreadable):
        Stream(film)
    assert time.monotonic() - started < 30 and ffmpeg.running() == 0


def test_a_slow_viewer_is_no_silence(film, monkeypatch):
    monkeypatch.setattr(ffmpeg, "SILENCE", 5.0)
    stream = Stream(film, start=0, size=(320, 180))
    next(stream)
    time.sleep(0.5)
    assert sum(len(chunk) for chunk in stream) > 10_000


def test_all_end_with_the_application(film):
    streams = [Stream(film), Stream(film)]
    reader = threading.Thread(target=lambda: b"".join(streams[0]))
    reader.start()
    ffmpeg.end_all()
    reader.join(10)
    assert not reader.is_alive() and all(is_gone(stream.process.pid) for stream in streams) and not ffmpeg.running()


def test_a_process_that_ends_leaves_nothing(film):
    code = ("import sys; from pathlib import Path; from flaskr.media.ffmpeg import Stream\n"
            "print(Stream(Path(sys.argv[1])).process.pid)")
    done = subprocess.run([sys.executable, "-c", code, str(film)], capture_output=True, text=True, check=True, timeout=60)
    assert is_gone(int(done.stdout))


@pytest.mark.parametrize("name", ["-i.avi", "concat:a|b.avi", "http:x.avi", "a\nb.avi", "%03d.avi", "\udcff.avi", "'\";ls.avi"])
def test_hostile_names_are_only_names(tmp_path, name, monkeypatch):
    made = video(tmp_path / "made.avi", "mpeg4", seconds=0.4)
    made.rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / name, type(made)(name)):
        assert len(b"".join(Stream(path, size=(160, 96)))) > 1000


def test_what_is_no_video_is_refused(tmp_path):
    video(tmp_path / "good.ts")
    for name, text in {"a.avi": "hello " * 99, "b.mp4": "ffconcat version 1.0\nfile good.ts\n", "c.mp4": "",
                       "d.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\ngood.ts\n#EXT-X-ENDLIST\n"}.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(Unreadable):
            Stream(tmp_path / name)
    with pytest.raises(Unreadable):
        Stream(tmp_path / "missing.avi")
    assert ffmpeg.running() == 0


def test_no_ffmpeg_is_said_clearly(film, monkeypatch):
    monkeypatch.setattr(ffmpeg, "_programs", lambda: iter(["/no/such/ffmpeg", sys.executable]))
    ffmpeg.program.cache_clear()
    with pytest.raises(Unavailable, match="no ffmpeg"):
        Stream(film)
    ffmpeg.program.cache_clear()
