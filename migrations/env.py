"""How Alembic runs here: on the application's own database; logging stays as the application set it."""

from alembic import context
from flask import current_app

from flaskr.tables import PathText

migrate = current_app.extensions["migrate"]


def render_item(kind: str, value: object, _autogen: object) -> str | bool:
    """A migration must not change when our code does: our own types are written as what they are stored as."""
    return "sa.Text()" if kind == "type" and isinstance(value, PathText) else False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Full-text tables and their shadows are made by hand."""
    return not (kind == "table" and name and "_words" in name)


with migrate.db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=migrate.db.metadata, render_item=render_item,
                      include_name=include_name, **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
