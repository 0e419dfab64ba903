"""A file is replaced whole or not at all, and never over somebody else's change."""

import os

import pytest

from flaskr.library import rewrite
from flaskr.library.fingerprint import fingerprint


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "note.txt"
    path.write_bytes(b"before")
    path.chmod(0o640)
    return path


def test_content_changes_and_mode_stays(file):
    os.utime(file, (1, 1))
    assert rewrite.rewrite(file, b"after", fingerprint(file)) == ""
    assert file.read_bytes() == b"after" and file.stat().st_mode & 0o777 == 0o640 and file.stat().st_mtime > 1e9
    assert os.listdir(file.parent) == ["note.txt"]


def test_a_change_from_elsewhere_is_not_overwritten(file):
    seen = fingerprint(file)
    file.write_bytes(b"theirs")
    assert "Another program" in rewrite.rewrite(file, b"ours", seen) and file.read_bytes() == b"theirs"


def test_a_full_disk_leaves_the_file_as_it_was(file, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in rewrite.rewrite(file, b"after", fingerprint(file))
    assert file.read_bytes() == b"before" and os.listdir(file.parent) == ["note.txt"]


def test_a_file_that_went_away_is_said(file):
    seen = fingerprint(file)
    file.unlink()
    assert "No such file" in rewrite.rewrite(file, b"after", seen)
