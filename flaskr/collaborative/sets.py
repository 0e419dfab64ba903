"""A ratings set as files, its own or somebody else's split, as arrays: for measuring, without any tables."""
from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from flaskr.collaborative import rows
from flaskr.collaborative.coding import described
from flaskr.collaborative.data import WATCHED, Catalogue, Ratings, ratings
from flaskr.collaborative.protocols import Split, forward, train_and_test, without_times
from flaskr.collaborative.rows import NotATable

RATING = ("user_id", "anime_id", "rating")
TOLD = ("name", "genre", "type", "episodes", "rating", "members")
LEFT_OUT = "with a negative rating that is not -1"


def read_set(path: Path, titles: Path | None, bad: Counter[str]) -> Ratings:
    """The ratings of a file with what `titles` knows of their items; NotATable if there is none to be used."""
    user, item, value, _ = _rows(path, bad)
    return ratings(user, item, value, catalogue=_catalogue(titles, np.unique(item), bad))


def read_split(train: Path, test: Path, titles: Path | None, bad: Counter[str]) -> Split:
    """The same of two files: what a model may learn from, and what it is measured on. A pair in both is a test row. Times are
    kept if both have them and what is hidden came after what is known: only then does it matter what is old."""
    one, two = _rows(train, bad), _rows(test, bad)
    known = _catalogue(titles, np.unique(np.concatenate([one[1], two[1]])), bad)
    times = np.concatenate([one[3], two[3]])
    split = train_and_test(one[:3], two[:3], catalogue=known, times=None if np.isnan(times).all() else times)
    return split if forward(split) else without_times(split)


def _rows(path: Path, bad: Counter[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    found = []
    for user, item, rating, time in rows.timed(path, RATING, bad):
        fine = (rating >= 0) | (rating == WATCHED)
        bad[LEFT_OUT] += int((~fine).sum())
        time = np.full(len(user), np.nan) if time is None else time
        found.append((user[fine], item[fine], rating[fine], time[fine]))
    whole = [np.concatenate(parts) for parts in zip(*found, strict=True)] if found else [np.empty(0)]
    if len(whole[0]) == 0:
        raise NotATable(f"{path.name} holds no ratings that can be used.")
    return tuple(whole)


def _catalogue(path: Path | None, ids: np.ndarray, bad: Counter[str]) -> Catalogue | None:
    """What the file says of the items `ids`, ascending; an item that it does not hold has no name and no facts."""
    if path is None:
        return None
    wanted, told = set(ids.tolist()), {}
    for row in rows.texts(path, ("anime_id",), bad, TOLD):
        number = rows.number(row["anime_id"], -1e15, 1e15)
        if number is None or number != int(number):
            bad["titles without an anime_id"] += 1
        elif int(number) in wanted:
            told[int(number)] = _facts(row)
    return described([told.get(one, ("", "", None, None, None, None)) for one in ids.tolist()])[0]


def _facts(row: dict[str, str]) -> tuple:
    """As `coding.described` takes them. Genres are joined by commas, or by bars as other sets have them."""
    parts = row["genre"].split("|" if "|" in row["genre"] else ",")
    genres = dict.fromkeys(word for word in (rows.words(part).replace(", ", " ") for part in parts) if word)
    kind = rows.words(row["type"])[:40]
    return (rows.words(row["name"])[:500], ", ".join(list(genres)[:40]), None if kind in ("", "Unknown") else kind,
            rows.number(row["episodes"], 0, 1e6), rows.number(row["rating"], 0, 1e6), rows.number(row["members"], 0, 1e12))
