"""texts

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21 09:50:00

"""
import sqlalchemy as sa

from migrations import media_table

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    media_table.create(
        'text',
        sa.Column('author', media_table.NAME, nullable=False),
        sa.Column('words', sa.Integer(), nullable=False),
        sa.Column('pages', sa.Integer(), nullable=True),
        sa.Column('year', sa.Integer(), nullable=True),
        sa.Column('language', sa.String(length=20), nullable=False),
        sa.Column('encoding', sa.String(length=20), nullable=False),
        sa.Column('format', sa.String(length=20), nullable=False),
        sa.Column('preview', sa.Text(), nullable=False),
        sortable=('author', 'words', 'pages', 'year', 'language', 'format'))


def downgrade():
    media_table.drop('text')
