"""The page of near-duplicates: side by side, keep the best, they are different, and the way back."""

from flask import Blueprint, Response, current_app, render_template, request, url_for

from flaskr.extensions import socketio
from flaskr.feedback import duplicates as said
from flaskr.library import tidy
from flaskr.listing import duplicates as listing
from flaskr.media.contract import Module
from flaskr.web.chosen import chosen
from flaskr.web.shown import points
from flaskr.web.tidying import changed
from flaskr.web.told import told

LAST_PAGE = 1_000_000


def add(pages: Blueprint, module: Module) -> None:
    """Add the page and its commands to a module's blueprint."""
    views = Views(module)
    pages.add_url_rule("/duplicates", "duplicates", views.page)
    pages.add_url_rule("/duplicates/keep", "duplicates_keep", views.keep, methods=["POST"])
    pages.add_url_rule("/duplicates/rate", "duplicates_rate", views.rate, methods=["POST"])
    pages.add_url_rule("/duplicates/different", "duplicates_different", views.different, methods=["POST"])
    pages.add_url_rule("/duplicates/undo", "duplicates_undo", views.undo, methods=["POST"])


class Views:
    """The view functions of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def page(self) -> str:
        settings = current_app.extensions["settings"]
        number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
        return render_template("media/duplicates.html", module=self.module,
                               found=listing.duplicates(self.module, settings.project, page=number))

    def keep(self) -> Response:
        return self._keep(throw=True)

    def rate(self) -> Response:
        return self._keep(throw=False)

    def different(self) -> Response:
        notes = said.differ(self.module, list(chosen(self.module)))
        words = "They are different: you will not be asked about them again." if notes else "That was known already."
        return self._told(words, different=notes)

    def undo(self) -> Response:
        """Take back what the address names: files, a rating, notes that items differ."""
        words, left, settings = [], [], current_app.extensions["settings"]
        if tidied := request.args.get("tidied", type=int):
            back = tidy.undo(self.module, tidied, settings=settings)
            changed(self.module, back)
            left = back.reasons
            words.append(f"{len(back.done):,} {self.module.one}{'' if len(back.done) == 1 else 's'} back from the trash.")
        if event := request.args.get("event", type=int):
            change = said.take_back(self.module, event)
            self._tell(change)
            words.append("The rating stays as you changed it since." if change is None else "The rating is as it was.")
        if notes := [int(note) for note in request.args.getlist("different") if note.isdecimal()]:
            said.same_again(self.module, notes)
            words.append("They are shown again.")
        if not words:
            raise tidy.NothingToPutBack("There is nothing to take back.")
        return told(" ".join(words), self._here(), left=left)

    def _keep(self, *, throw: bool) -> Response:
        keeper = request.form.get("keep", -1, type=int)
        kept = said.keep(self.module, keeper, [id_ for id_ in chosen(self.module) if id_ != keeper],
                         settings=current_app.extensions["settings"], throw=throw)
        self._tell(kept.change)
        words, undo, left = [], {"event": kept.event}, []
        if kept.tidied:
            changed(self.module, kept.tidied)
            number, left, undo = len(kept.tidied.done), kept.tidied.reasons, undo | {"tidied": kept.tidied.id}
            words.append(f"“{kept.title}” stays, {number:,} {'is' if number == 1 else 'are'} in the trash.")
        if kept.change:
            words.append(f"It has the rating {points(kept.change.rating)} now.")
        if not words:
            words.append(f"“{kept.title}” keeps its own rating; there was nothing to carry over.")
        return self._told(" ".join(words), left=left, **undo)

    def _told(self, words: str, *, left: list = (), **undo: object) -> Response:
        undo = {key: value for key, value in undo.items() if value}
        address = url_for(f"{self.module.name}.duplicates_undo", **undo) if undo else ""
        return told(words, self._here(), undo=address, left=left)

    def _here(self) -> str:
        return url_for(f"{self.module.name}.duplicates")

    def _tell(self, change: object) -> None:
        if change is not None:
            socketio.emit("rating", {"module": self.module.name, "id": change.item_id, "rating": change.rating})
