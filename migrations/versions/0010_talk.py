"""what was said in conversations about a catalogue

Revision ID: 0010
Revises: 0008
Create Date: 2026-11-21 13:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'talk_turn',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('module', sa.String(40), nullable=False),
        sa.Column('person', sa.String(40), nullable=False),
        sa.Column('role', sa.String(12), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('titles', sa.JSON(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('wish', sa.JSON(), nullable=False),
        sa.Column('at', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_talk_turn')))
    op.create_index('ix_talk_turn_person', 'talk_turn', ['module', 'person', 'id'])


def downgrade():
    op.drop_table('talk_turn')
