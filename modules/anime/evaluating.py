"""Measures every model, on the tables or on files alone; keeps the last result of the tables for the page."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flaskr.progress import Stopped
from modules.anime import arrays

Tell = Callable[[str], None]
NONE = "Nothing has been measured yet: run `flask --app flaskr anime evaluate`."
NOTHING = "There are no ratings to measure on: bring some in with `flask anime import`."


def kept(project: Path) -> Path:
    """Where the last result of the tables is."""
    return arrays.folder_of(project) / "evaluation.json"


def of_tables(project: Path, quick: bool, tell: Tell) -> dict[str, Any]:
    """The leaderboard on the catalogue, kept for the page; Stopped without ratings."""
    from flaskr.collaborative.leaderboard import measured

    data, _, _ = arrays.everything()
    if not data.rated.any():
        raise Stopped(NOTHING)
    told = measured(data, quick=quick, tell=tell)
    path = kept(project)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(told), encoding="utf-8")
    os.replace(new, path)
    return told


def of_files(ratings: Path, titles: Path | None, test: Path | None, quick: bool, tell: Tell) -> dict[str, Any]:
    """The leaderboard on files, which touch no table; Stopped, in a sentence, if they can't be read."""
    from flaskr.collaborative import sets
    from flaskr.collaborative.leaderboard import measured

    bad: Counter[str] = Counter()
    try:
        data = sets.read_split(ratings, test, titles, bad) if test else sets.read_set(ratings, titles, bad)
    except sets.NotATable as error:
        raise Stopped(str(error)) from None
    for reason, times in (+bad).items():
        tell(f"left out: {times:,} rows {reason}")
    return measured(data, quick=quick, tell=tell) | {"left_out": dict(+bad)}


def teller(say: Tell) -> Tell:
    """A Tell that puts the seconds since now before each line."""
    started = time.monotonic()
    return lambda words: say(f"{time.monotonic() - started:6.1f} s  {words}")


def last(project: Path) -> dict[str, Any] | None:
    """The kept result; None before the first, or if it can't be read."""
    try:
        return json.loads(kept(project).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
