"""What one can ask of the catalogue in a conversation: search, recommend, explain, compare. Nothing here writes."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from flask import current_app, url_for
from pydantic import Field
from sqlalchemy import func, or_, select

from flaskr.extensions import db
from flaskr.listing.strict import columns
from flaskr.talk.choose import Person, Wanted, choose, told
from flaskr.talk.contract import Arguments, Bound, Entry, Many, Tool, Voice
from flaskr.talk.meaning import nearness
from flaskr.talk.names import names_of
from flaskr.talk.wish import in_words
from modules.anime import find
from modules.anime.arrays import folder_of
from modules.anime.tables import Anime, AnimeGenre

FILTERS = {one.key: one for one in find.TITLES}
BOUNDS = {key: one.words.partition(",")[0] for key, one in FILTERS.items() if key[:3] in ("mt_", "lt_")}
ADULT = "Hentai"  # comes only where it is asked for
WORDS = {
    "film": ("type", "Movie"), "movie": ("type", "Movie"), "tv": ("type", "TV"), "tv show": ("type", "TV"),
    "ova": ("type", "OVA"), "special": ("type", "Special"), "ona": ("type", "ONA"),
    "short": ("lt_episodes", 14), "long": ("mt_episodes", 49),
    "popular": ("mt_members", 100_000), "famous": ("mt_members", 100_000), "well known": ("mt_members", 100_000),
    "unknown": ("lt_members", 20_000), "obscure": ("lt_members", 20_000), "little known": ("lt_members", 20_000),
    "hidden gem": ("lt_members", 20_000), "highly rated": ("mt_rating", 8), "high rating": ("mt_rating", 8),
    "funny": ("genre", "Comedy"), "scary": ("genre", "Horror"), "romantic": ("genre", "Romance"), "robot": ("genre", "Mecha"),
    "love story": ("genre", "Romance"), "sport": ("genre", "Sports"), "scifi": ("genre", "Sci-Fi"),
    "science fiction": ("genre", "Sci-Fi"), "magical": ("genre", "Magic"), "for kids": ("genre", "Kids")}
DEGREES = {
    "shorter": ("lt_episodes", "episodes"), "longer": ("mt_episodes", "episodes"), "better rated": ("mt_rating", "rating"),
    "better known": ("mt_members", "members"), "more popular": ("mt_members", "members"),
    "less known": ("lt_members", "members"), "lesser known": ("lt_members", "members")}


class Recommend(Arguments):
    """What `recommend` takes."""

    k: int = Field(5, ge=1, le=20, description="how many titles")


class Search(Recommend):
    """What `search` takes."""

    words: str = Field("", description="what it is about, in a few words")
    like: Many = Field([], description="names of titles that it is like")
    not_like: Many = Field([], description="names of titles that it is not like")
    genre: Many = Field([], description="genres that it must have, all of them")
    not_genre: Many = Field([], description="genres that it must not have")
    type: Many = Field([], description="one of these types: TV, Movie, OVA, Special, ONA, Music")
    not_type: Many = Field([], description="none of these types")
    mt_episodes: Bound = Field(None, description="more than so many episodes")
    lt_episodes: Bound = Field(None, description="fewer than so many episodes")
    mt_rating: Bound = Field(None, description="rated above, as the site rates it, 0 to 10")
    lt_rating: Bound = Field(None, description="rated below")
    mt_members: Bound = Field(None, description="known to more than so many people")
    lt_members: Bound = Field(None, description="known to fewer than so many people")
    seen: bool = Field(False, description="whether titles may come that the person knows")
    without: list[int] = Field([], max_length=2000)


class Explain(Arguments):
    """What `explain` takes."""

    name: str = Field(min_length=1, description="name of a title")


class Compare(Arguments):
    """What `compare` takes."""

    names: Annotated[list[str], Field(min_length=2, max_length=4)] = Field(description="names of two to four titles")


def person(user_id: str) -> Person:
    """The user of an address ("me": the person at the browser), with their rows; Unknown for nobody."""
    rows = find.given_by(user_id)
    if not rows:
        find.user(user_id)
    from flaskr.collaborative.saved import serving

    return Person(dict(rows), serving(folder_of(_project())), frozenset(find.hidden(user_id)))


def entries() -> list[Entry]:
    """All titles, by id."""
    rows = db.session.execute(select(Anime.id, Anime.name, Anime.type, Anime.genre, Anime.members).order_by(Anime.id))
    return [Entry(one, name, ". ".join(filter(None, (name, kind, genre))), members or 0)
            for one, name, kind, genre, members in rows]


def facts(ids: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """What is known of titles, by id."""
    rows = db.session.scalars(select(Anime).where(Anime.id.in_(list(ids))))
    return {one.id: {"anime_id": one.id} | {key: value for key, value in columns(one).items() if key != "id"} for one in rows}


def phrases() -> dict[str, tuple[str, Any]]:
    """Words that mean a filter: those above, the catalogue's genres and types."""
    genres = db.session.scalars(select(AnimeGenre.genre).distinct())
    return {genre: ("genre", genre) for genre in genres} | WORDS


def search(who: Person, asked: Search) -> dict[str, Any]:
    """Titles that fit all filters, the best for this person first."""
    titles = entries()
    names = names_of(tuple(titles))
    like, unlike = ([names.must(name).id for name in given] for given in (asked.like, asked.not_like))
    fits = db.session.scalars(select(Anime.id).where(*_conditions(asked)))
    near = partial(nearness, titles, folder=meanings(_project()), run=current_app.extensions["compute"].run)
    filtered = bool(asked.model_fields_set - {"k", "without", "seen"})
    wanted = Wanted(like, unlike, asked.words, [*asked.without, *who.hidden], asked.seen, filtered)
    chosen, total = choose(titles, fits, who, wanted, asked.k, near)
    return {"total": total, "by": in_words(asked.model_dump(), BOUNDS), "titles": _told(who, chosen)}


def recommend(who: Person, asked: Recommend) -> dict[str, Any]:
    """The best unseen titles for this person."""
    return search(who, Search(k=asked.k))


def explain(who: Person, asked: Explain) -> dict[str, Any]:
    """All that is known of one title for this person."""
    return {"title": _told(who, [names_of(tuple(entries())).must(asked.name).id])[0]}


def compare(who: Person, asked: Compare) -> dict[str, Any]:
    """Titles side by side."""
    names = names_of(tuple(entries()))
    return {"titles": _told(who, list(dict.fromkeys(names.must(name).id for name in asked.names)))}


def link(name: str) -> str:
    """The address of the title of that name; of the list where several share it."""
    found = db.session.scalars(select(Anime.id).where(Anime.name == name).limit(2)).all()
    return url_for("anime.title", anime_id=found[0]) if len(found) == 1 else url_for("anime.browse", name=name)


def meanings(project: Path) -> Path:
    """Where the vectors of the titles are kept in a project folder."""
    return project / "talk" / "anime"


def _project() -> Path:
    return current_app.extensions["settings"].project


def _conditions(asked: Search) -> list:
    wanted = [FILTERS[key].condition(str(value)) for key in BOUNDS if (value := getattr(asked, key)) is not None]
    wanted += [FILTERS["genre"].condition(genre) for genre in asked.genre]
    wanted += [~FILTERS["genre"].condition(genre) for genre in asked.not_genre]
    kinds = [FILTERS["type"].condition(kind.strip()) for kind in asked.type]
    others = [FILTERS["type"].condition(kind.strip()) for kind in asked.not_type]
    if ADULT.lower() not in {genre.lower() for genre in asked.genre}:
        wanted.append(~FILTERS["genre"].condition(ADULT))
    return [*wanted, *([or_(*kinds)] if kinds else []), *(~func.coalesce(other, False) for other in others)]


def _told(who: Person, ids: list[int]) -> list[dict[str, Any]]:
    rows = facts(ids)
    said = {one: {"name": row["name"], "says": _says(row), "site": row["rating"], "members": row["members"]}
            for one, row in rows.items()}
    return told(who, ids, said, lambda others: {one: row["name"] for one, row in facts(others).items()})


def _says(row: Mapping[str, Any]) -> str:
    count = row["episodes"]
    return ", ".join(filter(None, (row["type"], f"{count} episode{'s' if count != 1 else ''}" if count else "", row["genre"])))


def voice() -> Voice:
    """The catalogue as one can talk about it."""
    return Voice(
        module="anime", about="anime titles", person=person, entries=entries, facts=facts, phrases=phrases, degrees=DEGREES,
        link=link,
        examples=("Something like Cowboy Bebop, but short", "A funny movie, not Ecchi", "Compare Death Note and Monster"),
        tools=(Tool("search", "Finds titles by filters, examples and meaning, the best for this person first.", Search, search),
               Tool("recommend", "The titles that this person is likely to enjoy next.", Recommend, recommend),
               Tool("explain", "What is known of one title, and what speaks for it for this person.", Explain, explain),
               Tool("compare", "Two to four titles side by side, for this person.", Compare, compare)))
