"""The tables of the catalogue: what there is, who rated it how, and what the ratings say of each user."""

from sqlalchemy import JSON, BigInteger, Float, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column, synonym

from flaskr.extensions import db
from flaskr.tables import Name


class Anime(db.Model):
    """One title. `genre` as it is shown, its names joined by ", "; `rating` is the mean of the site it came from, 0..10.

    `episodes`, `rating` and `members` are None where the file does not know them.
    """

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Name, index=True)
    genre: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str | None] = mapped_column(Name, index=True)
    episodes: Mapped[int | None] = mapped_column(Integer, index=True)
    rating: Mapped[float | None] = mapped_column(Float, index=True)
    members: Mapped[int | None] = mapped_column(BigInteger, index=True)
    title = synonym("name")  # as every item calls it


class AnimeGenre(db.Model):
    """One genre of one title; found by the genre, whatever its case."""

    __table_args__ = (Index("ix_anime_genre_anime_id", "anime_id"), {"sqlite_with_rowid": False})

    genre: Mapped[str] = mapped_column(Name, primary_key=True)
    anime_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class AnimeRating(db.Model):
    """What one user gave to one title: 0..10, or -1 for watched and not rated. Stored in the order of its key."""

    __table_args__ = (Index("ix_anime_rating_anime_id", "anime_id", "user_id"), Index("ix_anime_rating_rating", "rating"),
                      {"sqlite_with_rowid": False})

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    anime_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rating: Mapped[float] = mapped_column(Float)


class AnimeUser(db.Model):
    """What the rows of one user say of them.

    `mean` and `scale` (deviation) of their ratings; `length`: the usual number of episodes of what they gave their mean or
    more; `popularity`: members of what they watch, as a mean place among all titles, 0..1; `tv`, `movie`: share of what
    they watched; `genres`: those they watch most, as [name, share] pairs. None where nothing is known.
    """

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    watched: Mapped[int] = mapped_column(Integer)
    rated: Mapped[int] = mapped_column(Integer)
    mean: Mapped[float | None] = mapped_column(Float)
    scale: Mapped[float | None] = mapped_column(Float)
    length: Mapped[float | None] = mapped_column(Float)
    popularity: Mapped[float | None] = mapped_column(Float)
    tv: Mapped[float] = mapped_column(Float)
    movie: Mapped[float] = mapped_column(Float)
    genres: Mapped[list] = mapped_column(JSON)
