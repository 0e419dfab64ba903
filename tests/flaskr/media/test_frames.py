"""Frames out of videos: spread, upright, small, and bounded whatever the file claims."""

import io
import subprocess
import sys
import time
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from flaskr.media import frames as module
from flaskr.media.contract import Unreadable
from flaskr.media.frames import frames, video_facts
from tests.moving import video


def bar(frame: np.ndarray) -> float:
    """Where the white bar stands, as a share of the width."""
    columns = frame[frame.shape[0] // 2:].astype(float).min(2).mean(0)
    return float(np.flatnonzero(columns > columns.max() - 40).mean() / (frame.shape[1] - 1))


def is_red(pixel: np.ndarray) -> bool:
    return pixel[0] > 150 and pixel[1] < 90 and pixel[2] < 90


@pytest.mark.parametrize(("gop", "seconds"), [(5, 4), (50, 4), (500, 4), (75, 14)])  # an index for each, some, one
def test_frames_are_spread_evenly(tmp_path, gop, seconds):
    found = frames(video(tmp_path / "a.mp4", seconds=seconds, gop=gop, size=(320, 180)), 8)
    places = [bar(frame) for frame in found]
    assert len(found) == 8 and all(frame.dtype == np.uint8 and frame.shape == (144, 256, 3) for frame in found)
    assert np.allclose(places, (np.arange(8) + 0.5) / 8, atol=0.11 if seconds > 4 else 0.07)


@pytest.mark.parametrize(("name", "codec"), [
    ("a.webm", "libvpx"), ("a.mkv", "libvpx-vp9"), ("a.avi", "mpeg4"), ("a.mpg", "mpeg1video"), ("a.mpeg", "mpeg2video"),
    ("a.mov", "mjpeg"), ("a.flv", "flv"), ("a.wmv", "wmv2"), ("a.ts", "libx264"), ("a.3gp", "mpeg4")])
def test_every_kind_is_read(tmp_path, name, codec):
    path = video(tmp_path / name, codec, pixels="yuvj420p" if codec == "mjpeg" else "yuv420p")
    facts, found = video_facts(path), frames(path, 4)
    assert (facts["width"], facts["height"], facts["audio_codec"]) == (160, 96, "")
    assert facts["duration"] == pytest.approx(2, abs=0.25) and facts["fps"] == pytest.approx(25, abs=0.5)
    assert 3 <= len(found) <= 4 and bar(found[0]) < 0.5 < bar(found[-1])


@pytest.mark.parametrize("turned", [90, 180, -90])
def test_turned_videos_are_seen_upright(tmp_path, turned):
    path = video(tmp_path / "a.mp4", turned=turned, seconds=0.4, size=(160, 96))
    facts, frame = video_facts(path), frames(path, 1)[0]
    sides = (96, 160) if turned % 180 else (160, 96)
    assert (facts["width"], facts["height"]) == sides == frame.shape[1::-1]
    corner = {90: frame[-6, 4], 180: frame[-6, -6], -90: frame[4, -6]}[turned]
    assert is_red(corner)


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    path = video(tmp_path / "a.mp4", aspect=Fraction(2, 1), seconds=0.4)
    assert (video_facts(path)["width"], video_facts(path)["height"]) == (320, 96)
    assert frames(path, 1)[0].shape == (77, 256, 3)


def test_the_same_file_gives_the_same_frames(tmp_path):
    path = video(tmp_path / "a.mp4", seconds=1)
    assert all(np.array_equal(one, other) for one, other in zip(frames(path), frames(path), strict=True))


def test_more_frames_than_there_are(tmp_path):
    found = frames(video(tmp_path / "a.mp4", seconds=0.12), 8)
    assert 1 <= len(found) <= 8


def test_facts_of_sound_and_tags(tmp_path):
    facts = video_facts(video(tmp_path / "a.mp4", sound=True, title="A walk"))
    assert facts["audio_codec"] == "aac" and facts["video_codec"] == "h264" and facts["pix_fmt"] == "yuv420p"
    assert facts["metadata"]["title"] == "A walk" and facts["bitrate"] > 0


def test_a_length_that_nobody_tells(tmp_path):
    pipe = io.BytesIO(video(tmp_path / "a.ts", seconds=3).read_bytes())
    raw = tmp_path / "raw.mpg"  # a bare stream has neither header nor index
    with av.open(pipe) as source, av.open(str(raw), "w", format="h264") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    found = frames(raw, 4)
    assert len(found) == 4 and bar(found[0]) < 0.1 and bar(found[-1]) > 0.85


def test_pictures_sounds_and_covers_are_no_videos(tmp_path):
    cover = tmp_path / "cover.png"
    Image.new("RGB", (40, 40), "red").save(cover)
    sounding = video(tmp_path / "a.mp4", sound=True)
    for arguments in (["-i", sounding, "-vn", "-c", "copy"],
                      ["-i", sounding, "-i", cover, "-map", "0:a", "-map", "1", "-c", "copy", "-disposition:v:0",
                       "attached_pic"]):
        path = tmp_path / "sound.mp4"
        convert(*arguments, path)
        for function in (frames, video_facts):
            with pytest.raises(Unreadable, match="no moving picture"):
                function(path)
    still = tmp_path / "still.mp4"
    Image.new("RGB", (40, 40), "red").save(still, "AVIF")
    for function in (frames, video_facts):
        with pytest.raises(Unreadable):
            function(still)


def convert(*arguments: object) -> None:
    from flaskr.media import ffmpeg
    subprocess.run([ffmpeg.program()[0], "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True, timeout=60)


def test_playlists_are_not_followed(tmp_path):
    good = video(tmp_path / "good.ts")
    for name, text in {"a.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{good}\n#EXT-X-ENDLIST\n",
                       "b.mp4": f"ffconcat version 1.0\nfile {good.name}\n",
                       "c.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n"}.items():
        (tmp_path / name).write_text(text)
        for function in (frames, video_facts):
            with pytest.raises(Unreadable):
                function(tmp_path / name)


@pytest.mark.parametrize("name", ["-i.mp4", "concat:a|b.mp4", "http:x.mp4", "a\nb.mp4", "%03d.mp4", "\udcff\udcfe.mp4",
                                  "'\".mp4"])
def test_odd_names_are_only_names(tmp_path, name, monkeypatch):
    made = video(tmp_path / "made.mp4", seconds=0.4)
    made.rename(tmp_path / name)
    assert len(frames(tmp_path / name, 2)) == 2
    monkeypatch.chdir(tmp_path)
    assert video_facts(type(made)(name))["width"] == 160


def test_damage_ends_in_a_reason_or_in_what_is_left(tmp_path):
    whole = video(tmp_path / "a.mkv", "mpeg4", seconds=3).read_bytes()
    rng = np.random.default_rng(0)
    for number in range(25):
        broken = bytearray(whole)
        for at in rng.integers(0, len(broken), 2 + number * 20):
            broken[at] = rng.integers(256)
        path = tmp_path / "broken.mkv"
        path.write_bytes(broken[:rng.integers(1, len(broken))] if number % 3 == 0 else broken)
        for function in (frames, video_facts):
            started = time.monotonic()
            try:
                assert function(path)
            except Unreadable as error:
                assert str(error).endswith(".") and len(str(error)) < 200
            assert time.monotonic() - started < module.SECONDS + 5


def test_too_many_pixels_are_refused(tmp_path, monkeypatch):
    path = video(tmp_path / "a.mp4", seconds=0.2)
    monkeypatch.setattr(module, "MOST_PIXELS", 160 * 96 - 1)
    for function in (frames, video_facts):
        with pytest.raises(Unreadable, match="too large"):
            function(path)


def test_patience_ends(tmp_path, monkeypatch):
    path = video(tmp_path / "a.mp4", seconds=4, gop=500)
    monkeypatch.setattr(module, "MOST_PACKETS", 30)
    assert 1 <= len(frames(path)) < 8
    monkeypatch.setattr(module, "SECONDS", -1.0)
    with pytest.raises(Unreadable):
        frames(path)


def test_real_videos_are_read_or_refused_and_never_hang(test_data):
    read, refused = {}, {}
    for path in sorted((test_data / "videos").iterdir()):
        started = time.monotonic()
        try:
            read[path.name] = video_facts(path)
            assert 1 <= len(found := frames(path)) <= 8 and max(found[0].shape) <= 256, path
        except Unreadable as error:
            refused[path.name] = str(error)
        assert time.monotonic() - started < 30, path
    assert len(read) > 22 and all(reason.endswith(".") for reason in refused.values())
    assert {"mathiasbynens__Mpeg4.mp4", "mathiasbynens__FlashVideo.flv"} <= set(refused)
    assert (read["photoprism__quicktime-hvc1.mov"]["width"], read["photoprism__quicktime-hvc1.mov"]["height"]) == (720, 1280)


def test_workers_need_neither_torch_nor_flask():
    code = "import sys, flaskr.media.frames, flaskr.media.ffmpeg; sys.exit(bool({'torch', 'flask'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
