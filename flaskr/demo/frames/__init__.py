"""A small library of moving pictures in eight styles, most with sound, to try everything with."""

from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.demo.frames.catalogue import Film, films
from flaskr.demo.frames.write import RATE, write
from flaskr.demo.making import Making
from flaskr.demo.sound.score import master


def demo(folder: Path, *, count: int = 16, seed: int = 0, seconds: float | None = None) -> Making:
    """Write at least `count` videos (a multiple of the 8 styles) below `folder`; yield each path once it is whole.

    Files are `Style/Title.ext`: WebM, MP4, AVI and MPEG. The same `seed` makes the same videos. `seconds` sets the
    length (default: 4 to 6).
    """
    return Making(folder, ((film.path, partial(save, film, seconds)) for film in films(count, seed)))


def save(film: Film, seconds: float | None, path: Path) -> None:
    """Draw a video, play its music if it has some, and write both to `path`."""
    seconds = seconds or film.seconds
    frames = film.style.draw(np.random.default_rng(film.key), film.key[-1], round(seconds * RATE))
    write(path, film.form, frames, sound(film, seconds), {"title": film.title, "date": str(film.year), "artist": film.by})


def sound(film: Film, seconds: float) -> np.ndarray | None:
    """The music of a video, float32 [n, 2], None for a silent one."""
    if film.music is None:
        return None
    with threadpool_limits(1):
        tape = film.music.play(np.random.default_rng((*film.key, 1)), seconds)
        return master(tape.sound, film.music.fade_in)
