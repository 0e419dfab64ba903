"""HTTP and sockets: pages, commands, security, errors."""

from flask import Blueprint, Flask

from flaskr.web import asking, errors, home, jobs, search, settings, shown, taste, training, wiki
from flaskr.web.media_pages import blueprint


def register(app: Flask) -> None:
    """Every URL of the application: the shared pages, then one blueprint a module."""
    errors.register(app)
    shown.register(app)
    for pages in (home.pages, search.pages, taste.pages, training.pages, jobs.pages, settings.pages, wiki.pages, asking.pages):
        app.register_blueprint(pages)
    for module in app.extensions["modules"].values():
        if module.kind == "files":
            app.register_blueprint(blueprint(module))
        elif module.routes:
            pages = Blueprint(module.name, __name__)
            module.routes(pages)
            app.register_blueprint(pages)
