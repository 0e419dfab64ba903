"""The pages and commands that every module has, made once: browse, item, rate, thumbnail, file, play."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_file, url_for

from flaskr.extensions import db, socketio
from flaskr.feedback import places, plays, ratings
from flaskr.library.cache import cached
from flaskr.library.examine import clean
from flaskr.listing import folders, overview, page, query, radio, similar
from flaskr.media.contract import Module, Unreadable
from flaskr.web.back import back
from flaskr.web.errors import wants_json
from flaskr.web.found import find, real
from flaskr.web.places import add as add_place
from flaskr.web.shown import facts_of

SIDES = (96, 320, 640, 1920)
MOST_AT_ONCE = 1000
UNKNOWN = "application/octet-stream"
ACTIVE = ("image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "application/xml")  # may hold script
YEAR = 365 * 24 * 3600


def blueprint(module: Module) -> Blueprint:
    """The blueprint of a module at /<name>/; its own routes are added last."""
    pages = Blueprint(module.name, __name__, url_prefix=f"/{module.name}")
    views = Views(module)
    pages.add_url_rule("/", "browse", views.browse)
    pages.add_url_rule("/<int:item_id>", "item", views.item)
    pages.add_url_rule("/<int:item_id>/facts", "facts", views.facts)
    pages.add_url_rule("/<int:item_id>/thumbnail", "thumbnail", views.thumbnail)
    pages.add_url_rule("/<int:item_id>/file", "file", views.file)
    pages.add_url_rule("/<int:item_id>/rate", "rate", views.rate, methods=["POST"])
    pages.add_url_rule("/rate", "rate_many", views.rate_many, methods=["POST"])
    pages.add_url_rule("/undo", "undo", views.undo, methods=["POST"])
    if module.plays:
        pages.add_url_rule("/<int:item_id>/play", "play", views.play, methods=["POST"])
    if module.resumes:
        add_place(pages, module)
    if module.strip:
        pages.add_url_rule("/<int:item_id>/strip", "strip", views.strip)
    if module.routes:
        module.routes(pages)
    return pages


class Views:
    """The view functions of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def browse(self) -> str:
        settings = current_app.extensions["settings"]
        asked = query.read(self.module, request.args)
        return render_template(
            "media/browse.html", module=self.module, query=asked, sorts=query.sorts(self.module),
            page=page.page(asked, size=settings.library.page_size),
            tree=folders.tree(self.module, settings.module(self.module.name).media_directory, asked.folder),
            overview=overview.overview(self.module, settings))

    def item(self, item_id: int) -> str:
        found = self._find(item_id)
        return render_template(
            "media/item.html", module=self.module, item=found,
            place=places.place(self.module, item_id) if self.module.resumes else None, reasons=radio.why(self.module, item_id),
            similar=similar.similar(self.module, item_id), events=ratings.events(self.module, item_id))

    def facts(self, item_id: int) -> Response:
        return jsonify(facts_of(self.module, self._find(item_id)))

    def thumbnail(self, item_id: int) -> Response:
        from flaskr.media import pictures  # Pillow is loaded with the first picture
        found, side = self._find(item_id), request.args.get("side", type=int)
        side, source = side if side in SIDES else SIDES[1], self._real(found.path)

        def make(target: Path) -> None:
            picture = self.module.thumbnail(source) if self.module.thumbnail else None
            if picture is None:
                raise Unreadable("There is no picture in this file.")
            target.write_bytes(pictures.thumbnail(picture, side))
        path = cached(_project(), "thumbnails", f"{self.module.name}-{found.fingerprint}-{side}.webp", make)
        return send_file(path, mimetype="image/webp", max_age=YEAR, conditional=True)

    def strip(self, item_id: int) -> Response:
        found, run = self._find(item_id), current_app.extensions["compute"].run
        source, name = self._real(found.path), f"{self.module.name}-{found.fingerprint}-strip.webp"
        db.session.rollback()  # nothing is held open while the workers decode
        path = cached(_project(), "thumbnails", name, lambda target: target.write_bytes(run(self.module.strip, source)))
        return send_file(path, mimetype="image/webp", max_age=YEAR, conditional=True)

    def file(self, item_id: int) -> Response:
        found = self._find(item_id)
        source, suffix = self._real(found.path), Path(found.path).suffix.lower().lstrip(".")
        if self.module.direct is not None and suffix not in self.module.direct:
            run = current_app.extensions["compute"].run
            db.session.rollback()  # nothing is held open while the workers decode
            name = f"{self.module.name}-{found.fingerprint}.{self.module.playable_suffix}"
            source = cached(_project(), "playable", name, lambda target: run(self.module.playable, source, target))
        kind = MIME.get(source.suffix.lower()) or mimetypes.guess_type(source.name)[0] or UNKNOWN
        kind = UNKNOWN if kind in ACTIVE else kind
        answer = send_file(source, mimetype=kind, conditional=True, max_age=3600, etag=found.fingerprint,
                           download_name=clean(found.title) + source.suffix)
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    def rate(self, item_id: int) -> Response:
        return self._changed(ratings.rate(self.module, item_id, ratings.parse(request.form.get("rating"))))

    def rate_many(self) -> Response:
        rating = ratings.parse(request.form.get("rating"))
        ids = list(dict.fromkeys(int(id_) for id_ in request.form.getlist("id") if id_.isdecimal()))[:MOST_AT_ONCE]
        for id_ in ids:
            self._tell(ratings.rate(self.module, id_, rating))
        return jsonify(changed=len(ids)) if wants_json() else back(url_for(f"{self.module.name}.browse"))

    def undo(self) -> Response:
        return self._changed(ratings.undo(self.module))

    def play(self, item_id: int) -> Response:
        form, found = request.form, self._find(item_id)
        heard = query.number(form.get("heard"), 0, plays.LONGEST) or 0.0
        play = plays.record(self.module, item_id, heard=heard, duration=getattr(found, "duration", None),
                            token=form.get("token", "")[:40], ended=form.get("ended") == "1")
        if play is not None:
            socketio.emit("play", {"module": self.module.name, "id": item_id, "finished": play.finished,
                                   "skipped": play.skipped})
        return jsonify(recorded=play is not None)

    def _changed(self, change: ratings.Change) -> Response:
        self._tell(change)
        if not wants_json():
            return back(url_for(f"{self.module.name}.browse"))
        return jsonify(id=change.item_id, title=change.title, before=change.before, rating=change.rating)

    def _tell(self, change: ratings.Change) -> None:
        socketio.emit("rating", {"module": change.module, "id": change.item_id, "rating": change.rating})

    def _find(self, item_id: int) -> object:
        return find(self.module, item_id)

    def _real(self, path: str) -> Path:
        return real(self.module, path)


def _project() -> Path:
    return current_app.extensions["settings"].project


MIME = {".m4a": "audio/mp4", ".opus": "audio/ogg", ".oga": "audio/ogg", ".ogg": "audio/ogg", ".flac": "audio/flac",
        ".wav": "audio/wav", ".mp3": "audio/mpeg", ".aac": "audio/aac", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
        ".png": "image/png", ".gif": "image/gif", ".bmp": "image/bmp", ".webp": "image/webp", ".avif": "image/avif",
        ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm", ".mkv": "video/webm"}
