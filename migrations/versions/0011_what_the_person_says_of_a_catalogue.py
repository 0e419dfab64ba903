"""what the person says of the titles of a catalogue

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-21 12:45:00

"""
import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'catalogue_rating',
        sa.Column('module', sa.String(length=40), nullable=False),
        sa.Column('item_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('rating', sa.Float(), nullable=True),
        sa.Column('mark', sa.String(length=12), nullable=True),
        sa.Column('at', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('module', 'item_id', name=op.f('pk_catalogue_rating')))
    op.create_index('ix_anime_rating_rating', 'anime_rating', ['rating'])
    for name in ('mark_before', 'mark'):
        op.add_column('rating_event', sa.Column(name, sa.String(length=12), nullable=True))


def downgrade():
    with op.batch_alter_table('rating_event') as batch:
        batch.drop_column('mark')
        batch.drop_column('mark_before')
    op.drop_index('ix_anime_rating_rating', 'anime_rating')
    op.drop_table('catalogue_rating')
