"""The table of images."""

from sqlalchemy import Boolean, Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from flaskr.extensions import db
from flaskr.tables import MediaItem, Name


class Image(MediaItem, db.Model):
    """One image as it is seen upright. `pixels` is width x height, `proportion` width / height.

    `taken_at` is what the camera's clock showed, read as if it stood in Greenwich, in Unix seconds: cameras seldom say
    where they are. `exposure` as photographers write it, `aperture` the f-number, `focal` in mm, places in degrees.
    """

    SORTABLE_HERE = ("taken_at", "pixels", "proportion", "camera", "format", "year")

    width: Mapped[int] = mapped_column(Integer, default=0)
    height: Mapped[int] = mapped_column(Integer, default=0)
    pixels: Mapped[int] = mapped_column(Integer, default=0)
    proportion: Mapped[float] = mapped_column(Float, default=1.0)
    orientation: Mapped[int] = mapped_column(Integer, default=1)
    format: Mapped[str] = mapped_column(String(20), default="")
    animated: Mapped[bool] = mapped_column(Boolean, default=False)
    taken_at: Mapped[float | None] = mapped_column(Float)
    year: Mapped[int | None] = mapped_column(Integer)
    camera: Mapped[str] = mapped_column(Name, default="")
    lens: Mapped[str] = mapped_column(Name, default="")
    exposure: Mapped[str] = mapped_column(String(20), default="")
    aperture: Mapped[float | None] = mapped_column(Float)
    iso: Mapped[int | None] = mapped_column(Integer)
    focal: Mapped[float | None] = mapped_column(Float)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    caption: Mapped[str] = mapped_column(Name, default="")
