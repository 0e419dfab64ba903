"""Move, trash and undo: the commands of every module that change files, only where a setting allows it."""

from flask import Blueprint, Response, current_app, request, url_for

from flaskr.extensions import socketio
from flaskr.library import tidy
from flaskr.listing.destinations import destinations, folder_of
from flaskr.media.contract import Module
from flaskr.web.chosen import chosen
from flaskr.web.told import told


def add(pages: Blueprint, module: Module) -> None:
    """Add the routes to a module's blueprint, and `destinations()` to its templates."""
    acts = Acts(module)
    pages.add_url_rule("/move", "move", acts.move, methods=["POST"])
    pages.add_url_rule("/trash", "trash", acts.trash, methods=["POST"])
    pages.add_url_rule("/tidied/undo", "tidied_undo", acts.undo, methods=["POST"])
    pages.context_processor(lambda: {"destinations": lambda: destinations(
        module, current_app.extensions["settings"].module(module.name).media_directory)})


class Acts:
    """The commands of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def move(self) -> Response:
        folder = folder_of(request.form.get("folder", ""))
        done = tidy.move(self.module, list(chosen(self.module)), folder, settings=current_app.extensions["settings"])
        return self._told(done, f"{self._count(done)} moved.")

    def trash(self) -> Response:
        done = tidy.throw_away(self.module, list(chosen(self.module)), settings=current_app.extensions["settings"])
        return self._told(done, f"{self._count(done)} put into the trash. Ratings are kept.")

    def undo(self) -> Response:
        done = tidy.undo(self.module, request.args.get("tidied", type=int), settings=current_app.extensions["settings"])
        return self._told(done, f"{self._count(done)} put back where {'it was' if len(done.done) == 1 else 'they were'}.")

    def _count(self, done: tidy.Tidied) -> str:
        number = len(done.done)
        return f"{number:,} {self.module.one}{'' if number == 1 else 's'}" if number else "Nothing"

    def _told(self, done: tidy.Tidied, words: str) -> Response:
        changed(self.module, done)
        undo = url_for(f"{self.module.name}.tidied_undo", tidied=done.id) if done.done and not request.path.endswith(
            "/undo") else ""
        return told(words, url_for(f"{self.module.name}.browse"), undo=undo, left=done.reasons, done=done.done)


def changed(module: Module, done: tidy.Tidied) -> None:
    """Tell every open page that files of the library went elsewhere."""
    if done.done:
        socketio.emit("library", {"module": module.name, "verb": done.kind, "state": "done"})
