"""Safe from the start: foreign hosts and origins, tokens, headers, paths, and text from strangers."""

import json
import os
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from flaskr.extensions import db, socketio
from flaskr.feedback import ratings
from flaskr.tables import RatingEvent

LOCAL = "http://localhost"


class Tags(HTMLParser):
    """What a browser would run or load of a page: scripts, sources, inline handlers."""

    def __init__(self, page):
        super().__init__()
        self.scripts, self.sources, self.handlers, self._inside = "", [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._inside = tag == "script" and dict(attrs).get("type") != "application/json"
        self.sources += [value for key, value in attrs if key in ("src", "href")]
        self.handlers += [key for key, _ in attrs if key.startswith("on")]

    def handle_data(self, data):
        self.scripts += data if self._inside else ""


@pytest.fixture
def item(write_song, scan, music):
    write_song("one.wav", title="One")
    scan()
    return db.session.scalar(select(music.Item))


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "", "a b",
                                  "[::1", "0.0.0.0"])
def test_foreign_hosts_are_refused(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:5001", "127.0.0.1", "[::1]:5001", "LOCALHOST"])
def test_our_hosts_are_served(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "null"},
                                     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_changes_from_other_sites_are_refused(client, item, headers):
    assert client.post(f"/music/{item.id}/rate", data={"rating": 1}, headers=headers).status_code == 403
    assert client.get("/socket.io/?EIO=4&transport=polling", headers=headers).status_code == 403
    assert db.session.get(type(item), item.id).rating is None


def test_changes_from_our_own_pages_are_taken(client, item):
    headers = {"Origin": LOCAL, "Accept": "application/json"}
    assert client.post(f"/music/{item.id}/rate", data={"rating": 7}, headers=headers).json["rating"] == 7


def test_every_change_needs_a_token(app, item):
    client = app.test_client()
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    assert len(posts) >= 8
    for rule in posts:
        path = re.sub(r"<int(\([^)]*\))?:\w+>", str(item.id), rule.rule)
        path = re.sub(r"<any\(pause, resume, cancel\):what>", "pause", path)
        path = path.replace("<verb>", "scan").replace("<name>", "music")
        answer = client.post(path, headers={"Accept": "application/json"})
        assert answer.status_code == 400 and "Reload" in answer.json["error"], path


def test_every_answer_has_its_headers(client, item):
    for path in ("/", f"/music/{item.id}", "/music/999", "/nowhere"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_outside_the_folders_is_not_opened(client, item, tmp_path):
    secret = tmp_path / "secret.wav"
    secret.write_bytes(b"secret")
    item.path = str(secret)
    db.session.commit()
    assert client.get(f"/music/{item.id}/file").status_code == 403
    os.unlink(secret)
    item.path = str(tmp_path / "songs" / ".." / "secret.wav")
    db.session.commit()
    assert client.get(f"/music/{item.id}/file").status_code == 403


def test_a_link_that_was_swapped_in_later_is_not_followed(client, item, tmp_path):
    (tmp_path / "secret.wav").write_bytes(b"secret")
    os.unlink(item.path)
    os.symlink(tmp_path / "secret.wav", item.path)
    assert client.get(f"/music/{item.id}/file").status_code == 403


def test_the_key_is_this_installation_s_own(app, settings):
    path = settings.project / "secret_key"
    assert path.stat().st_mode & 0o777 == 0o600 and len(app.config["SECRET_KEY"]) == 64


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "' onclick='x",
                                  "</script><script>alert(1)</script>", "javascript:alert(1)"])
def test_tags_are_shown_as_text(client, write_song, scan, music, text):
    write_song("evil.wav", title=text, artist=text, album=text, genre=text)
    scan()
    item = db.session.scalar(select(music.Item))
    ratings.rate(music, item.id, 5)
    for path in ("/music/", "/music/?view=list", f"/music/{item.id}", "/music/radio?seed=1", "/"):
        page = client.get(path).text
        found = Tags(page)
        assert "alert(1)" not in found.scripts and "x" not in found.sources and not found.handlers
    if text == "{{7*7}}":
        assert text in client.get(f"/music/{item.id}").text


def test_real_naughty_strings_are_shown_as_text(client, write_song, scan, music, test_data):
    strings = json.loads((test_data / "hostile" / "naughty-strings.json").read_text(encoding="utf-8"))
    for number, text in enumerate(strings[::8]):
        write_song(f"{number}.wav", hertz=100 + number, seconds=0.05, title=text or "x", artist=text)
    report = scan()
    assert not report.unreadable
    assert client.get("/music/?view=list").status_code == 200
    for text in strings[:400:9]:
        assert client.get("/music/", query_string={"q": text, "folder": text, "artist": text}).status_code == 200


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_form_leads_back_to_our_own_pages_only(client, item, there):
    answer = client.post(f"/music/{item.id}/rate", data={"rating": 5, "back": there})
    assert answer.status_code == 303 and answer.location == "/music/"


def test_numbers_and_bodies_are_capped(client, item):
    assert client.get(f"/music/{10**30}").status_code == 404
    client.post("/music/rate", data={"rating": "5", "id": [str(item.id)] * 3000})
    assert db.session.scalar(select(func.count()).select_from(RatingEvent)) == 1
    assert client.post(f"/music/{item.id}/rate", data={"rating": "5", "x": "y" * (2 << 20)}).status_code == 413
    assert len(client.get("/music/radio/queue?count=99999").json["songs"]) <= 50


def test_the_socket_speaks_to_our_own_pages(app, client):
    live = socketio.test_client(app, flask_test_client=client)
    assert live.is_connected()
    socketio.emit("notice", {"words": "hello"})
    assert live.get_received()[0]["args"][0] == {"words": "hello"}
