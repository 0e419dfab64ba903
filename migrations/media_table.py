"""How a migration makes the table of one kind of media, as these tables were when migration 0004 was written.

A later change of what all media share is a migration of its own, never an edit here.
"""

import sqlalchemy as sa
from alembic import op

NAME = sa.Text().with_variant(sa.Text(collation="NOCASE"), "sqlite")
SORTABLE = ("title", "path", "size", "added", "modified", "rating", "rated_at", "prediction", "spread", "finished",
            "last_played")


def create(table: str, *columns: sa.Column, sortable: tuple[str, ...] = ()) -> None:
    """Make the table with its own and the shared columns, an index for each order, and its full-text index."""
    op.create_table(
        table, *columns,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("title", NAME, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.Float(), nullable=False),
        sa.Column("modified", sa.Float(), nullable=False),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Float(), nullable=True),
        sa.Column("rated_at", sa.Float(), nullable=True),
        sa.Column("prediction", sa.Float(), nullable=True),
        sa.Column("spread", sa.Float(), nullable=True),
        sa.Column("predicted_by", sa.String(length=40), nullable=True),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("last_played", sa.Float(), nullable=True),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("fingerprint", name=op.f(f"uq_{table}_fingerprint")))
    for column in (*SORTABLE, *sortable, "folder"):
        op.create_index(f"ix_{table}_{column}", table, ["missing", column])
    op.create_index(f"ix_{table}_revised", table, ["revised"])
    op.execute(f"CREATE VIRTUAL TABLE {table}_words USING fts5(words, tokenize=\"unicode61 remove_diacritics 2\", "
               "prefix='2 3')")


def drop(table: str) -> None:
    """Take the table and its full-text index away."""
    op.execute(f"DROP TABLE {table}_words")
    op.drop_table(table)
