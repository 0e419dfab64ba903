"""which of two

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-21 13:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'comparison',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('module', sa.String(length=40), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('second', sa.Integer(), nullable=False),
        sa.Column('preferred', sa.Integer(), nullable=True),
        sa.Column('first_prediction', sa.Float(), nullable=True),
        sa.Column('second_prediction', sa.Float(), nullable=True),
        sa.Column('predicted_by', sa.String(length=40), nullable=True),
        sa.Column('at', sa.Float(), nullable=False),
        sa.Column('origin', sa.String(length=20), nullable=False),
        sa.Column('undone', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison')))
    op.create_index('ix_comparison_module', 'comparison', ['module'])


def downgrade():
    op.drop_index('ix_comparison_module', table_name='comparison')
    op.drop_table('comparison')
