"""The settings page: each value, its help and where it came from; folders can be chosen here."""

import os

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from flaskr.config import InvalidSettings, save_setting
from flaskr.jobs import queue

pages = Blueprint("settings", __name__, url_prefix="/settings")


@pages.get("/")
def settings() -> str:
    return render_template("settings.html", rows=current_app.extensions["settings"].rows())


@pages.post("/<name>/folders")
def folders(name: str) -> Response:
    """Set the folders of a module (one a line) in the project folder's config.yaml, then scan them."""
    module, current = current_app.extensions["modules"][name], current_app.extensions["settings"]
    if module.kind != "files":
        raise KeyError(name)
    if not current.library.settings_page_writes:
        abort(403, "Folders can only be changed in config.yaml here (library.settings_page_writes is off).")
    chosen = [line.strip() for line in request.form.get("folders", "").splitlines() if line.strip()][:100]
    for folder in chosen:
        _check(os.path.expanduser(folder))
    save_setting(current, f"{module.name}.media_directory", [os.path.expanduser(folder) for folder in chosen])
    current_app.extensions["reload_settings"]()
    if current_app.extensions["settings"].origin.get(f"{name}.media_directory") == "environment":
        raise InvalidSettings(f"Saved, but the environment variable ANAGNORISIS_{name.upper()}__MEDIA_DIRECTORY overrides it.")
    if chosen:
        queue.enqueue("scan", name)
    return redirect(url_for("home.home"), 303)


def _check(folder: str) -> None:
    if "\0" in folder or not os.path.isabs(folder):
        raise InvalidSettings(f"Give the whole path of the folder, beginning with /: “{folder[:200]}”.")
    if not os.path.isdir(folder):
        raise InvalidSettings(f"There is no folder “{folder[:200]}” on this machine.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise InvalidSettings(f"The folder “{folder[:200]}” may not be read by this user.")
