"""What the pages of the catalogue show: titles, ratings and one user's recommendations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select, true

from flaskr.extensions import db
from flaskr.listing.strict import Parameter, Unknown, bounds, contains, whole
from flaskr.progress import Stopped
from flaskr.tables import CatalogueRating
from modules.anime.arrays import current_card, features_of, folder_of
from modules.anime.tables import Anime, AnimeGenre, AnimeRating, AnimeUser

ME = "me"  # the person at the browser, who is a user too
LARGEST = 10**15
MOST = 100
TRAIN = "No model has learned from the ratings yet: train first, with the command `flask anime train`."


def _genre(value: str) -> ColumnElement[bool]:
    names = [name.strip() for name in value.split(",") if name.strip()][:20]
    having = (select(AnimeGenre.anime_id).where(AnimeGenre.genre == name) for name in names)
    return db.and_(true(), *(Anime.id.in_(one) for one in having))


def _exactly(column: ColumnElement, key: str, words: str) -> Parameter:
    return Parameter(key, words, lambda value: column == whole(value, key, 0, LARGEST), "whole")


TITLES = (*bounds("episodes", Anime.episodes, "episodes"), *bounds("rating", Anime.rating, "points, as the site rates it"),
          *bounds("members", Anime.members, "members"),
          Parameter("genre", "with this genre; several, joined by commas: with all of them", _genre),
          Parameter("type", "of this type: TV, Movie, OVA, Special, ONA, Music", lambda value: Anime.type == value),
          Parameter("name", "with these letters in the name", lambda value: contains(Anime.name, value)))
PICKS = (Parameter("k", "how many", lambda value: true()), *(one for one in TITLES if one.key in ("genre", "type")))


def _ratings(rating: ColumnElement) -> tuple[Parameter, ...]:
    return (_exactly(AnimeRating.user_id, "user_id", "only ratings of this user, with what they say of the user"),
            *bounds("rating", rating, "points that the user gave; what was only watched (-1) has none", rating >= 0),
            _exactly(AnimeRating.anime_id, "anime_id", "only ratings of this title"))


RATINGS = _ratings(AnimeRating.rating)
RATINGS_IN_ORDER = _ratings(AnimeRating.rating + 0)  # no index on a sum: many rows are walked in the order of users
MY = (CatalogueRating.module == "anime", (CatalogueRating.rating.is_not(None)) | (CatalogueRating.mark == "watched"))
MINE = (Parameter("user_id", "", lambda value: true()), *bounds("rating", CatalogueRating.rating, ""),
        _exactly(CatalogueRating.item_id, "anime_id", ""))


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


def my_ratings() -> Any:
    """What the person rated or watched, as `ratings` has it of others; what they rated last comes first."""
    return select(literal(ME).label("user_id"), CatalogueRating.item_id.label("anime_id"), Anime.name,
                  func.coalesce(CatalogueRating.rating, -1.0).label("rating")).outerjoin(
        Anime, Anime.id == CatalogueRating.item_id).where(*MY).order_by(CatalogueRating.at.desc(), CatalogueRating.item_id)


def user(user_id: int | str) -> AnimeUser | None:
    """What the rows of a user say of them; Unknown for a number that is nobody's. "me" is the person at the browser."""
    if user_id == ME:
        return features_of(ME, given_by(ME))
    number = whole(str(user_id), "user_id", 0, LARGEST)
    if not db.session.scalar(select(AnimeRating.anime_id).where(AnimeRating.user_id == number).limit(1)):
        raise Unknown(f"There is no user {number} in the catalogue.")
    return db.session.get(AnimeUser, number)


def given_by(user_id: int | str) -> list[tuple[int, float]]:
    """(title, rating or -1) of all that a user rated or watched."""
    if user_id == ME:
        rows = db.session.execute(select(CatalogueRating.item_id, func.coalesce(CatalogueRating.rating, -1.0)).where(*MY))
    else:
        number = whole(str(user_id), "user_id", 0, LARGEST)
        rows = db.session.execute(select(AnimeRating.anime_id, AnimeRating.rating).where(AnimeRating.user_id == number))
    return [tuple(row) for row in rows]


def hidden(user_id: int | str) -> Sequence[int]:
    """Titles that a user does not want to be recommended; only the person at the browser can say so."""
    return db.session.scalars(select(CatalogueRating.item_id).where(
        CatalogueRating.module == "anime", CatalogueRating.mark == "hidden")).all() if user_id == ME else ()


def title(anime_id: int) -> Anime:
    """A title; Unknown for a number that is none's."""
    found = db.session.get(Anime, anime_id) if anime_id <= LARGEST else None
    if found is None:
        raise Unknown(f"There is no title {str(anime_id)[:40]} in the catalogue.")
    return found


def named(ids: Collection[int]) -> dict[int, Row]:
    """Titles by id."""
    return {one.id: one for one in db.session.execute(select(*Anime.__table__.columns).where(Anime.id.in_(ids)))}


def genres() -> Sequence[str]:
    """The names of all genres, as titles have them."""
    return db.session.scalars(select(func.min(AnimeGenre.genre)).group_by(AnimeGenre.genre).order_by(AnimeGenre.genre)).all()


@dataclass(frozen=True)
class Recommended:
    """One recommended title: the rating that is expected, and what the user watched that speaks for it."""

    title: Row
    expected: float
    because: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        told = dict(self.title._mapping)
        return {"anime_id": told.pop("id")} | told | {"expected": round(self.expected, 2), "because": self.because}


def recommended(user_id: int | str, k: int, project: Path,
                asked: Mapping[str, str] = MappingProxyType({})) -> list[Recommended]:
    """The k titles for a user, best first, of those that `asked` (genre, type) leaves and, for "me", without what they are not
    interested in; Unknown for nobody, Stopped before the first training."""
    rows = given_by(user_id)
    if not rows:
        user(user_id)
    serving = _serving(project)
    if serving is None:
        raise Stopped(TRAIN)
    wanted = [one.condition(asked[one.key]) for one in PICKS if one.key in asked and one.key != "k"]
    if left_out := hidden(user_id):
        wanted.append(Anime.id.not_in(left_out))
    only = db.session.scalars(select(Anime.id).where(*wanted)).all() if wanted else None
    picks = serving.recommend(*_columns(rows), k, only=only)
    titles = named({pick.item for pick in picks} | {reason.item for pick in picks for reason in pick.reasons})
    return [Recommended(titles[pick.item], pick.rating, _told(pick.reasons, titles)) for pick in picks if pick.item in titles]


def expected(ids: Sequence[int], project: Path) -> dict[int, float]:
    """The rating that is expected from the person for each of these titles that the model knows."""
    serving = _serving(project)
    if serving is None:
        return {}
    from flaskr.collaborative import single
    return single.expected(serving, *_columns(given_by(ME)), ids)


def because(anime_id: int, alike: int, project: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """(what the person watched that speaks for a title, ids of the titles most like it)."""
    serving = _serving(project)
    if serving is None:
        return [], []
    from flaskr.collaborative import single
    reasons = single.why(serving, *_columns(given_by(ME)), anime_id)
    return _told(reasons, named([one.item for one in reasons])), single.similar(serving, anime_id, alike)


def version(project: Path) -> str:
    """Name of the model that serves."""
    return (current_card(project) or {}).get("version", "")


def _serving(project: Path) -> Any:
    """The model, loaded when it is first asked for; None before the first training."""
    if not (folder_of(project) / "current").is_file():
        return None
    from flaskr.collaborative.saved import serving  # scipy is loaded by the first who asks
    return serving(folder_of(project))


def _columns(rows: Sequence[tuple[int, float]]) -> tuple[list[int], list[float]]:
    return [row[0] for row in rows], [row[1] for row in rows]


def _told(reasons: Sequence[Any], titles: Mapping[int, Row]) -> list[dict[str, Any]]:
    return [{"anime_id": one.item, "name": titles[one.item].name, "rating": one.rating, "part": round(one.part, 3),
             "kind": one.kind} for one in reasons if one.item in titles]
