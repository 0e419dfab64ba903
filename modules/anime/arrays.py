"""The tables as arrays, for the models; the features of users, from arrays back into their table."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from flaskr.extensions import db
from flaskr.tables import revision
from modules.anime.tables import Anime, AnimeRating, AnimeUser

if TYPE_CHECKING:
    from flaskr.collaborative.data import Catalogue, Ratings

ROWS = "anime.rows"  # whose revision grows with each import of many people's ratings
TOLD = select(Anime.id, Anime.name, Anime.genre, Anime.type, Anime.episodes, Anime.rating, Anime.members)
KINDS = ("tv", "movie")


def folder_of(project: Path) -> Path:
    """Where the models are kept in a project folder."""
    return project / "models" / "anime"


def current_card(project: Path) -> dict[str, Any] | None:
    """The card of the model that serves; None before the first training. Nothing heavy is loaded."""
    folder = folder_of(project)
    try:
        version = (folder / "current").read_text(encoding="utf-8").strip()
        return json.loads((folder / version / "card.json").read_bytes())
    except FileNotFoundError:
        return None


def everything() -> tuple["Ratings", list[str], list[str]]:
    """All ratings with the catalogue of what was rated, the names of its genres and of its types, by their codes."""
    from flaskr.collaborative.coding import coded

    count = db.session.scalar(select(func.count()).select_from(AnimeRating))
    rows = db.session.execute(select(AnimeRating.user_id, AnimeRating.anime_id, AnimeRating.rating)
                              .order_by(AnimeRating.user_id, AnimeRating.anime_id).execution_options(yield_per=10_000))
    return coded(rows, count, {row[0]: row[1:] for row in db.session.execute(TOLD)}, unit=1.0)


def features_of(name: str, given: Sequence[tuple[int, float]]) -> AnimeUser | None:
    """What somebody's (title, rating or -1) say of them, for somebody who is not among the users of the catalogue."""
    from flaskr.collaborative.data import ratings
    from flaskr.collaborative.people import features, records

    ids, catalogue, genres, types = _catalogue(str(db.engine.url), revision(ROWS))
    known = set(ids)
    given = [row for row in given if row[0] in known]
    data = ratings([0] * len(given), [row[0] for row in given], [row[1] for row in given], items=ids, catalogue=catalogue,
                   top=10.0)
    return AnimeUser(**records(data, features(data), genres, types, KINDS)[0] | {"id": name}) if given else None


@lru_cache(maxsize=1)
def _catalogue(database: str, number: int) -> tuple[list[int], "Catalogue", list[str], list[str]]:
    """All titles by id, as `described` has them; kept until the next import."""
    from flaskr.collaborative.coding import described

    told = db.session.execute(TOLD.order_by(Anime.id)).all()
    return [row[0] for row in told], *described([row[1:] for row in told])


def write_features() -> int:
    """Make the features of every user from their rows; how many users there are."""
    from flaskr.collaborative.people import features, records

    data, genres, types = everything()
    db.session.execute(delete(AnimeUser))
    if len(data):
        db.session.execute(insert(AnimeUser), records(data, features(data), genres, types, KINDS))
    db.session.commit()
    return data.n_users
