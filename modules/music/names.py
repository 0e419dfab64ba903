"""What a file name tells where tags are silent: track, artist and title."""

import re
from functools import lru_cache
from pathlib import Path

NUMBERED = re.compile(r"^(\d{1,3})(?:\s*[-._)]\s*|\s+)(?=\D)(.+)$")
DASH = " - "
MANY = 500  # names of a folder that are looked at


def from_name(path: Path) -> tuple[int | None, str, str]:
    """(track or None, artist or "", title). “Artist - Title” and “Title - Artist” both exist: in a folder the side
    that repeats is the artist; alone, the first."""
    track, rest = _numbered(path.stem)
    if DASH not in rest:
        return track, "", rest
    left, right = _sides(rest)
    folder = path.parent
    try:
        artist_first = _artist_first(folder, folder.stat().st_mtime_ns)
    except OSError:
        artist_first = True
    return (track, left, right) if artist_first else (track, right, left)


@lru_cache(maxsize=256)
def _artist_first(folder: Path, _modified_ns: int) -> bool:
    stems = [_numbered(entry.stem)[1] for entry, _ in zip(sorted(folder.iterdir()), range(MANY), strict=False)]
    pairs = [_sides(stem) for stem in stems if DASH in stem]
    return len({left for left, _ in pairs}) <= len({right for _, right in pairs})


def _numbered(stem: str) -> tuple[int | None, str]:
    found = NUMBERED.match(stem)
    return (int(found[1]), found[2].strip()) if found else (None, stem.strip())


def _sides(name: str) -> tuple[str, str]:
    left, _, right = name.partition(DASH) if name.count(DASH) == 1 else name.rpartition(DASH)
    return left.strip(), right.strip()
