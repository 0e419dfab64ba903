"""Scan: files and items agree afterwards, whatever was added, edited, moved, copied, swapped, lost or unplugged."""

import os
import shutil

import pytest
from sqlalchemy import func, select

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.progress import Stopped
from flaskr.tables import File


@pytest.fixture
def items(music):
    def read():
        db.session.expire_all()
        rows = db.session.scalars(select(music.Item).order_by(music.Item.id)).all()
        return {os.path.basename(item.path): item for item in rows if not item.missing}
    return read


def test_new_files_become_items_with_their_tags(write_song, scan, items):
    write_song("A/one.wav", title="One", artist="Somebody", album="First", year="1999", track="3")
    report = scan()
    assert report.counts["added"] == 1
    item = items()["one.wav"]
    assert (item.title, item.artist, item.album, item.year, item.track) == ("One", "Somebody", "First", 1999, 3)
    assert item.duration == pytest.approx(0.5, abs=0.05)


def test_a_second_scan_reads_nothing(write_song, scan, monkeypatch):
    write_song("one.wav")
    scan()
    monkeypatch.setattr("flaskr.library.scan.examine", lambda *_: pytest.fail("an unchanged file was read"))
    assert scan().counts["unchanged"] == 1


def test_a_moved_file_keeps_its_rating(write_song, scan, items, music, songs):
    path = write_song("old/one.wav", title="One")
    scan()
    ratings.rate(music, items()["one.wav"].id, 9.0)
    (songs / "new").mkdir()
    path.rename(songs / "new" / "renamed.wav")
    report = scan()
    assert report.counts.get("moved") == 1 and not report.counts.get("missing")
    item = items()["renamed.wav"]
    assert item.rating == 9.0 and item.path.endswith("new/renamed.wav")
    assert db.session.scalar(select(func.count()).select_from(File)) == 1


def test_a_copy_is_the_same_item(write_song, scan, items, songs):
    path = write_song("one.wav")
    scan()
    shutil.copy(path, songs / "two.wav")
    assert scan().counts["copies"] == 1
    assert len(items()) == 1
    path.unlink()
    scan()
    assert list(items()) == ["two.wav"]


def test_edited_tags_are_the_same_item(write_song, scan, items, music, retag):
    path = write_song("one.wav", title="Before")
    scan()
    ratings.rate(music, items()["one.wav"].id, 8.0)
    retag(path, title="After")
    assert scan().counts["changed"] == 1
    item = items()["one.wav"]
    assert (item.title, item.rating) == ("After", 8.0)


def test_swapped_names_keep_each_its_rating(write_song, scan, items, music, songs):
    one, two = write_song("one.wav", hertz=300, title="One"), write_song("two.wav", hertz=500, title="Two")
    scan()
    ratings.rate(music, items()["one.wav"].id, 1.0)
    ratings.rate(music, items()["two.wav"].id, 10.0)
    one.rename(songs / "x.tmp")
    two.rename(one)
    (songs / "x.tmp").rename(two)
    for number, path in enumerate((one, two)):
        os.utime(path, ns=(10**18 + number, 10**18 + number))
    scan()
    found = items()
    assert {name: (item.title, item.rating) for name, item in found.items()} == {
        "one.wav": ("Two", 10.0), "two.wav": ("One", 1.0)}


def test_a_file_replaced_after_its_content_moved_away_is_a_new_item(write_song, scan, items, music, songs):
    path = write_song("one.wav", hertz=300, title="Old")
    scan()
    ratings.rate(music, items()["one.wav"].id, 9.0)
    path.rename(songs / "kept.wav")
    write_song("one.wav", hertz=700, title="New")
    os.utime(path, ns=(10**18, 10**18))
    scan()
    found = items()
    assert (found["kept.wav"].title, found["kept.wav"].rating) == ("Old", 9.0)
    assert (found["one.wav"].title, found["one.wav"].rating) == ("New", None)


def test_a_missing_file_is_marked_and_returns_with_its_rating(write_song, scan, items, music, songs, tmp_path):
    path = write_song("one.wav")
    write_song("two.wav", hertz=600)
    scan()
    ratings.rate(music, items()["one.wav"].id, 7.0)
    shutil.move(path, tmp_path / "away.wav")
    assert scan().counts["missing"] == 1
    assert list(items()) == ["two.wav"]
    shutil.move(tmp_path / "away.wav", songs / "back.wav")
    scan()
    assert items()["back.wav"].rating == 7.0


@pytest.mark.parametrize("trouble", ["empty", "absent"])
def test_an_unplugged_root_stops_the_scan_and_changes_nothing(write_song, scan, items, songs, trouble):
    write_song("one.wav")
    scan()
    shutil.rmtree(songs)
    if trouble == "empty":
        songs.mkdir()
    with pytest.raises(Stopped, match="Nothing was changed"):
        scan()
    assert list(items()) == ["one.wav"]


def test_one_unplugged_root_does_not_stop_the_others(write_song, scan, items, songs, tmp_path):
    write_song("one.wav")
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(write_song("two.wav", hertz=600), other / "three.wav")
    (songs / "two.wav").unlink()
    scan(folders=[songs, other])
    shutil.rmtree(songs)
    shutil.copy(other / "three.wav", other / "four.wav")
    with pytest.raises(Stopped) as stop:
        scan(folders=[songs, other])
    assert stop.value.report.counts["copies"] == 1
    assert set(items()) == {"one.wav", "three.wav"}


def test_a_broken_file_is_listed_with_its_reason_and_read_again_only_when_it_changes(write_song, scan, items, songs):
    (songs / "broken.mp3").write_bytes(b"this is no sound" * 100)
    (songs / "empty.flac").touch()
    first = scan()
    assert {path.rsplit("/", 1)[1] for path, _ in first.unreadable} == {"broken.mp3", "empty.flac"}
    assert all(reason for _, reason in first.unreadable)
    again = scan()
    assert again.counts["unchanged"] == 2 and len(again.unreadable) == 2
    shutil.copy(write_song("good.wav"), songs / "broken.mp3")
    scan()
    assert len(items()) == 1


def test_a_file_that_breaks_keeps_its_rating(write_song, scan, items, music):
    path = write_song("one.wav")
    scan()
    item = items()["one.wav"].id
    ratings.rate(music, item, 6.5)
    path.write_bytes(b"\0" * 5000)
    scan()
    assert items() == {} and db.session.get(music.Item, item).rating == 6.5
    write_song("one.wav")
    scan()
    assert items()["one.wav"].rating == 6.5


def test_hidden_ignored_and_foreign_files_are_left_alone(write_song, scan, items, songs, tmp_path):
    for name in (".hidden.wav", ".trash/a.wav", "skipped/b.wav", "rules/no.wav", "rules/yes.wav"):
        write_song(name, hertz=100 + 50 * len(name))
    (songs / "skipped" / ".ignore").touch()
    (songs / "rules" / ".ignore").write_text("no*\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.copy(songs / "rules" / "yes.wav", outside / "secret.wav")
    (songs / "link").symlink_to(outside)
    (songs / "file.wav").symlink_to(outside / "secret.wav")
    (songs / "circle").symlink_to(songs)
    scan()
    assert list(items()) == ["yes.wav"]


@pytest.mark.parametrize("name", ["a'b\"c.wav", "new\nline.wav", "\u202ertl\u202c.wav", "percent%20.wav", "<b>.wav",
                                  "\udcff\udcfe.wav", "\ufdd0ff.wav", "emoji 🎵.wav", "  spaces  .wav"])
def test_hostile_names_are_items_like_any_other(write_song, scan, items, songs, name, client):
    shutil.move(write_song("plain.wav"), songs / name)
    scan()
    assert scan().counts["unchanged"] == 1
    item = items()[name]
    assert client.get(f"/music/{item.id}").status_code == 200
    assert client.get(f"/music/{item.id}/file").status_code == 200
    assert client.get("/music/", query_string={"folder": str(songs)}).status_code == 200


def test_an_unreadable_folder_does_not_make_its_songs_missing(write_song, scan, items, songs, monkeypatch):
    write_song("shut/one.wav")
    write_song("two.wav", hertz=600)
    scan()
    real = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
                        if str(path).endswith("shut") else real(path))
    report = scan()
    assert not report.counts.get("missing") and "Permission denied" in dict(report.unreadable).values()
    assert set(items()) == {"one.wav", "two.wav"}


def test_batches_do_not_change_the_outcome(write_song, scan, items):
    for number in range(7):
        write_song(f"{number}.wav", hertz=200 + 40 * number)
    assert scan(batch=2).counts["added"] == 7
    assert len(items()) == 7
