"""The circle for pictures: two kinds, scanned, embedded, rated, trained; the liked kind rises. And their pages."""

import io

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs.steps import STEPS, Work
from flaskr.listing import page, query
from flaskr.media.discovery import names

KINDS = 14


@pytest.fixture
def folder(tmp_path):
    """Red gradients, and checkerboards; each its own."""
    rng = np.random.default_rng(0)
    for number in range(KINDS):
        (tmp_path / "pictures" / "red").mkdir(parents=True, exist_ok=True)
        (tmp_path / "pictures" / "boards").mkdir(exist_ok=True)
        ramp = np.linspace(40 + 5 * number, 200 + 4 * number, 96)[None, :, None] * np.array([1.0, 0.15, 0.1])
        Image.fromarray(np.repeat(ramp, 72, 0).clip(0, 255).astype(np.uint8)).save(
            tmp_path / "pictures" / "red" / f"{number}.png")
        cell = 4 + number % 5
        board = (np.indices((72, 96)) // cell).sum(0) % 2 * 215 + rng.integers(0, 40, (72, 96))
        Image.fromarray(np.repeat(board[..., None], 3, 2).astype(np.uint8)).save(
            tmp_path / "pictures" / "boards" / f"{number}.png")
    return tmp_path / "pictures"


@pytest.fixture
def settings(tmp_path, folder):
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_IMAGES__MEDIA_DIRECTORY": str(folder), "ANAGNORISIS_COMPUTE__WORKERS": "1"})


@pytest.fixture
def images(app):
    return app.extensions["modules"]["images"]


@pytest.fixture
def step(app, settings, images):
    """step("scan"): run a verb as a command or a job does."""
    return lambda verb: STEPS[verb](Work(settings, app.extensions["compute"], images))


def known(images):
    db.session.expire_all()
    return {item.path.rsplit("pictures/", 1)[1]: item for item in db.session.scalars(select(images.Item))}


def test_the_circle(step, images):
    assert step("scan").counts["added"] == 2 * KINDS
    assert step("embed").counts["embedded"] == 2 * KINDS
    items = known(images)
    for number in range(8):  # gradients are loved, boards are not; six of each stay unrated
        ratings.rate(images, items[f"red/{number}.png"].id, 8 + number % 3)
        ratings.rate(images, items[f"boards/{number}.png"].id, 1 + number % 3)
    assert step("train").counts["ratings"] == 16
    assert step("predict").counts["predicted"] == 2 * KINDS
    unrated = [(item.prediction, name) for name, item in known(images).items() if item.rating is None]
    assert all(name.startswith("red/") for _, name in sorted(unrated, reverse=True)[:6]), unrated
    top = page.page(query.read(images, {}), size=KINDS).items
    assert all("/red/" in item.path for item in top)
    step("scan")
    assert step("embed").counts["embedded"] == 0


def test_pages_of_pictures(step, images, client, folder):
    Image.new("RGB", (300, 200), "navy").save(folder / "scan.tif")
    step("scan")
    step("embed")
    items = known(images)
    found = client.get("/images/").text
    assert 'data-controller="lightbox' in found and "/images/1/thumbnail" in found
    one = items["red/1.png"]
    item = client.get(f"/images/{one.id}").text
    assert f'src="/images/{one.id}/file"' in item and "96 px" in item and "Similar images" in item
    for sort in ("taken", "resolution", "proportion", "camera"):
        assert client.get(f"/images/?sort={sort}&view=list").status_code == 200
    assert client.get("/images/?format=TIFF").text.count("data-picture") == 1
    small = client.get(f"/images/{one.id}/thumbnail?side=320")
    assert small.mimetype == "image/webp" and Image.open(io.BytesIO(small.data)).size == (96, 72)
    whole = client.get(f"/images/{one.id}/file")
    assert whole.mimetype == "image/png" and "sandbox" in whole.headers["Content-Security-Policy"]
    assert whole.data == (folder / "red" / "1.png").read_bytes()
    shown = client.get(f"/images/{items['scan.tif'].id}/file")
    assert shown.mimetype == "image/jpeg" and Image.open(io.BytesIO(shown.data)).size == (300, 200)


def test_what_may_hold_script_is_never_served_as_such(step, images, client, folder):
    step("scan")
    one = known(images)["red/2.png"]
    one.path = str(folder / "drawing.svg")
    db.session.commit()
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = client.get(f"/images/{one.id}/file")
    assert answer.status_code >= 400 or answer.mimetype == "application/octet-stream"


def test_a_kind_without_folder_is_a_quiet_line_at_home(step, client):
    step("scan")
    found = client.get("/").text
    assert "Music: no folder yet." in found and "Which folder holds your music?" not in found
    assert 'id="home-images"' in found and 'placeholder="Search everything"' in found
    assert "Train music evaluator" not in client.get("/train").text
