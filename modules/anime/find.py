"""What the pages of the catalogue show: titles, ratings and one user's recommendations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from flaskr.extensions import db
from flaskr.listing.strict import Parameter, Unknown, bounds, contains, whole
from flaskr.progress import Stopped
from modules.anime.arrays import folder_of
from modules.anime.tables import Anime, AnimeGenre, AnimeRating, AnimeUser

LARGEST = 10**15
MOST = 100
TRAIN = "No model has learned from the ratings yet: train first, with the command `flask anime train`."


def _genre(value: str) -> ColumnElement[bool]:
    names = [name.strip() for name in value.split(",") if name.strip()][:20]
    having = (select(AnimeGenre.anime_id).where(AnimeGenre.genre == name) for name in names)
    return db.and_(*(Anime.id.in_(one) for one in having))


def _exactly(column: ColumnElement, key: str, words: str) -> Parameter:
    return Parameter(key, words, lambda value: column == whole(value, key, 0, LARGEST), "whole")


RATED = AnimeRating.rating >= 0
TITLES = (*bounds("episodes", Anime.episodes, "episodes"), *bounds("rating", Anime.rating, "points, as the site rates it"),
          *bounds("members", Anime.members, "members"),
          Parameter("genre", "with this genre; several, joined by commas: with all of them", _genre),
          Parameter("type", "of this type: TV, Movie, OVA, Special, ONA, Music", lambda value: Anime.type == value),
          Parameter("name", "with these letters in the name", lambda value: contains(Anime.name, value)))
RATINGS = (_exactly(AnimeRating.user_id, "user_id", "only ratings of this user, with what they say of the user"),
           *bounds("rating", AnimeRating.rating, "points that the user gave; what was only watched (-1) has none", RATED),
           _exactly(AnimeRating.anime_id, "anime_id", "only ratings of this title"))


def titles() -> Any:
    """All titles, those with most members first."""
    return select(Anime.id.label("anime_id"), Anime.name, Anime.genre, Anime.type, Anime.episodes, Anime.rating,
                  Anime.members).order_by(Anime.members.desc(), Anime.id)


def ratings() -> Any:
    """All ratings, by user and title."""
    return select(AnimeRating.user_id, AnimeRating.anime_id, Anime.name, AnimeRating.rating).outerjoin(
        Anime, Anime.id == AnimeRating.anime_id).order_by(AnimeRating.user_id, AnimeRating.anime_id)


def counts() -> dict[str, int]:
    """How many titles, users and ratings there are."""
    users, ratings = db.session.execute(select(func.count(), func.coalesce(func.sum(AnimeUser.watched), 0))).one()
    return {"titles": db.session.scalar(select(func.count()).select_from(Anime)), "users": users, "ratings": ratings}


def user(user_id: int) -> AnimeUser | None:
    """The features of a user who has rows; Unknown for a number that is nobody's."""
    if not db.session.scalar(select(AnimeRating.anime_id).where(AnimeRating.user_id == user_id).limit(1)):
        raise Unknown(f"There is no user {user_id} in the catalogue.")
    return db.session.get(AnimeUser, user_id)


@dataclass(frozen=True)
class Recommended:
    """One recommended title: the rating that is expected, and what the user watched that speaks for it."""

    title: Row
    expected: float
    because: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        told = dict(self.title._mapping)
        return {"anime_id": told.pop("id")} | told | {"expected": round(self.expected, 2), "because": self.because}


def recommended(user_id: int, k: int, project: Path) -> list[Recommended]:
    """The k titles for a user, best first; Unknown for nobody, Stopped before the first training."""
    rows = db.session.execute(select(AnimeRating.anime_id, AnimeRating.rating).where(AnimeRating.user_id == user_id)).all()
    if not rows:
        user(user_id)
    if not (folder_of(project) / "current").is_file():
        raise Stopped(TRAIN)
    from flaskr.collaborative.saved import serving  # scipy is loaded by the first who asks

    picks = serving(folder_of(project)).recommend([row[0] for row in rows], [row[1] for row in rows], k)
    ids = {pick.item for pick in picks} | {reason.item for pick in picks for reason in pick.reasons}
    named = {one.id: one for one in db.session.execute(select(*Anime.__table__.columns).where(Anime.id.in_(ids)))}
    return [Recommended(named[pick.item], pick.rating, [
        {"anime_id": reason.item, "name": named[reason.item].name, "rating": reason.rating, "part": round(reason.part, 3),
         "kind": reason.kind} for reason in pick.reasons if reason.item in named])
        for pick in picks if pick.item in named]
