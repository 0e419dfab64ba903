"""Who may call this server: allowed hosts, its own pages only, and a content policy without inline script."""

import os
import re
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response

from flaskr.config import Settings

LOCAL = ("localhost", "127.0.0.1", "::1")
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d+)?")
SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = ("default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
          "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
           "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
           "Cross-Origin-Resource-Policy": "same-origin",
           "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()"}


class Gate:
    """WSGI: refuses a foreign Host (DNS rebinding) and a foreign Origin before anything else, Socket.IO included."""

    def __init__(self, app: Callable, hosts: Iterable[str]) -> None:
        self.app, self.hosts = app, frozenset(host.lower() for host in hosts)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if _name(host) not in self.hosts:
            return _refuse(start_response, "400 Bad Request", "This host name is not allowed. If it is yours, add it "
                           "to main.allowed_hosts in config.yaml.")
        if self._is_foreign(environ, host):
            return _refuse(start_response, "403 Forbidden", "This request comes from another site and was refused.")
        return self.app(environ, start_response)

    def _is_foreign(self, environ: dict[str, Any], host: str) -> bool:
        changes = environ["REQUEST_METHOD"] not in SAFE or "websocket" in environ.get("HTTP_UPGRADE", "").lower() \
            or environ.get("PATH_INFO", "").startswith("/socket.io")
        origin = environ.get("HTTP_ORIGIN")
        if not changes:
            return False
        if origin is not None:
            return urlsplit(origin).netloc.lower() != host.lower()
        return environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none")


def protect(app: Flask, settings: Settings) -> None:
    """Put the gate before the application and the headers on every answer."""
    named = {*LOCAL, *settings.main.allowed_hosts}
    if settings.main.host not in ("0.0.0.0", "::"):
        named.add(settings.main.host)
    app.wsgi_app = Gate(app.wsgi_app, named)
    app.after_request(_with_headers)


def secret_key(project: Path) -> str:
    """The key of this installation, made once, readable by its owner alone."""
    path = project / "secret_key"
    project.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if key := path.read_text().strip():
            return key
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC, 0o600)  # a crash or full disk left it empty
    key = secrets.token_hex(32)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _name(host: str) -> str:
    """The host name of a Host header, lower case, its port left out; "" for what is none."""
    found = HOST.fullmatch(host)
    return found[1].strip("[]").lower() if found else ""


def _refuse(start_response: Callable, status: str, words: str) -> list[bytes]:
    body = words.encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
