"""Looks the installation over and says in sentences what is wrong and what to do."""

import os
import shutil
import sqlite3
import sys
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from flaskr.config import REPOSITORY
from flaskr.extensions import db
from flaskr.library.paths import shown

LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    words: str


def findings(app: Flask) -> list[Finding]:
    """Everything that is looked at, in the order in which to mend it."""
    settings = app.extensions["settings"]
    found = [_python(), _project(settings.project), _database(), _vendor()]
    found += [Finding(f"module {name}", False, f"It is broken and left out: {reason}")
              for name, reason in app.extensions["broken"].items()]
    for name, module in app.extensions["modules"].items():
        if module.kind == "files":
            found += _folders(name, settings.module(name).media_directory)
    return found


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", sys.version_info >= (3, 11), f"{version}, SQLite {sqlite3.sqlite_version}")


def _project(project: os.PathLike) -> Finding:
    if not os.access(project, os.W_OK):
        return Finding("project folder", False, f"{shown(project)} can't be written to: ratings could not be saved.")
    free = shutil.disk_usage(project).free
    return Finding("project folder", free > LEAST_FREE,
                   f"{shown(project)}, {free / 1e9:.1f} GB free" + ("" if free > LEAST_FREE else ": make room"))


def _database() -> Finding:
    try:
        verdict = db.session.execute(text("PRAGMA quick_check")).scalar()
        version = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return Finding("database", False, "There is no database yet: run `flask --app flaskr init-db`.")
    return Finding("database", verdict == "ok", f"schema {version}, check {verdict}")


def _vendor() -> Finding:
    ok = (REPOSITORY / "static" / "vendor" / "turbo.es2017-esm.js").is_file()
    return Finding("browser libraries", ok, "in place" if ok else "missing: start with ./run.sh, which fetches them")


def _folders(name: str, folders: list) -> list[Finding]:
    if not folders:
        return [Finding(f"{name} folders", False, f"None is set: choose one on the home page or set {name}.media_directory.")]
    return [Finding(f"{name} folder", os.path.isdir(folder) and os.access(folder, os.R_OK | os.X_OK),
                    shown(folder) + ("" if os.path.isdir(folder) else " is not there")) for folder in folders]
