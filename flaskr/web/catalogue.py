"""What the person says of a catalogue's titles, made once for every catalogue: rate, mark, undo, bring in a list."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from flaskr.extensions import socketio
from flaskr.feedback import catalogue, lists, ratings
from flaskr.feedback.catalogue import Change, Guess
from flaskr.media.contract import Module, Unreadable
from flaskr.web.back import back
from flaskr.web.errors import wants_json
from flaskr.web.told import told

LARGEST_LIST = 16 << 20  # bytes of an uploaded file
TOLD_SINGLY = 100
MARKS = {"watched": "watched", "hidden": "not shown again", "": "no mark"}


def add(pages: Blueprint, name: str, guess: Callable[[int], Guess | None] = lambda item_id: None) -> None:
    """Add the addresses below /<name>. guess: what a model expects of a title, noted beside the rating that comes."""
    views = Views(name, guess)
    item = f"/{name}/<int(max={2**63 - 1}):item_id>"  # what a database can hold
    pages.add_url_rule(f"{item}/rate", "rate", views.rate, methods=["POST"])
    pages.add_url_rule(f"{item}/mark", "mark", views.mark, methods=["POST"])
    pages.add_url_rule(f"/{name}/undo", "undo", views.undo, methods=["POST"])
    pages.add_url_rule(f"/{name}/list", "list", views.ask)
    pages.add_url_rule(f"/{name}/list", "bring", views.bring, methods=["POST"])
    pages.add_url_rule(f"/{name}/list/take", "take", views.take, methods=["POST"])
    pages.url_value_preprocessor(_allow_a_list)


def _allow_a_list(endpoint: str | None, values: dict | None) -> None:
    """Before anything reads the form: a list may be larger than what else is sent."""
    if endpoint and endpoint.endswith(".bring"):
        request.max_content_length = LARGEST_LIST


class Views:
    """The view functions of one catalogue."""

    def __init__(self, name: str, guess: Callable[[int], Guess | None]) -> None:
        self.name, self.guess = name, guess

    def rate(self, item_id: int) -> Response:
        rating = ratings.parse(request.form.get("rating"))
        guess = self.guess(item_id) if rating is not None else None
        change = catalogue.rate(self.module, item_id, rating, guess=guess)
        self._tell([change])
        return _rated(change) if wants_json() else back(self._home)

    def mark(self, item_id: int) -> Response:
        change = catalogue.mark(self.module, item_id, request.form.get("mark", "") or None)
        self._tell([change])
        return told(f"{change.title}: {_of_mark(change)}.", self._home, undo=url_for(f"{self.name}.undo"),
                    id=item_id, mark=change.mark)

    def undo(self) -> Response:
        """Of one rating the answer is that of `rate`; of a mark, or of many, a sentence."""
        changes = catalogue.undo(self.module)
        self._tell(changes)
        first = changes[0]
        if len(changes) > 1:
            return told(f"{len(changes):,} titles: as before.", self._home, id=None, changed=len(changes))
        if first.mark == first.mark_before:
            return _rated(first) if wants_json() else back(self._home)
        return told(f"{first.title}: {_of_mark(first)}, as before.", self._home, id=first.item_id)

    def ask(self) -> str:
        return render_template("catalogue/list.html", module=self.module, report=None)

    def bring(self) -> Response | str:
        """Take the uploaded list over; what it says otherwise than the person stays, and is asked about on the page."""
        file = request.files.get("list")
        if file is None or not file.filename:
            raise Unreadable("Choose the file first: the export of your list, as XML or gz.")
        report = lists.bring(self.module, file.stream, take=request.form.get("take") == "file")
        if report.brought.new or report.brought.changed or report.brought.taken:
            socketio.emit("rating", {"module": self.name, "id": None, "rating": None})
        if wants_json():
            return jsonify(report.as_dict())
        return render_template("catalogue/list.html", module=self.module, report=report)

    def take(self) -> Response:
        """Take the ratings of a list where the person rated otherwise: `take` fields "id:rating", undone as one."""
        pairs = [text.partition(":")[::2] for text in request.form.getlist("take")]
        given = {int(id_): catalogue.Said(ratings.parse(rating)) if rating else catalogue.Said(None, catalogue.WATCHED)
                 for id_, rating in pairs if id_.isascii() and id_.isdecimal() and len(id_) <= 15}
        found = catalogue.bring(self.module, given, take=True)
        socketio.emit("rating", {"module": self.name, "id": None, "rating": None})
        count = len(found.differ) + found.new + found.changed
        return told(f"{count:,} rating{'s' if count != 1 else ''} of the file taken.", self._home,
                    undo=url_for(f"{self.name}.undo") if count else "")

    @property
    def module(self) -> Module:
        return current_app.extensions["modules"][self.name]

    @property
    def _home(self) -> str:
        return url_for(f"{self.name}.browse")

    def _tell(self, changes: list[Change]) -> None:
        for change in changes if len(changes) <= TOLD_SINGLY else ():
            socketio.emit("rating", {"module": self.name, "id": change.item_id, "rating": change.rating})
        if len(changes) > TOLD_SINGLY:
            socketio.emit("rating", {"module": self.name, "id": None, "rating": None})


def _rated(change: Change) -> Response:
    return jsonify(id=change.item_id, title=change.title, before=change.before, rating=change.rating)


def _of_mark(change: Change) -> str:
    if change.mark is None and change.mark_before == catalogue.HIDDEN:
        return "shown again" if change.rating is None else f"rated {change.rating:g}"
    return MARKS[change.mark or ""]
