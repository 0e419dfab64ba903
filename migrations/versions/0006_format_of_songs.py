"""songs are filtered by their format

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-21 10:00:00

"""
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_song_format', 'song', ['missing', 'format'])


def downgrade():
    op.drop_index('ix_song_format', 'song')
