"""The table of texts."""

from sqlalchemy import Integer, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from flaskr.extensions import db
from flaskr.tables import MediaItem, Name


class Text(MediaItem, db.Model):
    """One text. `words` are estimated where it is long, `pages` those of print (PDF), `language` an ISO 639-1 code.

    `encoding` is a Python codec's name, "" where the format has its own; `preview` the first words.
    """

    SORTABLE_HERE = ("author", "words", "pages", "year", "language", "format")

    author: Mapped[str] = mapped_column(Name, default="")
    words: Mapped[int] = mapped_column(Integer, default=0)
    pages: Mapped[int | None] = mapped_column(Integer)
    year: Mapped[int | None] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(20), default="")
    encoding: Mapped[str] = mapped_column(String(20), default="")
    format: Mapped[str] = mapped_column(String(20), default="")
    preview: Mapped[str] = mapped_column(LongText, default="")
    has_thumbnail = False
