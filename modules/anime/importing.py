"""Reads anime.csv and rating.csv (or Parquet) into the tables: cleaned, the last of duplicates kept, in bounded memory."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from flaskr.collaborative import rows, scale
from flaskr.extensions import db
from flaskr.progress import Progress, silent
from flaskr.tables import next_revision
from modules.anime.arrays import ROWS as REVISED
from modules.anime.tables import Anime, AnimeGenre

TITLES, ROWS = 500, 50_000  # written in one transaction: pages wait for the lock no longer than that takes
LONGEST, GENRES = 500, 40
ITEM, FURTHER = ("anime_id", "name"), ("genre", "type", "episodes", "rating", "members")
RATING = ("user_id", "anime_id", "rating")
PUT = ("INSERT INTO anime_rating (user_id, anime_id, rating) VALUES (?, ?, ?) "
           "ON CONFLICT (user_id, anime_id) DO UPDATE SET rating = excluded.rating")


def import_titles(path: Path, progress: Progress = silent) -> tuple[int, Counter[str]]:
    """Write every title of the file, replacing what was there of it; (rows written, rows left out by reason)."""
    bad: Counter[str] = Counter()
    done = 0
    for some in rows.batches(_titles(path, bad), TITLES):
        last = {row["id"]: row for row in some}
        ids = list(last)
        for table, column in ((AnimeGenre, AnimeGenre.anime_id), (Anime, Anime.id)):
            db.session.execute(delete(table).where(column.in_(ids)))
        genres = [{"genre": genre, "anime_id": row["id"]} for row in last.values() for genre in row.pop("genres")]
        db.session.execute(insert(Anime), list(last.values()))
        if genres:
            db.session.execute(insert(AnimeGenre), genres)
        db.session.commit()
        done += len(some)
        progress(done, 0, f"{done:,} titles")
    return done, bad


def scale_of(path: Path, progress: Progress = silent) -> scale.Scale:
    """The scale that the ratings of a file are on: they are all looked at once before the first is written."""
    def told():
        for _, _, rating, part in rows.ratings(path, RATING, Counter()):
            progress(round(part * 1000), 1000, "looking at the scale of the ratings")
            yield rating
    return scale.found(told())


def import_ratings(path: Path, progress: Progress = silent,
                   given: scale.Scale = scale.Scale()) -> tuple[int, Counter[str]]:  # noqa: B008  frozen
    """Write every rating of the file over what was there of that pair; (rows written, rows left out by reason)."""
    bad: Counter[str] = Counter()
    known, done = set(db.session.scalars(select(Anime.id))), 0
    for user, anime, rating, part in rows.ratings(path, RATING, bad):
        rating = given.fit(rating)
        fine = (user >= 0) & (rating == -1) | (user >= 0) & (rating >= 0) & (rating <= 10)
        bad[f"with a rating that is neither -1 nor 0 to {given.top:.0f}, or a negative user"] += int((~fine).sum())
        triples = zip(user[fine].tolist(), anime[fine].tolist(), rating[fine].tolist(), strict=True)
        for some in rows.batches(triples, ROWS):
            kept = [one for one in some if one[1] in known]
            bad["of titles that the catalogue does not hold"] += len(some) - len(kept)
            if kept:
                _put(kept)
            done += len(kept)
            progress(round(part * 1000), 1000, f"{done:,} ratings")
    next_revision(REVISED)
    db.session.commit()
    return done, +bad


def _put(triples: list[tuple[int, int, float]]) -> None:
    """One transaction, past SQLAlchemy's own handling of each row: five times as fast."""
    db.session.connection().exec_driver_sql(PUT, triples)
    db.session.commit()


def _titles(path: Path, bad: Counter[str]) -> Iterator[dict[str, Any]]:
    for row in rows.texts(path, ITEM, bad, FURTHER):
        number, name = rows.number(row["anime_id"], 0, 1e15), rows.words(row["name"])[:LONGEST]
        if number is None or number != int(number) or not name:
            bad["without an anime_id or a name"] += 1
            continue
        genres = list({genre.lower(): genre for genre in map(rows.words, row["genre"].split(",")) if genre}.values())[:GENRES]
        episodes, members = rows.number(row["episodes"], 1, 1e6), rows.number(row["members"], 0, 1e12)
        yield {"id": int(number), "name": name, "genre": ", ".join(genres), "genres": genres,
               "type": None if row["type"] == "Unknown" else rows.words(row["type"])[:40] or None,
               "episodes": None if episodes is None else int(episodes), "rating": rows.number(row["rating"], 0, 10),
               "members": None if members is None else int(members)}
