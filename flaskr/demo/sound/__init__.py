"""A small library of synthetic music, so that anyone can try scan, rate, train and radio within two minutes."""

from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.demo.making import Making
from flaskr.demo.sound.catalogue import Piece, pieces
from flaskr.demo.sound.cover import cover
from flaskr.demo.sound.score import master
from flaskr.demo.sound.write import write


def demo(folder: Path, *, count: int = 64, seed: int = 0, seconds: float | None = None) -> Making:
    """Write at least `count` pieces (a multiple of the 8 styles) below `folder`; yield each path once it is whole.

    Files are `Artist/Album/NN Title.ext`. The same `seed` makes the same music. `seconds` sets the length (default:
    12 to 18).
    """
    return Making(folder, ((piece.path, partial(save, piece, seconds)) for piece in pieces(count, seed)))


def save(piece: Piece, seconds: float | None, path: Path) -> None:
    """Render a piece and write it to `path`."""
    image = cover(piece.album_key, piece.style.hue, piece.style.shape)
    write(path, render(piece, seconds), tags(piece), image)


def render(piece: Piece, seconds: float | None = None) -> np.ndarray:
    """The sound of a piece, float32 [n, 2] at `RATE`, equally loud for all."""
    rng = np.random.default_rng(piece.key)
    with threadpool_limits(1):  # the products are small: more threads would cost more than they gain
        tape = piece.style.play(rng, seconds)
    return master(tape.sound, piece.style.fade_in)


def tags(piece: Piece) -> dict[str, str]:
    """The tags of a piece under mutagen's easy names."""
    return {"title": piece.title, "artist": piece.artist, "album": piece.album, "genre": piece.style.genre,
            "date": str(piece.year), "tracknumber": str(piece.number)}
