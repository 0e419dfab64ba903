"""Files with hostile names, of every medium: listed, shown, sent, rated and found, whatever they are called."""

import io
import json
import os
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.library.scan import scan
from flaskr.media.discovery import names

NAMES = (
    "plain", " two  spaces ", "-rf", "--help", "new\nline", "tab\tand\rreturn", 'double"quote', "single'quote",
    "<script>alert(1)</script>",
    "&amp; & entities;", "100%25 %2e%2e", "..hidden..", "question?mark#hash", "back\\slash", "semi;colon|pipe$(dollar)`tick`",
    "ünïcödé e\u0301", "日本語の名前", "\u202egnp.txt right to left", "عربى", "\u200bzero\u200dwidth", "👩‍👩‍👧 emoji",
    "' OR 1=1 --", "{{ 7*7 }} {% x %}",
    "http: concat:x", "\udcff\udcfe not utf-8", "ﬁ ligature ſ", "x" * 200, "日" * 80, "CON", "NUL.tar",
)


def sound(number: int) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((np.sin(np.arange(1600) * (0.1 + number / 1000)) * 9000).astype("<i2").tobytes())
    return made.getvalue()


def picture(number: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (24, 16), (number % 256, number // 256, 90)).save(made, "PNG")
    return made.getvalue()


def text(number: int) -> bytes:
    return f"The {number} quiet hills lie under the morning snow, and nobody walks there yet.\n".encode()


def video(number: int) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=10, width=32, height=32, pix_fmt="yuv420p")
        for shade in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), (number * 7 + shade * 20) % 256, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue() + b"\xec\x84" + struct.pack(">I", number)  # an EBML Void element: other bytes, same film


MAKE = {"music": ("wav", sound), "images": ("png", picture), "text": ("txt", text), "videos": ("mkv", video)}


@pytest.fixture(params=[name for name in MAKE if name in names()])
def kind(request):
    return request.param


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "hostile"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path, kind, folder):
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        f"ANAGNORISIS_{kind.upper()}__MEDIA_DIRECTORY": str(folder)})


def write(folder: Path, kind: str, called: list[str]) -> int:
    suffix, make = MAKE[kind]
    written = 0
    for number, name in enumerate(called):
        if "/" in name or "\0" in name:  # no name of a file; with "../" it would even lead out of the folder
            continue
        path = os.path.join(os.fsencode(folder), os.fsencode(name) + b"." + suffix.encode())
        try:
            with open(path, "xb") as file:
                file.write(make(number))
        except (OSError, UnicodeError):  # too long, or taken: this system can't name a file so
            continue
        written += not os.path.basename(path).startswith(b".")  # hidden files are left alone
    return written


def turn_the_circle(client, module, settings, app, written: int) -> None:
    report = scan(module, settings.module(module.name).media_directory, each=app.extensions["compute"].each)
    assert not report.unreadable and report.counts["added"] == written
    items = list(db.session.scalars(select(module.Item)))
    page = client.get(f"/{module.name}/?sort=path")
    assert page.status_code == 200 and "<script>alert" not in page.text
    for item in items:
        for url in ("", "/file", "/facts"):
            answer = client.get(f"/{module.name}/{item.id}{url}")
            assert answer.status_code == 200, (url, item.path)
            assert "\n" not in answer.headers.get("Content-Disposition", "")
        assert client.get(f"/{module.name}/{item.id}/thumbnail").status_code in (200, 404, 422)
        rated = client.post(f"/{module.name}/{item.id}/rate", data={"rating": "6"}, headers={"Accept": "application/json"})
        assert rated.json["rating"] == 6
    again = scan(module, settings.module(module.name).media_directory, each=app.extensions["compute"].each)
    assert again.counts.get("unchanged") == written and not again.counts.get("added")
    db.session.expire_all()
    assert all(item.rating == 6 for item in db.session.scalars(select(module.Item)))


def test_whatever_a_file_is_called(app, client, settings, folder, kind):
    inner = folder / "a 'quoted' \"folder\" \n % ?"
    inner.mkdir()
    written = write(inner, kind, list(NAMES))
    assert written > 25
    module = app.extensions["modules"][kind]
    turn_the_circle(client, module, settings, app, written)
    found = client.get(f"/{kind}/", query_string={"folder": f"{inner}/"})
    assert found.status_code == 200 and f"{written} of {written}" in " ".join(found.text.split())
    assert "{{ 7*7 }}" in client.get(f"/{kind}/", query_string={"q": "7"}).text
    assert client.get(f"/{kind}/", query_string={"q": "日本語"}).text.count("日本語の名前") >= 1


def test_the_naughty_strings_as_names(app, client, settings, folder, kind, test_data):
    strings = json.loads((test_data / "hostile" / "naughty-strings.json").read_text("utf-8"))
    written = write(folder, kind, [one for one in strings if one][::3])
    assert written > 60
    turn_the_circle(client, app.extensions["modules"][kind], settings, app, written)
