"""Sound of every format, of damaged files and of long ones: windows or `Unreadable`, soon, and nothing else."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest

from flaskr.media import sound
from flaskr.media.contract import Unreadable

FORMATS = {  # extension -> (codec, container)
    "mp3": ("libmp3lame", "mp3"), "flac": ("flac", "flac"), "wav": ("pcm_s16le", "wav"), "ogg": ("vorbis", "ogg"),
    "opus": ("libopus", "ogg"), "m4a": ("aac", "ipod"), "aiff": ("pcm_s16be", "aiff"), "wma": ("wmav2", "asf"),
    "aac": ("aac", "adts"), "ac3": ("ac3", "ac3"), "alac.m4a": ("alac", "ipod"), "wv": ("wavpack", "wv"),
    "tta": ("tta", "tta"), "mka": ("flac", "matroska"), "au": ("pcm_s16be", "au"),
}


def write(path: Path, codec: str, container: str, *, seconds: float = 2.0, rate: int = 48000,
          hertz: Callable[[int], float] = lambda second: 440.0) -> Path:
    """Write a stereo tone whose pitch is a function of the second."""
    try:
        with av.open(str(path), "w", format=container) as output:
            stream = output.add_stream(codec, rate=rate, layout="stereo", options={"strict": "-2"}, bit_rate=128_000)
            resampler, written = av.AudioResampler(stream.format, "stereo", rate), 0
            for second in range(max(1, round(seconds))):
                at = np.arange(int(rate * min(1.0, seconds))) / rate
                tone = np.tile(0.5 * np.sin(2 * np.pi * hertz(second) * at), (2, 1)).astype(np.float32)
                frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="stereo")
                frame.sample_rate = rate
                for piece in resampler.resample(frame):
                    piece.pts, written = written, written + piece.samples
                    output.mux(stream.encode(piece))
            output.mux(stream.encode(None))
    except (av.error.FFmpegError, av.codec.codec.UnknownCodecError) as error:
        pytest.skip(f"this FFmpeg does not write {codec}: {error}")
    return path


def pitch(window: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(window * np.hanning(len(window))))
    return spectrum.argmax() * sound.RATE / len(window)


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_is_heard(tmp_path, extension):
    path = write(tmp_path / f"a.{extension}", *FORMATS[extension])
    (window,) = sound.windows(path)
    assert window.dtype == np.float32 and window.ndim == 1
    assert len(window) == pytest.approx(2 * sound.RATE, rel=0.05)
    assert pitch(window) == pytest.approx(440, abs=2) and 0.3 < np.abs(window).max() <= 1
    facts = sound.stream_facts(path)
    assert facts["duration"] == pytest.approx(2, abs=0.35) and facts["sample_rate"] == 48000 and facts["channels"] == 2
    assert facts["bitrate"] > 1000 and facts["codec"]


@pytest.mark.parametrize("extension", ["mp3", "flac", "m4a", "opus", "wav", "ogg", "wma", "aac", "ac3", "mka"])
def test_windows_of_a_long_file_are_spread_over_it_and_repeatable(tmp_path, extension):
    path = write(tmp_path / f"a.{extension}", *FORMATS[extension], seconds=30, hertz=lambda t: 300.0 + 10 * t)
    windows = sound.windows(path, count=3, seconds=2.0)
    assert [len(window) for window in windows] == [2 * sound.RATE] * 3
    seconds = [(pitch(window) - 300) / 10 for window in windows]
    assert seconds == pytest.approx([4, 14, 24], abs=3)  # starts; a second has one pitch, indexes are coarse
    again = sound.windows(path, count=3, seconds=2.0)
    assert all(np.array_equal(a, b) for a, b in zip(windows, again, strict=True))


def test_a_short_file_is_one_window_with_everything(tmp_path):
    path = write(tmp_path / "a.wav", *FORMATS["wav"], seconds=10)
    (window,) = sound.windows(path, count=3, seconds=3.0)
    assert len(window) == pytest.approx(10 * sound.RATE, rel=0.01)


def test_a_long_file_costs_little_more_than_a_short_one(tmp_path):
    short = write(tmp_path / "a.mp3", *FORMATS["mp3"], seconds=60)
    long = tmp_path / "long.mp3"
    with long.open("wb") as file:
        for _ in range(300):  # five hours
            file.write(short.read_bytes())
    spent = []
    for path in (short, long):
        start = time.perf_counter()
        sound.windows(path)
        spent.append(time.perf_counter() - start)
    assert spent[1] < 5 * spent[0] + 1


def test_a_file_that_holds_less_than_it_claims_is_read_from_its_beginning(tmp_path):
    path = write(tmp_path / "a.mp3", *FORMATS["mp3"], seconds=30)
    path.write_bytes(path.read_bytes()[:30_000])  # the header still claims half a minute
    windows = sound.windows(path, count=3, seconds=2.0)
    assert len(windows) == 1 and len(windows[0]) > sound.RATE


def test_silence_is_sound(tmp_path):
    path = write(tmp_path / "a.wav", *FORMATS["wav"], hertz=lambda t: 0.0)
    assert not sound.windows(path)[0].any()


def wav(*chunks: tuple[bytes, bytes], rate: int = 22050, data: bytes = b"\x00\x10" * 22050) -> bytes:
    body = b"fmt " + (16).to_bytes(4, "little") + b"\x01\x00\x01\x00" + rate.to_bytes(4, "little")
    body += (2 * rate % 2**32).to_bytes(4, "little") + b"\x02\x00\x10\x00"
    for name, content in (*chunks, (b"data", data)):
        body += name + len(content).to_bytes(4, "little") + content
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WAVE" + body


def test_tags_that_are_not_utf8_do_no_harm(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav((b"LIST", b"INFO" + b"INAM" + (6).to_bytes(4, "little") + b"caf\xe9\xff\x00")))
    with pytest.raises(UnicodeDecodeError):
        av.open(str(path)).close()  # what would happen otherwise
    assert len(sound.windows(path)[0]) == sound.RATE and sound.stream_facts(path)["duration"] == pytest.approx(1)


@pytest.mark.parametrize(("content", "words"), {
    "empty": (b"", "not a sound file"),
    "garbage": (np.random.default_rng(0).bytes(50_000), "."),
    "text": (b"just words, no sound\n" * 50, "."),
    "no samples": (wav(data=b""), "."),
    "header alone": (wav()[:30], "."),
    "one hertz": (wav(rate=1), "sampling rate"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "."),
}.values(), ids=["empty", "garbage", "text", "no samples", "header alone", "one hertz", "picture"])
def test_what_is_no_sound_is_unreadable_in_words(tmp_path, content, words):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=words) as raised:
        sound.windows(path)
    assert str(tmp_path) not in str(raised.value) and str(raised.value).endswith(".")
    with pytest.raises(Unreadable):
        sound.transcode(path, tmp_path / "b.mp3")
    assert [found.name for found in tmp_path.iterdir()] == ["a.wav"]


def test_a_missing_file_and_a_folder_are_unreadable(tmp_path):
    for path in (tmp_path / "none.mp3", tmp_path):
        with pytest.raises(Unreadable):
            sound.windows(path)
        with pytest.raises(Unreadable):
            sound.stream_facts(path)


@pytest.mark.parametrize("extension", ["mp3", "flac", "m4a", "opus", "wav", "ogg", "aiff", "wv"])
def test_damaged_files_give_windows_or_unreadable(tmp_path, extension):
    good = np.frombuffer(write(tmp_path / f"a.{extension}", *FORMATS[extension]).read_bytes(), np.uint8)
    rng, path = np.random.default_rng(1), tmp_path / f"b.{extension}"
    for attempt in range(12):
        bad = good[: rng.integers(1, len(good))].copy() if attempt % 3 == 0 else good.copy()
        where = rng.integers(0, min(len(bad), 200) if attempt % 3 == 1 else len(bad), 10)
        bad[where] = rng.integers(0, 256, 10)
        path.write_bytes(bad.tobytes())
        bounded(path)


def bounded(path: Path) -> None:
    """Both calls answer or refuse, within seconds."""
    start = time.perf_counter()
    try:
        windows = sound.windows(path)
        assert windows and all(len(window) and np.isfinite(window).all() for window in windows)
        assert sum(map(len, windows)) <= 45 * sound.RATE
    except Unreadable as unreadable:
        assert len(str(unreadable)) > 10
    with suppress(Unreadable):
        assert set(sound.stream_facts(path)) == {"duration", "bitrate", "sample_rate", "channels", "codec"}
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("extension", ["wma", "aiff", "alac.m4a", "wav", "opus"])
def test_what_browsers_cannot_play_becomes_mp3(tmp_path, extension):
    source = write(tmp_path / f"a.{extension}", *FORMATS[extension], seconds=3)
    target = tmp_path / "b.mp3"
    sound.transcode(source, target)
    facts = sound.stream_facts(target)
    assert facts["codec"].startswith("mp3") and facts["duration"] == pytest.approx(3, abs=0.2)
    assert facts["channels"] == 2 and facts["bitrate"] == pytest.approx(192_000, rel=0.1)
    assert pitch(sound.windows(target)[0]) == pytest.approx(440, abs=2)
    assert {found.name for found in tmp_path.iterdir()} == {source.name, "b.mp3"}


def test_a_rate_that_mp3_lacks_is_resampled(tmp_path):
    source = write(tmp_path / "a.wav", *FORMATS["wav"], rate=96000)
    sound.transcode(source, tmp_path / "b.mp3")
    assert sound.stream_facts(tmp_path / "b.mp3")["sample_rate"] == 44100


def test_a_failed_conversion_leaves_the_old_target(tmp_path):
    (tmp_path / "b.mp3").write_bytes(b"old")
    (tmp_path / "a.wma").write_bytes(b"no sound")
    with pytest.raises(Unreadable):
        sound.transcode(tmp_path / "a.wma", tmp_path / "b.mp3")
    assert (tmp_path / "b.mp3").read_bytes() == b"old"


@pytest.mark.slow
def test_real_files_of_all_kinds_are_read_or_refused():
    folder = os.environ.get("ANAGNORISIS_TEST_DATA")
    if not folder:
        pytest.skip("ANAGNORISIS_TEST_DATA is not set")
    paths = sorted(path for name in ("tagged-audio", "sounds", "videos") for path in Path(folder, name).rglob("*.*"))
    assert paths
    for path in paths:
        bounded(path)
    for path in sorted((Path(folder) / "sounds").glob("*/*")):
        assert sound.windows(path)
