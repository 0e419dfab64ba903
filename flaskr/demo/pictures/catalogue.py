"""Which pictures the demo library holds: styles, invented cameras, titles and dates, all drawn from the seed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from flaskr.demo.pictures import drawn, formula, land, night

TWIN = 11  # every eleventh picture has a smaller copy


@dataclass(frozen=True)
class Style:
    """A kind of picture: how it is painted and kept, and what its camera says. `exposure`: seconds, f-number, ISO, mm."""

    name: str
    one: str
    paint: Callable[[np.random.Generator, int], Image.Image]
    extension: str
    camera: tuple[str, str]
    exposure: tuple[float, float, int, int] | None
    first: str
    second: str


STYLES = (
    Style("Mountains", "Mountains", land.mountains, ".jpg", ("Halden", "Halden Vista 35"), (1 / 250, 8.0, 100, 35),
          "Quiet Morning Amber Misty Far Winter Evening Rose Golden Pale",
          "Ridge Valley Pass Peaks Range Woods Heights Slopes Hills Pines"),
    Style("Seas", "The sea", land.seas, ".jpg", ("Orrin", "Orrin Pocket II"), (1 / 500, 5.6, 200, 24),
          "Calm Open Warm Silver Slow Distant Bright Still Long Copper",
          "Bay Tide Horizon Crossing Shore Water Strait Coast Harbour Sound"),
    Style("Nights", "The night sky", night.nights, ".jpg", ("Halden", "Halden Noct 50"), (20.0, 1.8, 3200, 50),
          "Clear Northern Silent Deep Cold Moonlit Endless Green August Polar",
          "Night Stars Sky Lights Dark Hours Heaven Watch Curtain Silence"),
    Style("Cities", "A city after sunset", night.cities, ".webp", ("Orrin", "Orrin Pocket II"), (1 / 30, 2.8, 1600, 28),
          "Blue Violet Late Neon Busy River Upper Restless Rainy Summer",
          "Towers Skyline Windows Avenue Embankment Quarter Hour Lights Harbour Side"),
    Style("Plants", "A pressed plant", drawn.plants, ".webp", ("Tollabee", "Tollabee Flatbed"), None,
          "Wild Garden Tall Young Dry Spring Meadow Slender Autumn Small",
          "Branch Fern Blossom Twig Broom Heather Yarrow Sprig Hedge Weed"),
    Style("Tiles", "Tiles", drawn.tiles, ".png", ("Tollabee", "Tollabee Flatbed"), None,
          "Bold Happy Square Round Kitchen Sunny Odd Paper Retro Quick",
          "Tiles Circles Blocks Shapes Corners Floor Quilt Puzzle Rhythm Game"),
    Style("Threads", "Threads of light", formula.silks, ".jpg", ("Varna", "Varna Light Table"), None,
          "Silk Ember River Electric Velvet Ocean Golden Forest Drifting Violet",
          "Threads Current Flow Veil Streams Field Lines Delta Weave Wind"),
    Style("Coasts", "A Julia set", formula.julias, ".webp", ("Varna", "Varna Light Table"), None,
          "Spiral Coral Fern Dragon Frozen Rose Jade Pearl Crimson Twin",
          "Coast Island Lace Crown Garden Fire Reef Snow Galaxy Bloom"),
)


@dataclass(frozen=True)
class Picture:
    """One picture to be made; `key` (seed, style, turn) seeds its draws."""

    style: Style
    title: str
    taken: str
    key: tuple[int, int, int]

    @property
    def path(self) -> Path:
        """Where it lies below the library's folder."""
        return Path(self.style.name, self.title + self.style.extension)

    @property
    def copy(self) -> Path:
        """Where its smaller copy lies, if it has one."""
        return Path("From friends", f"{self.title} small.jpg")

    @property
    def caption(self) -> str:
        """A sentence for the EXIF."""
        return f"{self.style.one}: {self.title.lower()}"


def pictures(count: int, seed: int) -> Iterator[Picture]:
    """At least `count` pictures, equally many of each style, in turn; a larger `count` only adds to a smaller one."""
    for turn in range(-(-count // len(STYLES))):
        for index in range(len(STYLES)):
            yield picture(index, turn, seed)


def picture(index: int, turn: int, seed: int) -> Picture:
    """The picture number `turn` of style `index`."""
    style, rng = STYLES[index], np.random.default_rng((seed, index, 1))
    first, second = (rng.permutation(words.split()).tolist() for words in (style.first, style.second))
    lap, at = divmod(turn, len(first))
    title = f"{first[at]} {second[(at + lap) % len(second)]}"
    date = np.random.default_rng((seed, index, turn, 2))
    day = f"{date.integers(2008, 2025)}:{date.integers(1, 13):02d}:{date.integers(1, 29):02d}"
    taken = f"{day} {date.integers(5, 22):02d}:{date.integers(60):02d}:{date.integers(60):02d}"
    return Picture(style, title, taken, (seed, index, turn))


def twins(made: Iterable[Picture]) -> list[Picture]:
    """Those of which a smaller copy is made too, so that near-duplicates can be found."""
    return [picture for number, picture in enumerate(made) if number % TWIN == 3]
