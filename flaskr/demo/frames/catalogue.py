"""Which videos the demo library holds: styles, invented makers, titles, formats and music, all drawn from the seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flaskr.demo.frames import nature, rules
from flaskr.demo.sound.catalogue import STYLES as MUSIC


@dataclass(frozen=True)
class Style:
    """A kind of video: how it is drawn, by whom, and to which music of the demo sounds."""

    name: str
    draw: Callable[[np.random.Generator, int, int], Iterator[np.ndarray]]
    by: str
    music: str
    first: str
    second: str


STYLES = (
    Style("Fireworks", nature.fireworks, "Orrin Lume", "Chiptune", "Golden Loud New Summer", "Sparks Evening Rockets Finale"),
    Style("Ripples", nature.ripples, "Ansala Films", "Ambient", "Slow Two Quiet Deep", "Drops Circles Pond Rings"),
    Style("Days", nature.days, "Wren Tollabee", "Folk Guitar", "Whole Long Short One", "Day Afternoon Turn Sunrise"),
    Style("Snow", nature.snow, "Teodor Liskamsel", "Piano Waltz", "First Heavy Silent Late", "Snow Flakes Winter Drift"),
    Style("Shapes", rules.shapes, "Kvadrant Ulme", "Techno", "Turning Proud Odd Busy", "Squares Corners Dance Wheel"),
    Style("Life", rules.life, "Pixel Grebe", "Drum & Bass", "Restless Tiny Crowded Lonely", "Cells Colony Gliders Garden"),
    Style("Zooms", rules.zooms, "Varna Optics", "Choral", "Endless Falling Spiral Inner", "Zoom Coast Depth Valley"),
    Style("Ink", rules.ink, "Halvorne Mist", "Metal", "Violet Warm Poured Floating", "Ink Marble Smoke Silk"),
)
FORMATS = ("vp8.webm", "h264.mp4", "vp9.webm", "mpeg4.avi", "h264.mp4", "vp8.webm", "vp9.webm", "mpeg1.mpeg")


@dataclass(frozen=True)
class Film:
    """One video to be made; `key` (seed, style, turn) seeds its draws.

    `music` is None for a silent one; `form` is the codec and the extension.
    """

    style: Style
    title: str
    year: int
    seconds: float
    music: object
    form: str
    key: tuple[int, int, int]

    @property
    def by(self) -> str:
        """Who made it."""
        return self.style.by

    @property
    def path(self) -> Path:
        """Where it lies below the library's folder."""
        return Path(self.style.name, f"{self.title}.{self.form.partition('.')[2]}")


def films(count: int, seed: int) -> Iterator[Film]:
    """At least `count` videos, equally many of each style, in turn; a larger `count` only adds to a smaller one."""
    for turn in range(-(-count // len(STYLES))):
        for index in range(len(STYLES)):
            yield film(index, turn, seed)


def film(index: int, turn: int, seed: int) -> Film:
    """The video number `turn` of style `index`; one in three is silent, and the formats take turns."""
    style, rng = STYLES[index], np.random.default_rng((seed, index, 3))
    first, second = (rng.permutation(words.split()).tolist() for words in (style.first, style.second))
    lap, at = divmod(turn, len(first))
    title = f"{first[at]} {second[(at + lap) % len(second)]}" + (f" {lap}" if lap >= len(second) else "")
    draw = np.random.default_rng((seed, index, turn, 4))
    music = next(one for one in MUSIC if one.genre == style.music) if (index + turn) % 3 else None
    return Film(style, title, int(draw.integers(2006, 2025)), float(draw.integers(16, 25)) / 4, music,
                FORMATS[(index + 3 * turn) % len(FORMATS)], (seed, index, turn))
