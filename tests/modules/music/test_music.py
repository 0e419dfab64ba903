"""Music keeps the contract, and reads what tags, names and folders tell."""

import json
from pathlib import Path

import pytest
from PIL import Image

from flaskr.media.contract import Unreadable
from modules.music import MODULE, read
from modules.music.names import from_name
from tests.contract.module_contract import ModuleContract


class TestMusic(ModuleContract):
    @pytest.fixture
    def module(self):
        return MODULE

    @pytest.fixture
    def example(self, write_song):
        return write_song("one.wav", seconds=2, title="One", artist="Somebody", year="1999", track="4")


def test_without_tags_the_name_speaks(write_song):
    facts = read.describe(write_song("07 - Some Band - A Song.wav"))
    assert (facts["track"], facts["artist"], facts["title"]) == (7, "Some Band", "A Song")


@pytest.mark.parametrize(("names", "asked", "expected"), [
    (["Song - X.mp3", "Other - X.mp3", "Third - Y.mp3"], "Song - X", (None, "X", "Song")),
    (["X - Song.mp3", "X - Other.mp3"], "X - Song", (None, "X", "Song")),
    (["X - Song.mp3"], "X - Song", (None, "X", "Song")), (["01 Title.mp3"], "01 Title", (1, "", "Title")),
    (["99 Luftballons - Nena.mp3", "Haus - Nena.mp3"], "Haus - Nena", (None, "Nena", "Haus")),
    (["1999.mp3"], "1999", (None, "", "1999")), (["a.mp3"], "a", (None, "", "a"))])
def test_names(tmp_path, names, asked, expected):
    for name in names:
        (tmp_path / name).touch()
    assert from_name(tmp_path / f"{asked}.mp3") == expected


def test_a_cover_beside_the_songs(write_song, songs):
    path = write_song("album/one.wav")
    assert read.cover(path) is None and read.describe(path)["cover"] == ""
    Image.new("RGB", (30, 30), "red").save(songs / "album" / "Folder.JPG", "JPEG")
    assert read.cover(path) == (songs / "album" / "Folder.JPG").read_bytes()
    assert read.describe(path)["cover"] == "folder"


def test_real_files_with_every_odd_tag(test_data):
    found, unreadable = 0, []
    for path in sorted((test_data / "tagged-audio").rglob("*")):
        if path.suffix.lower().lstrip(".") in MODULE.extensions:
            try:
                facts = read.describe(path)
                json.dumps(facts)
                read.cover(path)
                found += 1
            except Unreadable as error:
                unreadable.append((path.name, str(error)))
    assert found > 70 and len(unreadable) < 10 and all(reason for _, reason in unreadable)


def test_real_wavs_whose_metadata_is_not_utf8(test_data):
    waves = sorted((test_data / "sounds").rglob("*.wav"))
    assert len(waves) >= 10
    for path in waves:
        assert read.describe(path)["duration"] > 0 and len(read.samples(path)) >= 1


def test_real_songs_have_their_artists(test_data):
    facts = read.describe(Path(test_data / "music" / "Seagull - Telecasted.mp3"))
    assert (facts["title"], facts["artist"]) == ("Seagull", "Telecasted")
