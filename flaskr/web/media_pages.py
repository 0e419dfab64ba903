"""The pages and commands that every module has, made once: browse, item, rate, file, play; pictures stand beside."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, send_file, url_for

from flaskr.extensions import socketio
from flaskr.feedback import places, plays, ratings
from flaskr.library.cache import cached
from flaskr.library.examine import clean
from flaskr.listing import facets, folders, overview, page, query, radio, similar
from flaskr.media.contract import Module
from flaskr.web import asking, duplicates, moving, pictures, tidying, why
from flaskr.web import places as web_places
from flaskr.web.back import back
from flaskr.web.chosen import asked as asked_before
from flaskr.web.chosen import chosen
from flaskr.web.errors import wants_json
from flaskr.web.found import find, in_worker, real
from flaskr.web.shown import facts_of

TOLD_SINGLY = 100  # changes; of more the pages are told once
UNKNOWN = "application/octet-stream"
ACTIVE = ("image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "application/xml")  # may hold script


def blueprint(module: Module) -> Blueprint:
    """The blueprint of a module at /<name>/; its own routes are added last."""
    pages = Blueprint(module.name, __name__, url_prefix=f"/{module.name}")
    views = Views(module)
    pages.add_url_rule("/", "browse", views.browse)
    pages.add_url_rule("/<int:item_id>", "item", views.item)
    pages.add_url_rule("/<int:item_id>/facts", "facts", views.facts)
    pictures.add(pages, module, views._find, views._real)
    pages.add_url_rule("/<int:item_id>/file", "file", views.file)
    pages.add_url_rule("/<int:item_id>/rate", "rate", views.rate, methods=["POST"])
    pages.add_url_rule("/rate", "rate_many", views.rate_many, methods=["POST"])
    pages.add_url_rule("/resemble", "resemble", views.resemble, methods=["POST"])
    pages.add_url_rule("/values", "values", views.values)
    pages.add_url_rule("/undo", "undo", views.undo, methods=["POST"])
    tidying.add(pages, module)
    duplicates.add(pages, module)
    asking.add(pages, module)
    moving.add(pages, module)
    why.add(pages, module)
    if module.plays:
        pages.add_url_rule("/<int:item_id>/play", "play", views.play, methods=["POST"])
    if module.resumes:
        web_places.add(pages, module)
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
        found = page.page(asked, size=settings.library.page_size, run=in_worker)
        if request.args.get("part") == "items":
            return render_template("media/items.html", module=self.module, page=found)
        return render_template(
            "media/browse.html", module=self.module, query=asked, page=found,
            sorts=query.sorts(self.module, match=asked.matched), facets=facets.facets(self.module),
            named={item.id: item for item in page.load(self.module.Item, [*asked.like, *asked.unlike])},
            tree=folders.tree(self.module, settings.module(self.module.name).media_directory, asked.folder),
            overview=overview.overview(self.module, settings))

    def values(self) -> Response:
        """What a filter may be set to, for a field that a person types in."""
        return jsonify(values=facets.values(self.module, request.args.get("key", ""), request.args.get("typed", "")))

    def item(self, item_id: int) -> str:
        found = self._find(item_id)
        return render_template(
            "media/item.html", module=self.module, item=found, reasons=radio.why(self.module, item_id),
            similar=similar.similar(self.module, item_id), events=ratings.events(self.module, item_id),
            place=places.place(self.module, item_id) if self.module.resumes else None)

    def facts(self, item_id: int) -> Response:
        return jsonify(facts_of(self.module, self._find(item_id)))

    def file(self, item_id: int) -> Response:
        found = self._find(item_id)
        source, suffix = self._real(found.path), Path(found.path).suffix.lower().lstrip(".")
        if self.module.direct is not None and suffix not in self.module.direct:
            name = f"{self.module.name}-{found.fingerprint}.{self.module.playable_suffix}"
            source = cached(_project(), "playable", name, lambda target: in_worker(self.module.playable, source, target))
        kind = MIME.get(source.suffix.lower()) or mimetypes.guess_type(source.name)[0] or UNKNOWN
        kind = UNKNOWN if kind in ACTIVE else kind
        answer = send_file(source, mimetype=kind, conditional=True, max_age=3600, etag=found.fingerprint,
                           download_name=clean(found.title) + source.suffix)
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    def rate(self, item_id: int) -> Response:
        return self._changed([ratings.rate(self.module, item_id, ratings.parse(request.form.get("rating")))])

    def rate_many(self) -> Response:
        rating = ratings.parse(request.form.get("rating"))
        return self._changed(ratings.rate_all(self.module, chosen(self.module), rating))

    def undo(self) -> Response:
        return self._changed(ratings.undo(self.module))

    def resemble(self) -> Response:
        """To the page of what is like, or unlike, the chosen items, its filters kept."""
        asked, way = asked_before(self.module), "unlike" if request.form.get("way") == "unlike" else "like"
        ids = query.ids([*map(str, getattr(asked, way)), *request.form.getlist("id")])
        return redirect(url_for(f"{self.module.name}.browse", **asked.but(**{way: ids})), 303)

    def play(self, item_id: int) -> Response:
        form, found = request.form, self._find(item_id)
        heard = query.number(form.get("heard"), 0, plays.LONGEST) or 0.0
        play = plays.record(self.module, item_id, heard=heard, duration=getattr(found, "duration", None),
                            token=form.get("token", "")[:40], ended=form.get("ended") == "1")
        if play is not None:
            socketio.emit("play", {"module": self.module.name, "id": item_id, "finished": play.finished,
                                   "skipped": play.skipped})
        return jsonify(recorded=play is not None)

    def _changed(self, changes: list[ratings.Change]) -> Response:
        name = self.module.name
        moving.rated(self.module)
        for change in changes if len(changes) <= TOLD_SINGLY else ():
            socketio.emit("rating", {"module": name, "id": change.item_id, "rating": change.rating})
        if len(changes) > TOLD_SINGLY:
            socketio.emit("rating", {"module": name, "id": None, "rating": None})
        if not wants_json():
            return back(url_for(f"{name}.browse"))
        if len(changes) != 1:
            return jsonify(changed=len(changes), id=None)
        change = changes[0]
        return jsonify(id=change.item_id, title=change.title, before=change.before, rating=change.rating)

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
