"""Lists from MyAnimeList: scores, statuses and bad rows as they are meant, bombs refused, gz as well as XML."""

import gzip
from io import BytesIO

import pytest

from flaskr.extensions import db
from flaskr.feedback import catalogue, lists
from flaskr.feedback.catalogue import WATCHED, Said
from flaskr.media.contract import Unreadable

ROW = ("<anime><series_animedb_id>{}</series_animedb_id><series_title><![CDATA[{}]]></series_title><my_score>{}</my_score>"
       "<my_status>{}</my_status></anime>")


def xml(*rows):
    return ('<?xml version="1.0" encoding="UTF-8" ?><myanimelist><myinfo><user_id>1</user_id></myinfo>'
            + "".join(ROW.format(*row) for row in rows) + "</myanimelist>").encode()


def read(content):
    return lists.read(BytesIO(content), "anime")


def test_scores_and_statuses():
    found = read(xml((1, "Done", 8, "Completed"), (2, "Going on", 0, "Watching"), (3, "Left", 0, "Dropped"),
                     (4, "Waits", 0, "On-Hold"), (5, "Later", 0, "Plan to Watch"), (6, "Low", "4.5", "Dropped"),
                     (7, "Number", 0, 2), (8, "Number", 0, 6), (9, "Given all the same", 7, "Plan to Watch")))
    assert found.said == {1: Said(8.0), 2: Said(None, WATCHED), 3: Said(None, WATCHED), 4: Said(None, WATCHED),
                          6: Said(4.5), 7: Said(None, WATCHED), 9: Said(7.0)}
    assert found.names[1] == "Done" and +found.left == {lists.NOT_YET: 2}


def test_bad_rows_are_counted_by_reason():
    found = read(xml(("", "A", 8, "Completed"), ("x", "B", 8, "Completed"), (0, "C", 8, "Completed"), (1, "D", 11, "Completed"),
                     (2, "E", "ten", "Completed"), (3, "F", -1, "Completed"), (4, "G", 0, "Loved"), (5, "H", 3, "Completed"),
                     (5, "H", 4, "Completed"), ("9" * 16, "I", 1, "Completed"), (6, "J", "nan", "Completed")))
    assert found.said == {5: Said(4.0)}
    assert +found.left == {lists.NUMBERLESS: 4, lists.SCORELESS: 4, lists.ODD: 1, lists.TWICE: 1}


def test_packed_is_the_same():
    content = xml((1, "A  long\n name", 8, "Completed"))
    assert read(gzip.compress(content)) == read(content) and read(content).names == {1: "A long name"}


@pytest.mark.parametrize(("content", "words"), [
    (b"", "can't be read"), (b"anime_id,score\n1,8\n", "can't be read"), (b"<myanimelist><anime>", "can't be read"),
    (b"<html></html>", "no anime in this file"), (xml(), "no anime in this file"), (b"\x1f\x8bnot packed", "can't be unpacked"),
    (gzip.compress(xml((1, "A", 8, "Completed")))[:-20], "can't be unpacked"), (bytes(3000), "can't be read"),
    (b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><myanimelist>&c;</myanimelist>', "refused"),
    (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><myanimelist></myanimelist>', "refused"),
    (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><myanimelist>&x;</myanimelist>', "refused"),
    (b'<?xml version="1.0" encoding="no-such"?><a/>', "can't be read")])
def test_what_is_no_list_is_named(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_a_bomb_of_zeros_is_given_up(monkeypatch):
    monkeypatch.setattr(lists, "LARGEST", 1 << 20)
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read(gzip.compress(b" " * (3 << 20)))


def test_bringing_it_names_what_the_catalogue_does_not_hold(app):
    module = app.extensions["modules"]["anime"]
    db.session.add_all(module.Item(id=id_, name=f"Title {id_}", genre="") for id_ in (1, 2))
    db.session.commit()
    catalogue.rate(module, 2, 3)
    content = xml((1, "One", 8, "Completed"), (2, "Two", 9, "Completed"), (77, "Zeta", 5, "Completed"),
                  (78, "<b>Alpha</b>", 0, "Watching"), (79, "Later", 0, "Plan to Watch"))
    report = lists.bring(module, BytesIO(content))
    assert report.unknown == ["<b>Alpha</b>", "Zeta"] and report.as_dict() == {
        "new": 1, "changed": 0, "same": 0, "taken": False, "unknown": ["<b>Alpha</b>", "Zeta"],
        "left_out": {lists.NOT_YET: 1}, "differ": [{"id": 2, "name": "Two", "mine": 3.0, "file": 9.0}]}
    said = "\n".join(report.lines())
    assert "1 new" in said and "1 that you rated otherwise" in said and "Zeta" in said
    assert catalogue.said(module) == {1: Said(8.0), 2: Said(3.0)}


def test_a_real_list(test_data):
    with (test_data / "anime" / "myanimelist-export.xml").open("rb") as source:
        found = lists.read(source, "anime")
    rated = [said for said in found.said.values() if said.rating is not None]
    assert len(found.said) == 161 and len(rated) == 71 and +found.left == {lists.NOT_YET: 15}
