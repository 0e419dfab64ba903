"""images

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-21 05:30:00

"""
import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('image',
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('pixels', sa.Integer(), nullable=False),
    sa.Column('proportion', sa.Float(), nullable=False),
    sa.Column('orientation', sa.Integer(), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('animated', sa.Boolean(), nullable=False),
    sa.Column('taken_at', sa.Float(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('camera', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('lens', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('exposure', sa.String(length=20), nullable=False),
    sa.Column('aperture', sa.Float(), nullable=True),
    sa.Column('iso', sa.Integer(), nullable=True),
    sa.Column('focal', sa.Float(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('caption', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('folder', sa.Text(), nullable=False),
    sa.Column('title', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('added', sa.Float(), nullable=False),
    sa.Column('modified', sa.Float(), nullable=False),
    sa.Column('missing', sa.Boolean(), nullable=False),
    sa.Column('rating', sa.Float(), nullable=True),
    sa.Column('rated_at', sa.Float(), nullable=True),
    sa.Column('prediction', sa.Float(), nullable=True),
    sa.Column('spread', sa.Float(), nullable=True),
    sa.Column('predicted_by', sa.String(length=40), nullable=True),
    sa.Column('finished', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.Integer(), nullable=False),
    sa.Column('last_played', sa.Float(), nullable=True),
    sa.Column('revised', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_image_fingerprint'))
    )
    with op.batch_alter_table('image', schema=None) as batch_op:
        batch_op.create_index('ix_image_added', ['missing', 'added'], unique=False)
        batch_op.create_index('ix_image_camera', ['missing', 'camera'], unique=False)
        batch_op.create_index('ix_image_finished', ['missing', 'finished'], unique=False)
        batch_op.create_index('ix_image_folder', ['missing', 'folder'], unique=False)
        batch_op.create_index('ix_image_format', ['missing', 'format'], unique=False)
        batch_op.create_index('ix_image_last_played', ['missing', 'last_played'], unique=False)
        batch_op.create_index('ix_image_modified', ['missing', 'modified'], unique=False)
        batch_op.create_index('ix_image_path', ['missing', 'path'], unique=False)
        batch_op.create_index('ix_image_pixels', ['missing', 'pixels'], unique=False)
        batch_op.create_index('ix_image_prediction', ['missing', 'prediction'], unique=False)
        batch_op.create_index('ix_image_proportion', ['missing', 'proportion'], unique=False)
        batch_op.create_index('ix_image_rated_at', ['missing', 'rated_at'], unique=False)
        batch_op.create_index('ix_image_rating', ['missing', 'rating'], unique=False)
        batch_op.create_index('ix_image_revised', ['revised'], unique=False)
        batch_op.create_index('ix_image_size', ['missing', 'size'], unique=False)
        batch_op.create_index('ix_image_spread', ['missing', 'spread'], unique=False)
        batch_op.create_index('ix_image_taken_at', ['missing', 'taken_at'], unique=False)
        batch_op.create_index('ix_image_title', ['missing', 'title'], unique=False)
        batch_op.create_index('ix_image_year', ['missing', 'year'], unique=False)

    op.execute("CREATE VIRTUAL TABLE image_words USING fts5(words, tokenize=\"unicode61 remove_diacritics 2\", "
               "prefix='2 3')")


def downgrade():
    op.execute("DROP TABLE image_words")
    op.drop_table('image')
