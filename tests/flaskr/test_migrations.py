"""The migrations make exactly the tables of the code, and keep what is there."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from flaskr import create_app
from flaskr.cli import ready
from flaskr.extensions import db


def test_migrations_and_tables_agree(settings):
    with create_app(settings).app_context():
        ready()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={
                "include_name": lambda name, kind, _: not (kind == "table" and "_words" in (name or "")),
                "target_metadata": db.metadata})
            assert compare_metadata(context, db.metadata) == []
        assert "song_words" in inspect(db.engine).get_table_names()
        assert db.session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        ready()  # a second time changes nothing
        db.engine.dispose()
