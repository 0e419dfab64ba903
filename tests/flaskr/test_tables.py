"""Paths survive the database, whatever bytes they hold; revisions grow with every change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaskr.extensions import db
from flaskr.tables import decode_path, encode_path, next_revision, revision


@given(st.binary(max_size=60))
def test_any_bytes_of_a_name_come_back(raw):
    path = raw.decode("utf-8", "surrogateescape")
    stored = encode_path(path)
    stored.encode("utf-8")  # a database can hold it
    assert decode_path(stored) == path


@given(st.text(max_size=40))
def test_decoding_what_a_stranger_sent_never_fails(text):
    decode_path(text)


@pytest.mark.parametrize("name", ["\ufdd0", "\ufdd0ff", "\ufdd0\ufdd0ff", "\udcff\ufdd0"])
def test_the_escape_itself_comes_back(name):
    assert decode_path(encode_path(name)) == name


def test_revisions_grow(app):
    assert revision("music") == 0
    assert next_revision("music") == 1 and next_revision("music") == 2
    db.session.rollback()
    assert revision("music") == 0
