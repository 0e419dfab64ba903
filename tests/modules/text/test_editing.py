"""Editing: the file keeps its encoding and line ends, the item its rating; nothing typed and nothing written is lost."""

import re
from dataclasses import replace

import pytest

from flaskr.extensions import db
from flaskr.feedback import ratings

WORDS = "Die Schiffe fuhren über das weite Meer, und der Wächter zählte sie.\n\nEr schrieb sie auf.\n" * 5


@pytest.fixture
def write(library, bring):
    def go(content: bytes, name: str = "note.txt"):
        (library / name).write_bytes(content)
        return bring()[name]
    return go


def form(client, item):
    page = client.get(f"/text/{item.id}/edit").text
    return {"fingerprint": re.search(r'name="fingerprint" value="(\w+)"', page)[1],
            "words": re.search(r"<textarea[^>]*>\n(.*)</textarea>", page, re.DOTALL)[1]}


@pytest.mark.parametrize(("encoding", "ends", "mark"), [("utf-8", "\n", b""), ("cp1252", "\r\n", b""),
                                                        ("utf-8", "\r\n", b"\xef\xbb\xbf"),
                                                        ("utf-16-le", "\n", b"\xff\xfe"), ("utf-8", "\r", b"")])
def test_what_is_not_touched_stays_byte_by_byte(client, write, library, encoding, ends, mark):
    item = write(mark + WORDS.replace("\n", ends).encode(encoding))
    sent = form(client, item)
    sent["words"] = sent["words"].replace("Wächter", "Wärter").replace("\n", "\r\n")  # as browsers send it
    assert client.post(f"/text/{item.id}/edit", data=sent).status_code == 303
    expected = mark + WORDS.replace("Wächter", "Wärter").replace("\n", ends).encode(encoding)
    assert (library / "note.txt").read_bytes() == expected


def test_the_item_stays_itself_and_is_known_anew_at_once(client, write, module):
    item = write(b"The old words of this note, which are long enough to be one.\n")
    ratings.rate(module, item.id, 7.5)
    sent = form(client, item) | {"words": "Entirely new words about a lighthouse."}
    assert client.post(f"/text/{item.id}/edit", data=sent).location == f"/text/{item.id}"
    db.session.expire_all()
    again = db.session.get(module.Item, item.id)
    assert again.rating == 7.5 and again.words == 6 and again.preview.startswith("Entirely new")
    assert "Entirely new" in client.get("/text/?q=lighthouse").text


def test_a_change_from_elsewhere_is_not_overwritten_and_nothing_typed_is_lost(client, write, library):
    item = write(b"What was there.\n")
    sent = form(client, item) | {"words": "What I typed."}
    (library / "note.txt").write_bytes(b"What another program wrote.\n")
    answer = client.post(f"/text/{item.id}/edit", data=sent)
    assert answer.status_code == 409 and "Another program" in answer.text and "What I typed." in answer.text
    assert (library / "note.txt").read_bytes() == b"What another program wrote.\n"


def test_a_sign_that_the_encoding_lacks_is_named(client, write, library):
    item = write("Schöne Grüße, und das für lange.\n".encode("cp1252"))
    sent = form(client, item) | {"words": "Schöne Grüße 🌊"}
    answer = client.post(f"/text/{item.id}/edit", data=sent)
    assert answer.status_code == 409 and "“🌊” can&#39;t be written in cp1252" in answer.text
    assert client.post(f"/text/{item.id}/edit", data=sent | {"utf8": "1"}).status_code == 303
    assert (library / "note.txt").read_text("utf-8") == "Schöne Grüße 🌊"


def test_large_texts_up_to_one_megabyte(client, write, library):
    item = write(b"A line of text that is repeated.\n" * 30_000)
    sent = form(client, item)
    sent["words"] = sent["words"][:-33] + "The end.\n"
    assert client.post(f"/text/{item.id}/edit", data=sent, content_type="multipart/form-data").status_code == 303
    assert (library / "note.txt").read_bytes().endswith(b"repeated.\nThe end.\n")
    too_much = form(client, item) | {"words": "word " * 300_000}
    assert client.post(f"/text/{item.id}/edit", data=too_much, content_type="multipart/form-data").status_code == 409


@pytest.mark.parametrize(("name", "content"), [("page.html", b"<p>Some words here</p>"), ("large.txt", b"word " * 300_000),
                                               ("bad.txt", "Grüße ".encode() * 200 + b"\xff")])
def test_what_cannot_be_edited_is_said(client, write, name, content):
    item = write(content, name)
    assert client.get(f"/text/{item.id}/edit").status_code in (404, 422)


def test_an_empty_text_is_refused(client, write, library):
    item = write(b"Some words.\n")
    assert client.post(f"/text/{item.id}/edit", data=form(client, item) | {"words": " "}).status_code == 409
    assert (library / "note.txt").read_bytes() == b"Some words.\n"


def test_without_the_setting_nothing_can_be_edited(client, app, write, settings, library):
    item = write(b"Some words.\n")
    sent = form(client, item) | {"words": "Other words."}
    environ = dict(settings.environ) | {"ANAGNORISIS_LIBRARY__FILES_MAY_CHANGE": "false"}
    app.extensions["settings"] = replace(settings, environ=environ).reloaded()
    assert client.get(f"/text/{item.id}/edit").status_code == 403
    assert client.post(f"/text/{item.id}/edit", data=sent).status_code == 403
    assert "/edit" not in client.get(f"/text/{item.id}").text and (library / "note.txt").read_bytes() == b"Some words.\n"
