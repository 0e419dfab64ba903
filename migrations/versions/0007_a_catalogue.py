"""a catalogue of anime, with the ratings of many users

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-21 11:20:00

"""
import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="NOCASE"), "sqlite")


def upgrade():
    op.create_table(
        'anime',
        sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('name', NAME, nullable=False),
        sa.Column('genre', sa.Text(), nullable=False),
        sa.Column('type', NAME, nullable=True),
        sa.Column('episodes', sa.Integer(), nullable=True),
        sa.Column('rating', sa.Float(), nullable=True),
        sa.Column('members', sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_anime')))
    for column in ('name', 'type', 'episodes', 'rating', 'members'):
        op.create_index(f'ix_anime_{column}', 'anime', [column])
    op.create_table(
        'anime_genre',
        sa.Column('genre', NAME, nullable=False),
        sa.Column('anime_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('genre', 'anime_id', name=op.f('pk_anime_genre')), sqlite_with_rowid=False)
    op.create_index('ix_anime_genre_anime_id', 'anime_genre', ['anime_id'])
    op.create_table(
        'anime_rating',
        sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('anime_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('rating', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('user_id', 'anime_id', name=op.f('pk_anime_rating')), sqlite_with_rowid=False)
    op.create_index('ix_anime_rating_anime_id', 'anime_rating', ['anime_id', 'user_id'])
    op.create_table(
        'anime_user',
        sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('watched', sa.Integer(), nullable=False),
        sa.Column('rated', sa.Integer(), nullable=False),
        sa.Column('mean', sa.Float(), nullable=True),
        sa.Column('scale', sa.Float(), nullable=True),
        sa.Column('length', sa.Float(), nullable=True),
        sa.Column('popularity', sa.Float(), nullable=True),
        sa.Column('tv', sa.Float(), nullable=False),
        sa.Column('movie', sa.Float(), nullable=False),
        sa.Column('genres', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_anime_user')))


def downgrade():
    for table in ('anime_user', 'anime_rating', 'anime_genre', 'anime'):
        op.drop_table(table)
