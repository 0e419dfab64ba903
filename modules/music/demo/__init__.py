"""A small library of synthetic music, so that anyone can try scan, rate, train and radio within two minutes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from modules.music.demo.catalogue import Piece, pieces
from modules.music.demo.cover import cover
from modules.music.demo.score import master
from modules.music.demo.write import write


def demo(folder: Path, *, count: int = 64, seed: int = 0, seconds: float | None = None) -> Iterator[Path]:
    """Write at least `count` pieces (a multiple of the 8 styles) below `folder`; yield each path once it is whole.

    Files are `Artist/Album/NN Title.ext`. Those that exist are left alone and not yielded, so a second call finishes
    what a first one began. The same `seed` makes the same music. `seconds` sets the length (default: 12 to 18).
    """
    for piece in pieces(count, seed):
        path = folder / piece.path
        if path.exists():
            continue
        image = cover(piece.album_key, piece.style.hue, piece.style.shape)
        write(path, render(piece, seconds), tags(piece), image)
        yield path


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
