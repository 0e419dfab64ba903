"""the first tables

Revision ID: 0001
Revises: 
Create Date: 2026-11-21 04:05:19.577284

"""
import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('embedding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=40), nullable=False),
    sa.Column('space', sa.String(length=60), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('features', sa.LargeBinary(), nullable=True),
    sa.Column('vector', sa.LargeBinary(), nullable=True),
    sa.Column('projection', sa.String(length=40), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_embedding')),
    sa.UniqueConstraint('module', 'space', 'item_id', name=op.f('uq_embedding_module_space_item_id'))
    )
    op.create_table('file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=40), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('modified_ns', sa.BigInteger(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('missing', sa.Boolean(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file')),
    sa.UniqueConstraint('module', 'path', name=op.f('uq_file_module_path'))
    )
    with op.batch_alter_table('file', schema=None) as batch_op:
        batch_op.create_index('ix_file_item', ['module', 'item_id'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('verb', sa.String(length=20), nullable=False),
    sa.Column('module', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('wish', sa.String(length=12), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=True),
    sa.Column('queued', sa.Float(), nullable=False),
    sa.Column('started', sa.Float(), nullable=True),
    sa.Column('ended', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_state', ['state'], unique=False)

    op.create_table('play',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('started', sa.Float(), nullable=False),
    sa.Column('heard', sa.Float(), nullable=False),
    sa.Column('finished', sa.Boolean(), nullable=False),
    sa.Column('skipped', sa.Boolean(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_play')),
    sa.UniqueConstraint('token', name=op.f('uq_play_token'))
    )
    with op.batch_alter_table('play', schema=None) as batch_op:
        batch_op.create_index('ix_play_item', ['module', 'item_id'], unique=False)
        batch_op.create_index('ix_play_started', ['module', 'started'], unique=False)

    op.create_table('rating_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('before', sa.Float(), nullable=True),
    sa.Column('rating', sa.Float(), nullable=True),
    sa.Column('prediction', sa.Float(), nullable=True),
    sa.Column('spread', sa.Float(), nullable=True),
    sa.Column('predicted_by', sa.String(length=40), nullable=True),
    sa.Column('at', sa.Float(), nullable=False),
    sa.Column('origin', sa.String(length=20), nullable=False),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating_event'))
    )
    with op.batch_alter_table('rating_event', schema=None) as batch_op:
        batch_op.create_index('ix_rating_event_at', ['at'], unique=False)
        batch_op.create_index('ix_rating_event_item', ['module', 'item_id'], unique=False)

    op.create_table('revision',
    sa.Column('module', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('module', name=op.f('pk_revision'))
    )
    op.create_table('song',
    sa.Column('artist', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('album', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('album_artist', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('track', sa.Integer(), nullable=True),
    sa.Column('disc', sa.Integer(), nullable=True),
    sa.Column('genre', sa.Text().with_variant(sa.Text(collation='NOCASE'), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('duration', sa.Float(), nullable=True),
    sa.Column('bitrate', sa.Integer(), nullable=True),
    sa.Column('sample_rate', sa.Integer(), nullable=True),
    sa.Column('channels', sa.Integer(), nullable=True),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('cover', sa.String(length=20), nullable=False),
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
    sa.PrimaryKeyConstraint('id', name=op.f('pk_song')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_song_fingerprint'))
    )
    with op.batch_alter_table('song', schema=None) as batch_op:
        batch_op.create_index('ix_song_added', ['missing', 'added'], unique=False)
        batch_op.create_index('ix_song_album', ['missing', 'album'], unique=False)
        batch_op.create_index('ix_song_album_artist', ['missing', 'album_artist'], unique=False)
        batch_op.create_index('ix_song_artist', ['missing', 'artist'], unique=False)
        batch_op.create_index('ix_song_bitrate', ['missing', 'bitrate'], unique=False)
        batch_op.create_index('ix_song_duration', ['missing', 'duration'], unique=False)
        batch_op.create_index('ix_song_finished', ['missing', 'finished'], unique=False)
        batch_op.create_index('ix_song_folder', ['missing', 'folder'], unique=False)
        batch_op.create_index('ix_song_genre', ['missing', 'genre'], unique=False)
        batch_op.create_index('ix_song_last_played', ['missing', 'last_played'], unique=False)
        batch_op.create_index('ix_song_modified', ['missing', 'modified'], unique=False)
        batch_op.create_index('ix_song_path', ['missing', 'path'], unique=False)
        batch_op.create_index('ix_song_prediction', ['missing', 'prediction'], unique=False)
        batch_op.create_index('ix_song_rated_at', ['missing', 'rated_at'], unique=False)
        batch_op.create_index('ix_song_rating', ['missing', 'rating'], unique=False)
        batch_op.create_index('ix_song_revised', ['revised'], unique=False)
        batch_op.create_index('ix_song_size', ['missing', 'size'], unique=False)
        batch_op.create_index('ix_song_spread', ['missing', 'spread'], unique=False)
        batch_op.create_index('ix_song_title', ['missing', 'title'], unique=False)
        batch_op.create_index('ix_song_track', ['missing', 'track'], unique=False)
        batch_op.create_index('ix_song_year', ['missing', 'year'], unique=False)

    op.create_table('job_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.Float(), nullable=False),
    sa.Column('path', sa.Text(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_line_job_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_line'))
    )
    with op.batch_alter_table('job_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_line_job_id'), ['job_id'], unique=False)

    op.execute("CREATE VIRTUAL TABLE song_words USING fts5(words, tokenize=\"unicode61 remove_diacritics 2\", "
               "prefix='2 3')")


def downgrade():
    op.execute("DROP TABLE song_words")
    with op.batch_alter_table('job_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_line_job_id'))

    op.drop_table('job_line')
    with op.batch_alter_table('song', schema=None) as batch_op:
        batch_op.drop_index('ix_song_year')
        batch_op.drop_index('ix_song_track')
        batch_op.drop_index('ix_song_title')
        batch_op.drop_index('ix_song_spread')
        batch_op.drop_index('ix_song_size')
        batch_op.drop_index('ix_song_revised')
        batch_op.drop_index('ix_song_rating')
        batch_op.drop_index('ix_song_rated_at')
        batch_op.drop_index('ix_song_prediction')
        batch_op.drop_index('ix_song_path')
        batch_op.drop_index('ix_song_modified')
        batch_op.drop_index('ix_song_last_played')
        batch_op.drop_index('ix_song_genre')
        batch_op.drop_index('ix_song_folder')
        batch_op.drop_index('ix_song_finished')
        batch_op.drop_index('ix_song_duration')
        batch_op.drop_index('ix_song_bitrate')
        batch_op.drop_index('ix_song_artist')
        batch_op.drop_index('ix_song_album_artist')
        batch_op.drop_index('ix_song_album')
        batch_op.drop_index('ix_song_added')

    op.drop_table('song')
    op.drop_table('revision')
    with op.batch_alter_table('rating_event', schema=None) as batch_op:
        batch_op.drop_index('ix_rating_event_item')
        batch_op.drop_index('ix_rating_event_at')

    op.drop_table('rating_event')
    with op.batch_alter_table('play', schema=None) as batch_op:
        batch_op.drop_index('ix_play_started')
        batch_op.drop_index('ix_play_item')

    op.drop_table('play')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_state')

    op.drop_table('job')
    with op.batch_alter_table('file', schema=None) as batch_op:
        batch_op.drop_index('ix_file_item')

    op.drop_table('file')
    op.drop_table('embedding')
