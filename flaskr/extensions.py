"""The Flask extensions, unbound; `create_app` binds them."""

import sqlite3

from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase

# Named constraints can be changed by later migrations; nameless ones can't.
NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
         "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True)
socketio = SocketIO()
csrf = CSRFProtect()


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection, _record) -> None:
    """WAL lets pages read while a job writes; FULL makes a committed rating survive a power cut."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000",
                       "cache_size=-32768", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
