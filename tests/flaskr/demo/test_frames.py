"""The demo videos: enough of them, whole in every format, with and without sound, the same for the same seed."""

import av
import numpy as np
import pytest

from flaskr.demo.frames import demo, sound
from flaskr.demo.frames.catalogue import FORMATS, STYLES, films
from flaskr.demo.frames.write import RATE

SECONDS = 0.8


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, list(demo(folder, count=8, seconds=SECONDS))


def test_sixteen_videos_of_eight_styles_in_every_format(tmp_path):
    planned = list(films(16, 0))
    assert len({film.path for film in planned}) == 16 and len({film.style for film in planned}) == len(STYLES) == 8
    assert {film.form for film in planned} == set(FORMATS) and all(4 <= film.seconds <= 6 for film in planned)
    assert 4 <= sum(film.music is None for film in planned) <= 8 and demo(tmp_path).__length_hint__() == 16
    assert len({film.path for film in films(160, 0)}) == 160
    assert planned == list(films(160, 0))[:16]


def test_files_are_whole_and_hold_what_they_should(library):
    folder, paths = library
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    for path, film in zip(paths, films(8, 0), strict=True):
        with av.open(str(path)) as file:
            assert bool(file.streams.audio) == (film.music is not None)
            assert (file.streams.video[0].width, file.streams.video[0].height) == (320, 240)
            assert abs(sum(1 for _ in file.decode(video=0)) - SECONDS * RATE) <= 1
            if path.suffix in (".webm", ".mp4", ".avi"):
                assert {key.lower(): value for key, value in file.metadata.items()}["title"] == film.title


def test_same_seed_same_files(library, tmp_path):
    folder, paths = library
    again = list(demo(tmp_path, count=8, seconds=SECONDS))
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
    assert not list(demo(folder, count=8, seconds=SECONDS))


def test_every_style_moves_and_looks_like_itself():
    looks = []
    for film in films(16, 0):
        frames = [frame for at, frame in enumerate(film.style.draw(np.random.default_rng(film.key), film.key[-1], 13))
                  if at % 6 == 0]
        assert all(frame.shape == (240, 320, 3) and frame.dtype == np.uint8 for frame in frames)
        assert np.abs(frames[0].astype(int) - frames[2]).mean() > 0.05, film.title
        looks.append(np.array([np.diff(frames[1].astype(float), axis=axis).std() for axis in (0, 1)]
                              + [frames[1].std(), np.abs(frames[0].astype(int) - frames[1]).mean()]))
    looks = np.log(np.array(looks))
    far = np.linalg.norm(looks[:, None] - looks[None], axis=2)
    np.fill_diagonal(far, 99)
    assert (far.argmin(axis=1) % 8 == np.arange(16) % 8).mean() > 0.5  # chance: 0.07


def test_music_lasts_as_long_as_the_pictures():
    film = next(film for film in films(16, 0) if film.music)
    assert len(sound(film, 1.0)) == 32_000
