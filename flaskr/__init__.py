"""The application: `create_app` is the only place where its parts are put together, in reading order.

Imports stand inside the function because worker processes import `flaskr.media` and friends without Flask.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from flaskr.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application with these settings, or those of this installation."""
    from flask import Flask

    from flaskr import cli, extensions, web
    from flaskr.config import REPOSITORY, load_settings
    from flaskr.jobs.compute import Compute
    from flaskr.media.discovery import discover
    from flaskr.web.security import protect, secret_key

    found = discover()
    settings = settings or load_settings(name for name, module in found.modules.items() if module.kind == "files")
    database = settings.project / "database" / "project.db"
    database.parent.mkdir(parents=True, exist_ok=True)

    app = Flask(__name__, template_folder=str(REPOSITORY / "templates"), static_folder=str(REPOSITORY / "static"))
    app.config.update(
        SECRET_KEY=secret_key(settings.project), SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}",
        MAX_CONTENT_LENGTH=1 << 20, MAX_FORM_PARTS=2000, SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_NAME=f"anagnorisis_{settings.main.port}", WTF_CSRF_TIME_LIMIT=None)
    app.extensions |= {
        "settings": settings, "modules": found.modules, "broken": found.broken,
        "compute": Compute(workers=settings.compute.workers, file_timeout=settings.compute.file_timeout,
                           idle_seconds=settings.compute.idle_seconds),
        "previews": Compute(workers=min(2, os.cpu_count() or 1), idle_seconds=settings.compute.idle_seconds, nice=0),
        "instant": Compute(workers=1, idle_seconds=settings.compute.idle_seconds, nice=0),
        "talking": Compute(workers=1, idle_seconds=settings.compute.idle_seconds, nice=5),
        "reload_settings": lambda: app.extensions.update(settings=app.extensions["settings"].reloaded())}

    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(REPOSITORY / "migrations"))
    extensions.csrf.init_app(app)
    extensions.socketio.init_app(app, async_mode="threading", cors_allowed_origins=None, max_http_buffer_size=65536)
    web.register(app)
    cli.register(app)
    protect(app, settings)
    return app
