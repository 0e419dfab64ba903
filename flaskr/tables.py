"""The shared tables, and the MediaItem mixin that each module's table is made from."""

import re
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from flaskr.extensions import db

# Names sort without regard to case; the index must be built that way too.
Name = Text().with_variant(Text(collation="NOCASE"), "sqlite")
ESCAPE = "\ufdd0"  # a Unicode noncharacter: no file name has a reason to hold it, and databases store it

ESCAPED = re.compile(f"{ESCAPE}({ESCAPE}|[89a-f][0-9a-f])")


class PathText(TypeDecorator):
    """A path as text. Bytes that are not UTF-8 (Python's surrogates) are stored as ESCAPE and two hex digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else encode_path(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else decode_path(value)


def encode_path(path: str) -> str:
    """A path as storable text; the inverse of decode_path."""
    if path.isascii():
        return path
    return "".join(ESCAPE + f"{ord(sign) - 0xDC00:02x}" if "\udc80" <= sign <= "\udcff"
                   else ESCAPE * 2 if sign == ESCAPE else sign for sign in path)


def decode_path(text: str) -> str:
    return ESCAPED.sub(lambda found: ESCAPE if found[1] == ESCAPE else chr(0xDC00 + int(found[1], 16)), text)


class MediaItem:
    """Columns that every kind of media has. Times are Unix seconds; `rating` is 0.0-10.0 or NULL.

    `revised` is the number of the module's last change that touched this row (see next_revision), so that whoever
    holds columns in memory reads only what changed. Each page order has an index that begins with `missing`.
    """

    SORTABLE = ("title", "path", "size", "added", "modified", "rating", "rated_at", "prediction", "spread", "finished",
                "last_played")

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    path: Mapped[str] = mapped_column(PathText)
    folder: Mapped[str] = mapped_column(PathText, default="")
    title: Mapped[str] = mapped_column(Name, default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    added: Mapped[float] = mapped_column(Float, default=0.0)
    modified: Mapped[float] = mapped_column(Float, default=0.0)
    missing: Mapped[bool] = mapped_column(Boolean, default=False)
    rating: Mapped[float | None] = mapped_column(Float)
    rated_at: Mapped[float | None] = mapped_column(Float)
    prediction: Mapped[float | None] = mapped_column(Float)
    spread: Mapped[float | None] = mapped_column(Float)
    predicted_by: Mapped[str | None] = mapped_column(String(40))
    finished: Mapped[int] = mapped_column(Integer, default=0)
    skipped: Mapped[int] = mapped_column(Integer, default=0)
    last_played: Mapped[float | None] = mapped_column(Float)
    revised: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def has_thumbnail(self) -> bool:
        """Whether there is a picture to show; a module overrides it where it knows better."""
        return True

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple:
        columns = (*MediaItem.SORTABLE, *getattr(cls, "SORTABLE_HERE", ()))
        return (*(Index(f"ix_{cls.__tablename__}_{column}", "missing", column) for column in columns),
                Index(f"ix_{cls.__tablename__}_folder", "missing", "folder"),
                Index(f"ix_{cls.__tablename__}_revised", "revised"))


class File(db.Model):
    """One file on disk: where it is, how it looked when last read, and which item its content is."""

    __table_args__ = (UniqueConstraint("module", "path"), Index("ix_file_item", "module", "item_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    path: Mapped[str] = mapped_column(PathText)
    size: Mapped[int] = mapped_column(BigInteger)
    modified_ns: Mapped[int] = mapped_column(BigInteger)
    item_id: Mapped[int | None] = mapped_column(Integer)
    missing: Mapped[bool] = mapped_column(Boolean, default=False)
    error: Mapped[str | None] = mapped_column(Text)


class CatalogueRating(db.Model):
    """What the person says of a title of a catalogue: a rating 0..10 or NULL, and a mark: "watched", "hidden" or NULL.

    `hidden`: not interested, never to be recommended. Imports of the catalogue leave these rows alone.
    """

    module: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rating: Mapped[float | None] = mapped_column(Float)
    mark: Mapped[str | None] = mapped_column(String(12))
    at: Mapped[float] = mapped_column(Float)


class RatingEvent(db.Model):
    """One change of a rating, or of the mark of a title, with the prediction that stood then. Rows are only ever added."""

    __table_args__ = (Index("ix_rating_event_item", "module", "item_id"), Index("ix_rating_event_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[int] = mapped_column(Integer)
    fingerprint: Mapped[str] = mapped_column(String(64))
    before: Mapped[float | None] = mapped_column(Float)
    rating: Mapped[float | None] = mapped_column(Float)
    prediction: Mapped[float | None] = mapped_column(Float)
    spread: Mapped[float | None] = mapped_column(Float)
    predicted_by: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[float] = mapped_column(Float)
    origin: Mapped[str] = mapped_column(String(20), default="page")
    undoes: Mapped[int | None] = mapped_column(Integer)
    mark_before: Mapped[str | None] = mapped_column(String(12))
    mark: Mapped[str | None] = mapped_column(String(12))


class Play(db.Model):
    """One time an item was played: a fact, never changed afterwards."""

    __table_args__ = (Index("ix_play_item", "module", "item_id"), Index("ix_play_started", "module", "started"),
                      UniqueConstraint("token"))

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[int] = mapped_column(Integer)
    started: Mapped[float] = mapped_column(Float)
    heard: Mapped[float] = mapped_column(Float)
    finished: Mapped[bool] = mapped_column(Boolean, default=False)
    skipped: Mapped[bool] = mapped_column(Boolean, default=False)
    token: Mapped[str | None] = mapped_column(String(40))


class Embedding(db.Model):
    """What an embedder made of one item's content: raw features for ever, the vector of the current projection.

    `parts`, where the embedder gives them: float16 [k, dim], a unit vector for each sample (a passage of a text).
    """

    __table_args__ = (UniqueConstraint("module", "space", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    space: Mapped[str] = mapped_column(String(60))
    item_id: Mapped[int] = mapped_column(Integer)
    fingerprint: Mapped[str] = mapped_column(String(64))
    features: Mapped[bytes | None] = mapped_column(LargeBinary)
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    projection: Mapped[str | None] = mapped_column(String(40))
    parts: Mapped[bytes | None] = mapped_column(LargeBinary)
    error: Mapped[str | None] = mapped_column(Text)


class Place(db.Model):
    """How far the person was in an item: `at` as the module counts (seconds, or pages and parts of one)."""

    __table_args__ = (UniqueConstraint("module", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[int] = mapped_column(Integer)
    at: Mapped[float] = mapped_column(Float)
    seen: Mapped[float] = mapped_column(Float)


class Tidying(db.Model):
    """Files that the person moved or put into the trash in one go. `rows`: [item id, from, to] each, paths as stored."""

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    rows: Mapped[list] = mapped_column(JSON)
    at: Mapped[float] = mapped_column(Float)
    undone: Mapped[bool] = mapped_column(Boolean, default=False)


class Different(db.Model):
    """Two items that resemble each other and, the person says, are not the same; `first` < `second`."""

    __table_args__ = (UniqueConstraint("module", "first", "second"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    first: Mapped[int] = mapped_column(Integer)
    second: Mapped[int] = mapped_column(Integer)


class Comparison(db.Model):
    """Which of two items the person likes better (`preferred`, its id; NULL: neither), with the predictions that stood."""

    __table_args__ = (Index("ix_comparison_module", "module"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    first: Mapped[int] = mapped_column(Integer)
    second: Mapped[int] = mapped_column(Integer)
    preferred: Mapped[int | None] = mapped_column(Integer)
    first_prediction: Mapped[float | None] = mapped_column(Float)
    second_prediction: Mapped[float | None] = mapped_column(Float)
    predicted_by: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[float] = mapped_column(Float)
    origin: Mapped[str] = mapped_column(String(20))
    undone: Mapped[bool] = mapped_column(Boolean, default=False)


class Job(db.Model):
    """One run of a verb: what, how far, how it ended."""

    __table_args__ = (Index("ix_job_state", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(20))
    module: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    wish: Mapped[str] = mapped_column(String(12), default="")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    words: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[dict | None] = mapped_column(JSON)
    queued: Mapped[float] = mapped_column(Float)
    started: Mapped[float | None] = mapped_column(Float)
    ended: Mapped[float | None] = mapped_column(Float)


class JobLine(db.Model):
    """One line of a job's log; `path` is set where the line is about one file."""

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    at: Mapped[float] = mapped_column(Float)
    path: Mapped[str | None] = mapped_column(PathText)
    words: Mapped[str] = mapped_column(Text)


class Revision(db.Model):
    """The number of the last change of each module's items; grows with every transaction that changes one."""

    module: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)


def next_revision(module: str) -> int:
    """Number for the changes of this transaction. Takes the write lock, so numbers commit in order."""
    grown = update(Revision).where(Revision.module == module).values(number=Revision.number + 1)
    if not db.session.execute(grown).rowcount:
        db.session.add(Revision(module=module, number=1))
        db.session.flush()
    return db.session.scalar(select(Revision.number).where(Revision.module == module))


def revision(module: str) -> int:
    """Number of the last committed change of a module's items."""
    return db.session.scalar(select(Revision.number).where(Revision.module == module)) or 0
