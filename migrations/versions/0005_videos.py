"""videos

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-21 10:10:00

"""
import sqlalchemy as sa

from migrations import media_table

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    media_table.create(
        'video',
        sa.Column('duration', sa.Float(), nullable=True),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('pixels', sa.Integer(), nullable=False),
        sa.Column('fps', sa.Float(), nullable=True),
        sa.Column('video_codec', sa.String(length=20), nullable=False),
        sa.Column('audio_codec', sa.String(length=20), nullable=False),
        sa.Column('bitrate', sa.Integer(), nullable=True),
        sa.Column('format', sa.String(length=20), nullable=False),
        sa.Column('direct', sa.Boolean(), nullable=False),
        sa.Column('taken_at', sa.Float(), nullable=True),
        sa.Column('year', sa.Integer(), nullable=True),
        sa.Column('caption', media_table.NAME, nullable=False),
        sortable=('duration', 'pixels', 'fps', 'bitrate', 'taken_at', 'format', 'video_codec', 'year'))


def downgrade():
    media_table.drop('video')
