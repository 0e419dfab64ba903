"""The demo library: whole files, tags and covers that read back, same music for the same seed, styles told apart."""

import base64
import importlib
import io
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
from PIL import Image

from flaskr.demo.sound import demo, render
from flaskr.demo.sound.catalogue import STYLES, pieces
from flaskr.demo.sound.instruments import RATE, partials, pluck
from flaskr.demo.sound.score import CEILING, LOUDNESS, MODES, compose, limited, loudness

SECONDS = 1.5


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, list(demo(folder, count=8, seconds=SECONDS))


@pytest.fixture(scope="module")
def sounds() -> list[tuple[str, np.ndarray]]:
    return [(piece.style.genre, render(piece, 3.0)) for piece in pieces(24, 0)]


def decoded(path: Path) -> tuple[np.ndarray, int]:
    with av.open(str(path)) as file:
        resampler = av.AudioResampler(format="fltp", layout="stereo")
        parts = [part.to_ndarray() for frame in file.decode(audio=0) for part in resampler.resample(frame)]
        return np.concatenate(parts, axis=1), file.streams.audio[0].rate


def cover_of(path: Path) -> bytes:
    file = mutagen.File(path)
    if path.suffix == ".mp3":
        return file.tags.getall("APIC")[0].data
    if path.suffix == ".flac":
        return file.pictures[0].data
    return mutagen.flac.Picture(base64.b64decode(file["metadata_block_picture"][0])).data


def features(sound: np.ndarray) -> np.ndarray:
    """Mean and deviation over time of the log energy in 32 bands: about the least that any sound embedder hears."""
    frames = sound[:len(sound) // 1024 * 1024].mean(axis=1).reshape(-1, 1024) * np.hanning(1024)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.unique(np.geomspace(1, 512, 33).astype(int))
    log = np.log(np.add.reduceat(power, edges, axis=1) + 1e-4)
    return np.concatenate([log.mean(axis=0), log.std(axis=0)])


def test_one_piece_of_each_style_as_artist_album_title(library):
    folder, paths = library
    assert len(paths) == len(set(paths)) == 8
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    assert all(len(path.relative_to(folder).parts) == 3 and path.name[:3] == "01 " for path in paths)
    assert {path.suffix for path in paths} == {".mp3", ".flac", ".opus"}


def test_tags_and_covers_are_read_back(library):
    _, paths = library
    for path, piece in zip(paths, pieces(8, 0), strict=True):
        easy = mutagen.File(path, easy=True)
        found = {key: easy[key][0] for key in ("title", "artist", "album", "genre", "date", "tracknumber")}
        assert found == {"title": piece.title, "artist": piece.artist, "album": piece.album,
                         "genre": piece.style.genre, "date": str(piece.year), "tracknumber": "1"}
        image = Image.open(io.BytesIO(cover_of(path)))
        image.load()
        assert (image.size, image.format) == ((400, 400), "JPEG")


def test_files_decode_to_their_length_without_clipping(library):
    _, paths = library
    for path in paths:
        sound, rate = decoded(path)
        assert sound.shape[1] / rate == pytest.approx(SECONDS, abs=0.12), path.name
        assert 0.1 < np.abs(sound).max() < 1.0, path.name
        assert mutagen.File(path).info.length == pytest.approx(SECONDS, abs=0.12)


def test_a_second_call_writes_nothing_and_a_larger_count_only_adds(library):
    folder, paths = library
    before = {path: path.stat().st_mtime_ns for path in paths}
    assert list(demo(folder, count=8, seconds=SECONDS)) == []
    assert {path: path.stat().st_mtime_ns for path in paths} == before
    assert list(pieces(64, 0))[:8] == list(pieces(8, 0))


def test_same_seed_same_files_other_seed_other_music(library, tmp_path):
    folder, paths = library
    again = list(demo(tmp_path, count=8, seconds=SECONDS))
    assert [path.relative_to(tmp_path) for path in again] == [path.relative_to(folder) for path in paths]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
    for one, other in zip(pieces(8, 0), pieces(8, 1), strict=True):
        assert not np.array_equal(render(one, 0.5), render(other, 0.5))


def test_an_interrupted_call_leaves_whole_files_only(tmp_path):
    making = demo(tmp_path, count=8, seconds=0.5)
    first = [next(making), next(making)]
    del making
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(first)
    assert len(list(demo(tmp_path, count=8, seconds=0.5))) == 6


def test_an_interrupt_while_a_file_is_written_leaves_nothing_of_it(tmp_path, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("flaskr.demo.sound.write"), "tag", interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(demo(tmp_path, count=8, seconds=0.5))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("count", "made"), [(1, 8), (8, 8), (60, 64), (64, 64), (0, 0)])
def test_count_is_rounded_up_to_whole_turns_of_the_styles(count, made):
    planned = list(pieces(count, 3))
    assert len(planned) == len({piece.path for piece in planned}) == made


def test_sixty_four_pieces_are_by_sixteen_artists_in_all_formats():
    planned = list(pieces(64, 0))
    assert len({piece.artist for piece in planned}) == 16
    assert {style.genre for style in STYLES} == {piece.style.genre for piece in planned}
    suffixes = [piece.extension for piece in planned]
    assert suffixes.count(".mp3") > 48 and suffixes.count(".flac") == 4 and suffixes.count(".opus") >= 4
    assert all(path.name == path.name.strip() and path.name.isascii() for path in (piece.path for piece in planned))


def test_styles_can_be_told_apart_by_a_simple_ear(sounds):
    names = np.array([name for name, _ in sounds])
    points = np.array([features(sound) for _, sound in sounds])
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert (names[distance.argmin(axis=1)] == names).mean() >= 0.9
    assert distance.min() > 0.3, "two pieces are all but the same"


def test_pieces_are_equally_loud_and_fade_out(sounds):
    for genre, sound in sounds:
        assert sound.dtype == np.float32 and sound.shape == (3 * RATE, 2), genre
        assert loudness(sound) == pytest.approx(LOUDNESS, abs=1.0), genre
        assert np.abs(sound).max() <= CEILING and np.abs(sound[-50:]).max() < 0.01, genre


def test_length_is_twelve_to_nineteen_seconds_unless_given():
    drawn = [compose(np.random.default_rng(seed), bpm=(60, 80), modes="major", chords="0345", root=(48, 57))
             for seed in range(50)]
    assert all(12 <= score.seconds <= 19 and score.seconds > score.end for score in drawn)


def test_partials_are_the_sum_of_damped_sines():
    hz, amp, decay = np.array([220.0, 997.3]), np.array([1.0, 0.4]), np.array([0.5, 3.0])
    t = np.arange(RATE)[:, None] / RATE
    expected = (amp * np.exp(-decay * t) * np.sin(2 * np.pi * hz * t)).sum(axis=1)
    np.testing.assert_allclose(partials(hz, amp, decay, 1.0), expected, atol=1e-5)
    assert not partials(np.array([0.6 * RATE]), np.ones(1), 0.0, 0.1).any(), "above Nyquist nothing may sound"


@pytest.mark.parametrize("hz", [82.41, 440.0, 1174.66])
def test_a_plucked_string_is_in_tune(hz):
    sound = pluck(np.random.default_rng(0), hz, 2.0)
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    near = slice(int(0.9 * hz * size / RATE), int(1.1 * hz * size / RATE))
    assert (near.start + spectrum[near].argmax()) * RATE / size == pytest.approx(hz, rel=0.002)


@pytest.mark.parametrize("mode", MODES)
def test_no_chord_is_diminished(mode):
    score = compose(np.random.default_rng(0), bpm=(200, 210), modes=mode, chords="0123456", root=(48, 57))
    assert len(set(score.chords)) == 6, "each mode has one such chord"
    for chord in score.chords:
        assert score.hz(chord + 4) / score.hz(chord) == pytest.approx(1.5, abs=0.005)


def test_the_limiter_holds_the_ceiling_and_leaves_quiet_sound_alone():
    rng = np.random.default_rng(0)
    sound = (0.2 * rng.standard_normal((RATE, 2))).astype(np.float32).clip(-0.7, 0.7)
    np.testing.assert_array_equal(limited(sound), sound)
    sound[RATE // 2] = 5.0
    held = limited(sound)
    assert np.abs(held).max() <= CEILING
    np.testing.assert_array_equal(held[:RATE // 4], sound[:RATE // 4])
