"""places, tidying, pairs that differ, vectors of parts

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21 09:30:00

"""
import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'place',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('module', sa.String(length=40), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.Float(), nullable=False),
        sa.Column('seen', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_place')),
        sa.UniqueConstraint('module', 'item_id', name=op.f('uq_place_module_item_id')))
    op.create_table(
        'tidying',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('module', sa.String(length=40), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('rows', sa.JSON(), nullable=False),
        sa.Column('at', sa.Float(), nullable=False),
        sa.Column('undone', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tidying')))
    op.create_table(
        'different',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('module', sa.String(length=40), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('second', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_different')),
        sa.UniqueConstraint('module', 'first', 'second', name=op.f('uq_different_module_first_second')))
    op.add_column('embedding', sa.Column('parts', sa.LargeBinary(), nullable=True))


def downgrade():
    with op.batch_alter_table('embedding', schema=None) as batch_op:
        batch_op.drop_column('parts')
    for table in ('different', 'tidying', 'place'):
        op.drop_table(table)
