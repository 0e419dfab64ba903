"""The full-text index of a module's items (SQLite FTS5): what a search in words looks through."""

from collections.abc import Iterable
from pathlib import PurePath

from sqlalchemy import text

from flaskr.extensions import db
from flaskr.library.paths import shown
from flaskr.media.contract import Module
from flaskr.tables import next_revision

CREATE = ("CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5(words, tokenize=\"unicode61 remove_diacritics 2\", "
          "prefix='2 3')")
PARTS = 3  # how much of the path is searched: the file and the two folders around it


def table_of(module: Module) -> str:
    """Name of the index table; made by the module's migration."""
    return f"{module.Item.__tablename__}_words"


def stream(module: Module) -> str:
    """Name under which changes of the items' words, and so of what the files say, are numbered."""
    return f"{module.name}/words"


def create(module: Module) -> None:
    """Make the index table where tests or `init-db` build the schema without migrations."""
    db.session.execute(text(CREATE.format(table=table_of(module))))


def create_tables(module: Module) -> None:
    """Make the tables of a module that brings no migration: one that lives in a folder elsewhere."""
    module.Item.__table__.create(db.engine, checkfirst=True)
    if module.kind == "files":
        create(module)
    db.session.commit()


def index(module: Module, rows: Iterable[tuple[int, str, dict]]) -> None:
    """Write the words of (item id, path, facts) rows, replacing what was there."""
    table = table_of(module)
    entries = [{"id": item, "words": _words(module, path, facts)} for item, path, facts in rows]
    if entries:
        next_revision(stream(module))
        db.session.execute(text(f"DELETE FROM {table} WHERE rowid = :id"), entries)
        db.session.execute(text(f"INSERT INTO {table} (rowid, words) VALUES (:id, :words)"), entries)


def _words(module: Module, path: str, facts: dict) -> str:
    tail = shown("/".join(PurePath(path).parts[-PARTS:]))
    return " ".join([*(str(facts[key]) for key in module.words if facts.get(key) and key != "path"), tail])
