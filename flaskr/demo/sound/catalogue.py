"""Which pieces the demo library holds: styles, invented artists, albums and titles, all drawn from the seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flaskr.demo.sound.acoustic import ambient, choral, folk, waltz
from flaskr.demo.sound.electric import chiptune, drum_and_bass, metal, techno
from flaskr.demo.sound.score import Tape

ALBUM = 6  # pieces on an album at most


@dataclass(frozen=True)
class Style:
    """A kind of music: how it is played, by whom, and how its covers and titles look."""

    genre: str
    play: Callable[[np.random.Generator, float | None], Tape]
    artists: tuple[str, str]
    first: str       # words that begin a title
    second: str      # words that end one
    hue: float
    shape: str
    fade_in: float = 0.01


STYLES = (
    Style("Ambient", ambient, ("Halvorne Mist", "Quiet Ansala"),
          "Slow Pale Distant Weightless Glass Drifting Hushed Lunar Silver Endless",
          "Harbour Meridian Snow Tide Horizon Breath Orbit Estuary Lantern Dusk", 0.52, "circles", 1.5),
    Style("Techno", techno, ("Kvadrant Ulme", "Brenntal Nord"),
          "Concrete Infrared Signal Parallel Static Voltage Night Carbon Axial Binary",
          "Corridor Grid Motor Pressure Loop Tunnel Relay Sector Pulse Turbine", 0.75, "bars"),
    Style("Piano Waltz", waltz, ("Odile Varnamere", "Teodor Liskamsel"),
          "Lilac Faded Winter Tender Golden Absent Paper Porcelain Sunday Ivory",
          "Waltz Letter Ballroom Garden Carousel Portrait Mirror Gloves Staircase Promise", 0.03, "petals"),
    Style("Folk Guitar", folk, ("Wren Tollabee", "Harrowfen & Daughter"),
          "Barley Willow Copper Hollow Morning River Bramble Old Amber Kindling",
          "Road Mill Gate Bridge Lane Field Orchard Ferry Hill Kettle", 0.28, "waves"),
    Style("Drum & Bass", drum_and_bass, ("Subduct Orrin", "Jitterlake Crew"),
          "Liquid Fractured Rapid Broken Neon Kinetic Shadow Chrome Vertical Rushing",
          "Circuit Rain Overpass Reflex Current Skyline Vector Mirage Monsoon Junction", 0.45, "shards"),
    Style("Choral", choral, ("Collegium Nivethorn", "Aurevane Consort"),
          "Evening Silent Ancient Candlelit Stone Holy Gentle Radiant Cloistered Solemn",
          "Hymn Vespers Nave Psalm Arches Chorale Vigil Lament Blessing Cathedral", 0.62, "petals"),
    Style("Chiptune", chiptune, ("Pixel Grebe", "Octavius Bitwhistle"),
          "Turbo Mega Bonus Hidden Magic Lava Star Robot Dragon Bubble",
          "Castle Level Quest Arcade Cavern Racer Kingdom Invaders Island Treasure", 0.36, "blocks"),
    Style("Metal", metal, ("Skarnhollow", "Iron Wethermoor"),
          "Black Burning Iron Fallen Savage Ashen Cursed Molten Frozen Thunder",
          "Throne Hammer Oath Ruin Crown Wolves Siege Furnace Abyss Legion", 0.0, "shards"),
)


@dataclass(frozen=True)
class Piece:
    """One piece to be made. `key` seeds its draws; `album_key` those which a whole album shares."""

    style: Style
    artist: str
    album: str
    title: str
    number: int
    year: int
    extension: str
    key: tuple[int, ...]
    album_key: tuple[int, ...]

    @property
    def path(self) -> Path:
        """Where the piece lies below the library's folder."""
        return Path(self.artist, self.album, f"{self.number:02d} {self.title}{self.extension}")


def pieces(count: int, seed: int) -> Iterator[Piece]:
    """At least `count` pieces, equally many of each style, in turn; a larger `count` only adds to a smaller one."""
    for turn in range(-(-count // len(STYLES))):
        for index in range(len(STYLES)):
            yield piece(index, turn, seed)


def piece(index: int, turn: int, seed: int) -> Piece:
    """The piece number `turn` of style `index`: its two artists take turns."""
    style = STYLES[index]
    band, place = turn % 2, turn // 2
    album, track = divmod(place, ALBUM)
    album_key = (seed, index, band, album)
    rng = np.random.default_rng((*album_key, 1))
    first, second = (rng.permutation(words.split()).tolist() for words in (style.first, style.second))
    return Piece(style=style, artist=style.artists[band], album=f"{first[-1]} {second[-1]}",
                 title=f"{first[track]} {second[track]}", number=track + 1, year=int(rng.integers(1979, 2025)),
                 extension=extension(index, turn), key=(seed, index, turn), album_key=album_key)


def extension(index: int, turn: int) -> str:
    """Mostly MP3; one in sixteen FLAC and one in eleven Opus, so that a library shows each early on."""
    return {2: ".flac", 6: ".opus"}.get((index + 3 * turn) % 16, ".mp3")
