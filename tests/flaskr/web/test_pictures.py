"""Thumbnails and strips over HTTP, made by real workers: small, once, bounded in time, and never behind a scan."""

import dataclasses
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Blueprint
from PIL import Image
from sqlalchemy import select

from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.jobs.compute import Compute
from flaskr.jobs.steps import STEPS, Work
from flaskr.media import pictures as made
from flaskr.media.discovery import names
from flaskr.web import pictures
from tests.modules.images.test_images import png_header

JSON = {"Accept": "application/json"}


class Forbidden:
    """Workers that may not be asked."""

    def run(self, *_, **__):
        raise AssertionError("it was tried again")

    def close(self):
        pass


def sleep(path):
    """In a worker: a decoder that does not return."""
    time.sleep(60)


def strip(path):
    """In a worker: a strip of the file, or none."""
    return made.thumbnail(path) if path.name != "half.jpg" else None


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "shown"
    folder.mkdir()
    Image.linear_gradient("L").resize((800, 400)).convert("RGB").save(folder / "good.jpg")
    Image.effect_noise((600, 600), 50).save(folder / "half.jpg")
    (folder / "half.jpg").write_bytes((folder / "half.jpg").read_bytes()[:5000])
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_IMAGES__MEDIA_DIRECTORY": str(folder), "ANAGNORISIS_COMPUTE__WORKERS": "1"})


@pytest.fixture
def images(app, settings, monkeypatch):
    """The items by name, scanned; thumbnails come from a real worker, however slowly a busy machine starts it."""
    monkeypatch.setattr(pictures, "LIMIT", 100.0)
    module = app.extensions["modules"]["images"]
    STEPS["scan"](Work(settings, app.extensions["compute"], module))
    app.extensions["previews"] = Compute(workers=1, idle_seconds=60)
    yield {Path(item.path).name: item for item in db.session.scalars(select(module.Item))}
    app.extensions["previews"].close()


def test_a_good_picture_and_a_broken_one(app, client, images, settings):
    answer = client.get(f"/images/{images['good.jpg'].id}/thumbnail")
    assert answer.mimetype == "image/webp" and Image.open(io.BytesIO(answer.data)).size == (320, 160)
    broken = f"/images/{images['half.jpg'].id}/thumbnail"
    answer = client.get(broken, headers=JSON)
    assert answer.status_code == 422 and "can't be decoded" in answer.json["error"]
    workers, app.extensions["previews"] = app.extensions["previews"], Forbidden()
    assert client.get(broken, headers=JSON).json == answer.json
    bomb = images["good.jpg"]
    Path(bomb.path).write_bytes(png_header(12_000, 11_000) + bytes(100))
    assert client.get(f"/images/{bomb.id}/thumbnail").status_code == 200, "the cached one is still sent"
    app.extensions["previews"] = workers
    answer = client.get(f"/images/{bomb.id}/thumbnail?side=96", headers=JSON)
    assert answer.status_code == 422 and answer.json["error"].endswith(".")


def test_a_file_that_hangs_is_given_up_and_remembered(app, client, images, monkeypatch):
    app.extensions["previews"].run(ready)
    monkeypatch.setattr(pictures, "LIMIT", 2.0)
    monkeypatch.setattr(pictures, "SAVE_THUMBNAIL", slow)
    one = f"/images/{images['good.jpg'].id}/thumbnail"
    answer = client.get(one, headers=JSON)
    assert answer.status_code == 422 and "longer than 2 seconds" in answer.json["error"]
    app.extensions["previews"].close()
    app.extensions["previews"] = Forbidden()
    assert client.get(one, headers=JSON).json == answer.json


def ready():
    """In a worker, which has then read this file: it may take a busy machine seconds."""


def slow(*_):
    time.sleep(60)


def test_a_thumbnail_is_made_once_and_does_not_wait_for_a_scan(app, images):
    app.config["WTF_CSRF_ENABLED"] = False
    number, done = images["good.jpg"].id, threading.Event()
    busy = Compute(workers=1, idle_seconds=60)
    app.extensions["compute"] = busy

    def stop():
        if done.is_set():
            raise KeyboardInterrupt

    scan = threading.Thread(target=lambda: _ended(busy, stop))
    scan.start()
    time.sleep(0.5)
    calls, run = [], app.extensions["previews"].run
    app.extensions["previews"].run = lambda *work, **named: calls.append(work) or run(*work, **named)
    with ThreadPoolExecutor(6) as people:
        found = list(people.map(lambda _: app.test_client().get(f"/images/{number}/thumbnail").status_code, range(6)))
    assert found == [200] * 6 and len(calls) == 1 and scan.is_alive()
    done.set()
    scan.join(5)
    busy.close()


def _ended(busy, stop):
    with pytest.raises(KeyboardInterrupt):
        busy.run(sleep, Path(), tick=stop)


def test_strips_of_modules_that_have_them(app, images):
    module = dataclasses.replace(app.extensions["modules"]["images"], strip=strip)
    pages = Blueprint("strips", __name__, url_prefix="/strips")
    pictures.add(pages, module, lambda number: db.session.get(module.Item, number), Path)
    app._got_first_request = False
    app.register_blueprint(pages)
    client = app.test_client()
    answer = client.get(f"/strips/{images['good.jpg'].id}/strip")
    assert answer.mimetype == "image/webp" and Image.open(io.BytesIO(answer.data)).size == (320, 160)
    none = client.get(f"/strips/{images['half.jpg'].id}/strip", headers=JSON)
    assert none.status_code == 422 and "no pictures" in none.json["error"]
    assert client.get(f"/images/{images['good.jpg'].id}/strip").status_code == 404
