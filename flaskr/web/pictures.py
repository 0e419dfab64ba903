"""The small pictures that every module has, thumbnail and strip: made once, in workers of their own, and kept."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request, send_file

from flaskr.extensions import db
from flaskr.library.cache import cached
from flaskr.media.contract import Later, Module

SIDES = (96, 320, 640, 1920)
LIMIT = 20.0  # seconds that a worker may spend on one picture
YEAR = 365 * 24 * 3600
SAVE_THUMBNAIL, SAVE_STRIP = Later("flaskr.media.pictures:save_thumbnail"), Later("flaskr.media.pictures:save_strip")


def add(pages: Blueprint, module: Module, find: Callable[[int], Any], real: Callable[[str], Path]) -> None:
    """Add the routes of a module's pictures; `find` gives the item of a number, `real` the file of its path."""

    def thumbnail(item_id: int) -> Response:
        side = request.args.get("side", type=int)
        side = side if side in SIDES else SIDES[1]
        return send(item_id, str(side), lambda source: (SAVE_THUMBNAIL, module.thumbnail, source, side))

    def strip(item_id: int) -> Response:
        return send(item_id, "strip", lambda source: (SAVE_STRIP, module.strip, source))

    def send(item_id: int, what: str, work: Callable[[Path], tuple]) -> Response:
        found = find(item_id)
        name, source = f"{module.name}-{found.fingerprint}-{what}.webp", real(found.path)
        db.session.rollback()  # nothing is held open while the workers decode
        settings, run = current_app.extensions["settings"], current_app.extensions["previews"].run
        make = partial(run, *work(source), timeout=min(LIMIT, settings.compute.file_timeout))
        path = cached(settings.project, "thumbnails", name, make)
        return send_file(path, mimetype="image/webp", max_age=YEAR, conditional=True)

    pages.add_url_rule("/<int:item_id>/thumbnail", "thumbnail", thumbnail)
    if module.strip:
        pages.add_url_rule("/<int:item_id>/strip", "strip", strip)
