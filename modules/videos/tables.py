"""The table of videos."""

from sqlalchemy import Boolean, Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from flaskr.extensions import db
from flaskr.tables import MediaItem, Name


class Video(MediaItem, db.Model):
    """One video as it is seen: upright, its pixels square. `pixels` is width x height.

    `duration` in seconds, None where the file does not say; `bitrate` in kbit/s; `audio_codec` "" without sound;
    `taken_at` in Unix seconds; `caption` the title that the file carries. `direct`: browsers play it as it is.
    """

    SORTABLE_HERE = ("duration", "pixels", "fps", "bitrate", "taken_at", "format", "video_codec", "year")

    duration: Mapped[float | None] = mapped_column(Float)
    width: Mapped[int] = mapped_column(Integer, default=0)
    height: Mapped[int] = mapped_column(Integer, default=0)
    pixels: Mapped[int] = mapped_column(Integer, default=0)
    fps: Mapped[float | None] = mapped_column(Float)
    video_codec: Mapped[str] = mapped_column(String(20), default="")
    audio_codec: Mapped[str] = mapped_column(String(20), default="")
    bitrate: Mapped[int | None] = mapped_column(Integer)
    format: Mapped[str] = mapped_column(String(20), default="")
    direct: Mapped[bool] = mapped_column(Boolean, default=False)
    taken_at: Mapped[float | None] = mapped_column(Float)
    year: Mapped[int | None] = mapped_column(Integer)
    caption: Mapped[str] = mapped_column(Name, default="")
