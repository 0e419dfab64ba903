"""The page where a plain text is edited and saved, for modules that have such; only where the settings let files change."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from flaskr.extensions import socketio
from flaskr.jobs import queue
from flaskr.library.reread import reread
from flaskr.library.rewrite import rewrite
from flaskr.media import editing
from flaskr.media.contract import Module
from flaskr.web.found import find, in_worker, real

MOST_BYTES = 4 << 20  # of a form: a text of 1 MB may take more in UTF-8 than in its own encoding


def add(pages: Blueprint, formats: Iterable[str]) -> None:
    """Add GET and POST /<module>/<id>/edit for files of these extensions to a module's blueprint."""
    editor = Editor(pages.name, frozenset(formats))
    pages.add_url_rule("/<int:item_id>/edit", "edit", editor.edit)
    pages.add_url_rule("/<int:item_id>/edit", "save", editor.save, methods=["POST"])
    pages.url_value_preprocessor(_let_large_texts_in)


class Editor:
    """The two views of one module."""

    def __init__(self, name: str, formats: frozenset[str]) -> None:
        self.name, self.formats = name, formats

    @property
    def module(self) -> Module:
        return current_app.extensions["modules"][self.name]

    def edit(self, item_id: int) -> str:
        item, kept = self._open(item_id)
        return self._page(item, kept.text, kept)

    def save(self, item_id: int) -> Response | tuple[str, int]:
        """Write the text; whatever stands in the way is said above the text as it was typed."""
        item, kept = self._open(item_id)
        module, path, text = self.module, item.path, request.form.get("words", "")
        chosen = replace(kept, encoding="utf-8", mark=b"") if request.form.get("utf8") else kept
        content, reason = editing.packed(text, chosen)
        if not reason and len(content) > editing.LARGEST:
            reason = "Texts of up to 1 MB can be saved here; this one is larger."
        if not reason and not content.strip():
            reason = "An empty file would be no text any more. To be rid of it, put it into the trash."
        reason = reason or rewrite(real(module, path), content, request.form.get("fingerprint", ""))
        if reason:
            return self._page(item, text, kept, reason), 409
        reread(module, path, each=current_app.extensions["compute"].each)
        queue.enqueue("embed", module.name)
        socketio.emit("library", {"module": module.name, "verb": "edit", "state": "done"})
        return redirect(url_for(f"{module.name}.item", item_id=item_id), 303)

    def _open(self, item_id: int) -> tuple[object, editing.Editable]:
        if not current_app.extensions["settings"].library.files_may_change:
            abort(403, "Files may not be changed here: library.files_may_change is off.")
        item = find(self.module, item_id)
        path = real(self.module, item.path)
        if path.suffix.lower().lstrip(".") not in self.formats:
            abort(404, "A file of this format can't be edited here.")
        return item, in_worker(editing.editable, path)

    def _page(self, item: object, text: str, kept: editing.Editable, reason: str = "") -> str:
        fingerprint = request.form.get("fingerprint") or item.fingerprint
        return render_template("media/edit.html", module=self.module, item=item, words=text, kept=kept, reason=reason,
                               fingerprint=fingerprint)


def _let_large_texts_in(endpoint: str | None, _values: dict | None) -> None:
    """Before the form is read: a text may be larger than other forms are."""
    if endpoint and endpoint.endswith(".save"):
        request.max_content_length = request.max_form_memory_size = MOST_BYTES
