"""The table of songs."""

from sqlalchemy import Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from flaskr.extensions import db
from flaskr.tables import MediaItem, Name


class Song(MediaItem, db.Model):
    """One song. `duration` in seconds, `bitrate` in kbit/s, `cover` where its picture comes from, or ""."""

    SORTABLE_HERE = ("artist", "album", "album_artist", "track", "genre", "year", "duration", "bitrate", "format")

    artist: Mapped[str] = mapped_column(Name, default="")
    album: Mapped[str] = mapped_column(Name, default="")
    album_artist: Mapped[str] = mapped_column(Name, default="")
    track: Mapped[int | None] = mapped_column(Integer)
    disc: Mapped[int | None] = mapped_column(Integer)
    genre: Mapped[str] = mapped_column(Name, default="")
    year: Mapped[int | None] = mapped_column(Integer)
    duration: Mapped[float | None] = mapped_column(Float)
    bitrate: Mapped[int | None] = mapped_column(Integer)
    sample_rate: Mapped[int | None] = mapped_column(Integer)
    channels: Mapped[int | None] = mapped_column(Integer)
    format: Mapped[str] = mapped_column(String(20), default="")
    cover: Mapped[str] = mapped_column(String(20), default="")

    @property
    def has_thumbnail(self) -> bool:
        return bool(self.cover)
