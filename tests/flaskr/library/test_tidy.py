"""Files are moved and thrown away: with a way back, never over another file, and no killed process loses a rating."""

import errno
import os
import shutil
import time
from pathlib import Path

import pytest
import send2trash.plat_other
from sqlalchemy import select, text

from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.library import carry, tidy, trash
from flaskr.library.paths import Outside
from flaskr.media.discovery import names
from flaskr.progress import Stopped
from flaskr.tables import File, Job, Tidying
from modules.music.tables import Song

HOSTILE = ("a\nb.wav", "it's \"quoted\".wav", "\u202egnp.wav", os.fsdecode(b"caf\xe9.wav"), "x%2e%2e.wav", "$(touch y).wav",
           "-rf.wav", "🎵 ﷽.wav")


@pytest.fixture
def settings(settings):
    """Files may change here."""
    library = settings.values.library.model_copy(update={"files_may_change": True})
    object.__setattr__(settings, "values", settings.values.model_copy(update={"library": library}))
    return settings


@pytest.fixture(autouse=True)
def bin_(tmp_path, monkeypatch) -> Path:
    """The trash, in the test's own folder."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setattr(send2trash.plat_other, "XDG_DATA_HOME", os.fsencode(home / "data"))
    monkeypatch.setattr(send2trash.plat_other, "HOMETRASH_B", os.fsencode(home / "data" / "Trash"))
    monkeypatch.setattr(trash, "put", lambda path: send2trash.plat_other.send2trash(path))
    return home / "data" / "Trash"


@pytest.fixture
def items(app):
    """items() -> {file name: Song}, read anew."""
    def read():
        db.session.expire_all()
        return {Path(song.path).name: song for song in db.session.scalars(select(Song))}
    return read


def words_of(song):
    return db.session.scalar(text("SELECT words FROM song_words WHERE rowid = :id"), {"id": song.id})


def test_off_by_default(write_song, scan, music):
    write_song("one.wav")
    scan()
    off = load_settings(names(), {})
    for change in (lambda: tidy.move(music, [1], "x", settings=off), lambda: tidy.throw_away(music, [1], settings=off),
                   lambda: tidy.undo(music, settings=off)):
        with pytest.raises(tidy.Refused, match="library.files_may_change"):
            change()


def test_a_moved_song_keeps_everything(write_song, scan, items, music, settings, songs):
    path = write_song("one.wav", title="One")
    scan()
    ratings.rate(music, 1, 8.0)
    told = tidy.move(music, [1], "new/deep", settings=settings)
    song = items()["one.wav"]
    assert (told.done, told.left) == ([1], {})
    assert Path(song.path) == songs / "new/deep/one.wav" and Path(song.path).is_file() and not path.exists()
    assert (song.rating, song.missing, song.folder) == (8.0, False, f"{songs}/new/deep/")
    assert "deep" in words_of(song)
    assert scan().counts == {"unchanged": 1, "unreadable": 0}
    tidy.undo(music, settings=settings)
    assert Path(items()["one.wav"].path) == path and path.is_file() and "deep" not in words_of(items()["one.wav"])
    assert scan().counts == {"unchanged": 1, "unreadable": 0}
    with pytest.raises(tidy.NothingToPutBack):
        tidy.undo(music, settings=settings)


def test_a_name_that_is_taken_gets_a_number(write_song, scan, items, music, settings, songs):
    write_song("a/one.wav", hertz=300)
    other = write_song("b/one.wav", hertz=500)
    before = other.read_bytes()
    scan()
    song = db.session.scalar(select(Song.id).where(Song.path == str(songs / "a/one.wav")))
    tidy.move(music, [song], str(songs / "b"), settings=settings)
    assert other.read_bytes() == before and db.session.get(Song, song).path == str(songs / "b/one (2).wav")
    assert scan().counts == {"unchanged": 2, "unreadable": 0}
    tidy.undo(music, settings=settings)
    assert db.session.get(Song, song).path == str(songs / "a/one.wav")


@pytest.mark.parametrize("folder", ["..", "../other", "/", "/etc", "a/../../x", "ok/.hidden", "nul\0"])
def test_a_folder_outside_is_refused(write_song, scan, music, settings, folder, songs):
    path = write_song("one.wav")
    scan()
    with pytest.raises(Outside):
        tidy.move(music, [1], folder, settings=settings)
    assert path.is_file()


def test_a_link_leads_nowhere_outside(write_song, scan, music, settings, songs, tmp_path):
    path = write_song("one.wav")
    scan()
    (tmp_path / "elsewhere").mkdir()
    (songs / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Outside):
        tidy.move(music, [1], "link/new", settings=settings)
    path.rename(tmp_path / "elsewhere" / "one.wav")
    path.symlink_to(tmp_path / "elsewhere" / "one.wav")
    for act in (lambda: tidy.throw_away(music, [1], settings=settings),
                lambda: tidy.move(music, [1], "new", settings=settings)):
        assert list(act().left.values()) == ["Its folder is not part of your library."]
    assert (tmp_path / "elsewhere" / "one.wav").is_file()


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_moved_thrown_away_and_put_back(write_song, scan, items, music, settings, songs, name):
    write_song("plain.wav").rename(songs / name)
    scan()
    ratings.rate(music, 1, 3.0)
    tidy.move(music, [1], "new", settings=settings)
    assert items()[name].path == str(songs / "new" / name)
    tidy.throw_away(music, [1], settings=settings)
    assert items()[name].missing and not (songs / "new" / name).exists()
    assert tidy.undo(music, settings=settings).left == {}
    song = items()[name]
    assert (song.missing, song.rating, song.path) == (False, 3.0, str(songs / "new" / name))
    assert scan().counts == {"unchanged": 1, "unreadable": 0}


def test_every_copy_goes_into_the_trash_and_comes_back(write_song, scan, items, music, settings, songs, bin_):
    path = write_song("one.wav")
    shutil.copy2(path, songs / "two.wav")
    scan()
    ratings.rate(music, 1, 9.0)
    told = tidy.throw_away(music, [1], settings=settings)
    assert told.done == [1] and not list(songs.glob("*.wav")) and len(list((bin_ / "files").iterdir())) == 2
    db.session.expire_all()
    song = db.session.get(Song, 1)
    assert song.missing and song.rating == 9.0
    assert tidy.undo(music, told.id, settings=settings).left == {}
    assert sorted(file.name for file in songs.glob("*.wav")) == ["one.wav", "two.wav"] and not list(bin_.rglob("*.wav"))
    assert not db.session.get(Song, 1).missing and scan().counts == {"unchanged": 2, "unreadable": 0}


def test_what_was_taken_out_of_the_trash_is_told(write_song, scan, music, settings, bin_):
    write_song("one.wav")
    write_song("two.wav", hertz=500)
    scan()
    told = tidy.throw_away(music, [1, 2], settings=settings)
    (bin_ / "files" / "one.wav").unlink()
    back = tidy.undo(music, told.id, settings=settings)
    assert back.reasons == [("one.wav", "It is no longer in the trash.")] and len(back.done) == 1
    assert not db.session.get(Tidying, told.id).undone


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(write_song, scan, music, settings, songs):
    path = write_song("locked/one.wav")
    scan()
    path.parent.chmod(0o500)
    told = tidy.move(music, [1], "new", settings=settings)
    path.parent.chmod(0o700)
    assert told.reasons == [("one.wav", "This user may not change the folder or the file.")] and path.is_file()


@pytest.mark.parametrize(("code", "words"), [(errno.EROFS, "read-only"), (errno.ENOSPC, "full"), (errno.EACCES, "may not")])
def test_a_disk_that_refuses_is_told_file_by_file(write_song, scan, items, music, settings, songs, monkeypatch, code, words):
    one, two = write_song("one.wav"), write_song("two.wav", hertz=500)
    scan()
    rename = os.rename

    def refuse(source, target):
        if str(source) == str(one):
            raise OSError(code, os.strerror(code))
        rename(source, target)
    monkeypatch.setattr(carry.os, "rename", refuse)
    told = tidy.move(music, [1, 2], "new", settings=settings)
    assert len(told.done) == 1 and words in told.left[str(one)] and one.is_file() and not two.exists()
    assert list((songs / "new").iterdir()) == [songs / "new" / "two.wav"]
    assert items()["one.wav"].path == str(one)


def test_across_disks_the_copy_is_checked_before_the_file_goes(write_song, scan, items, music, settings, songs, monkeypatch):
    path = write_song("one.wav")
    scan()
    content, time_ = path.read_bytes(), path.stat().st_mtime_ns

    def other_disk(source, target):
        raise OSError(errno.EXDEV, "Invalid cross-device link")
    monkeypatch.setattr(carry.os, "rename", other_disk)
    tidy.move(music, [1], "new", settings=settings)
    there = songs / "new" / "one.wav"
    assert there.read_bytes() == content and there.stat().st_mtime_ns == time_ and not path.exists()
    assert scan().counts == {"unchanged": 1, "unreadable": 0}
    monkeypatch.setattr(carry, "fingerprint", lambda file: str(file))  # every copy differs
    told = tidy.move(music, [1], "third", settings=settings)
    assert told.left and there.read_bytes() == content and not list((songs / "third").iterdir())


def test_no_home_is_no_missing_file(write_song, scan, music, settings, songs, monkeypatch):
    path = write_song("one.wav")
    scan()
    monkeypatch.undo()
    monkeypatch.setenv("HOME", "/nowhere/at/all")
    monkeypatch.setattr("send2trash.send2trash", send2trash.plat_other.send2trash)
    told = tidy.throw_away(music, [1], settings=settings)
    assert told.reasons == [("one.wav", "This user has no home folder, and so no trash.")] and path.is_file()


class Killed(BaseException):
    """What kill -9 leaves behind: nothing after it runs."""


@pytest.mark.parametrize("act", ["move", "throw_away"])
def test_killed_between_disk_and_tables(write_song, scan, items, music, settings, songs, monkeypatch, act):
    write_song("one.wav")
    write_song("two.wav", hertz=500)
    scan()
    ratings.rate(music, 1, 7.0)

    def killed(*_, **__):
        raise Killed
    with monkeypatch.context() as patch:
        patch.setattr(tidy, "follow", killed)
        patch.setattr(tidy.apply, "mark_missing", killed)
        with pytest.raises(Killed):
            tidy.move(music, [1], "new", settings=settings) if act == "move" else tidy.throw_away(
                music, [1], settings=settings)
        db.session.rollback()
    report = scan()
    song = db.session.get(Song, 1)
    assert song.rating == 7.0 and len(items()) == 2
    if act == "move":
        assert report.counts["moved"] == 1 and "/new/" in song.path and not song.missing
    else:
        assert song.missing
    assert tidy.undo(music, settings=settings).left == {}
    assert not db.session.get(Song, 1).missing and Path(db.session.get(Song, 1).path).parent == songs
    assert scan().counts == {"unchanged": 2, "unreadable": 0}


def test_bounded_and_not_during_a_scan(write_song, scan, music, settings):
    write_song("one.wav")
    scan()
    with pytest.raises(Stopped, match="At most 1,000"):
        tidy.throw_away(music, range(1001), settings=settings)
    with pytest.raises(Stopped, match="Name the folder"):
        tidy.move(music, [1], "", settings=settings)
    with pytest.raises(Stopped, match="Choose something"):
        tidy.move(music, [77], "new", settings=settings)
    db.session.add(Job(verb="scan", module="music", state="running", queued=0.0))
    db.session.commit()
    with pytest.raises(Stopped, match="being updated"):
        tidy.move(music, [1], "new", settings=settings)


def test_a_thousand_files_at_once(music, settings, songs):
    for number in range(1000):
        (songs / f"{number:04d}.txt").write_bytes(b"%d" % number)
    db.session.add_all(Song(fingerprint=f"{number:040d}", path=str(songs / f"{number:04d}.txt"), folder=f"{songs}/",
                            title=str(number)) for number in range(1000))
    db.session.flush()
    db.session.add_all(File(module="music", path=song.path, size=1, modified_ns=1, item_id=song.id)
                       for song in db.session.scalars(select(Song)))
    db.session.commit()
    ids = list(db.session.scalars(select(Song.id)))
    began = time.monotonic()
    assert len(tidy.move(music, ids, "new", settings=settings).done) == 1000
    assert len(list((songs / "new").iterdir())) == 1000
    assert time.monotonic() - began < 20
