"""Serves the application with gunicorn: one worker process, many threads, WebSockets by simple-websocket."""

import signal

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from flaskr.extensions import db
from flaskr.jobs import queue
from flaskr.jobs.afterwards import Afterwards
from flaskr.media import ffmpeg


class Server(BaseApplication):
    """gunicorn set up from our settings. One worker: the job queue and the live pages share its memory."""

    def __init__(self, app: Flask) -> None:
        self.flask = app
        super().__init__()

    def load_config(self) -> None:
        main = self.flask.extensions["settings"].main
        host = f"[{main.host}]" if ":" in main.host else main.host
        for key, value in {"bind": f"{host}:{main.port}", "workers": 1, "threads": main.threads, "timeout": 0,
                           "worker_class": "gthread", "graceful_timeout": 5, "loglevel": "warning",
                           "post_worker_init": self.begin, "worker_exit": self.end, "control_socket_disable": True,
                           "limit_request_line": 8190}.items():
            if key in self.cfg.settings:
                self.cfg.set(key, value)

    def load(self) -> Flask:
        return self.flask

    def begin(self, _worker: object) -> None:
        """After the fork: no database connection of the parent may be shared."""
        with self.flask.app_context():
            db.engine.dispose(close=False)
        queue.start(self.flask)
        self.flask.extensions["afterwards"] = Afterwards(self.flask)

    def end(self, _arbiter: object, _worker: object) -> None:
        ffmpeg.end_all()
        self.flask.extensions["afterwards"].close()
        for pool in ("compute", "previews", "instant", "talking"):
            self.flask.extensions[pool].close()


def serve_forever(app: Flask) -> None:
    """Serve until told to stop."""
    main = app.extensions["settings"].main
    click.echo(f"Anagnorisis is at http://{main.host}:{main.port}  (Ctrl+C ends it)")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with app.app_context():
        db.engine.dispose()
    Server(app).run()
