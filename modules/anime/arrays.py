"""The tables as arrays, for the models; the features of users, from arrays back into their table."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from flaskr.extensions import db
from modules.anime.tables import Anime, AnimeRating, AnimeUser

if TYPE_CHECKING:
    from flaskr.collaborative.data import Ratings


def folder_of(project: Path) -> Path:
    """Where the models are kept in a project folder."""
    return project / "models" / "anime"


def everything() -> tuple["Ratings", list[str], list[str]]:
    """All ratings with the catalogue of what was rated, the names of its genres and of its types, by their codes."""
    from flaskr.collaborative.coding import coded

    count = db.session.scalar(select(func.count()).select_from(AnimeRating))
    rows = db.session.execute(select(AnimeRating.user_id, AnimeRating.anime_id, AnimeRating.rating)
                              .order_by(AnimeRating.user_id, AnimeRating.anime_id).execution_options(yield_per=10_000))
    told = db.session.execute(select(Anime.id, Anime.name, Anime.genre, Anime.type, Anime.episodes, Anime.rating,
                                     Anime.members))
    return coded(rows, count, {row[0]: row[1:] for row in told})


def write_features() -> int:
    """Make the features of every user from their rows; how many users there are."""
    from flaskr.collaborative.people import features, records

    data, genres, types = everything()
    db.session.execute(delete(AnimeUser))
    if len(data):
        db.session.execute(insert(AnimeUser), records(data, features(data), genres, types, ("tv", "movie")))
    db.session.commit()
    return data.n_users
