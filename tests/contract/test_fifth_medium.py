"""A fifth kind of media is one folder, anywhere: routes, navigation and contract tests with no file of ours changed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

MODULE = '''"""Palettes: lists of colours from folders, one #rrggbb a line."""

from flaskr.media.contract import Filter, Later, Module, Sort
from modules.palettes.tables import Palette

MODULE = Module(
    name="palettes", title="Palettes", one="palette", Item=Palette, extensions=frozenset({"colours"}), embedder="picture",
    describe=Later("modules.palettes.read:describe"), samples=Later("modules.palettes.read:samples"),
    card=("mood",), facts=(("mood", "Mood"), ("count", "Colours")), words=("title", "mood", "path"),
    sorts=(Sort("count", "Colours", "count", True),), filters=(Filter("mood", "Mood", "mood"),))
'''
TABLES = '''"""The table of palettes."""

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from flaskr.extensions import db
from flaskr.tables import MediaItem, Name


class Palette(MediaItem, db.Model):
    """One palette: how many colours, and whether they are warm."""

    SORTABLE_HERE = ("count", "mood")
    has_thumbnail = False

    count: Mapped[int] = mapped_column(Integer, default=0)
    mood: Mapped[str] = mapped_column(Name, default="")
'''
READ = '''"""Reads a palette."""

import re

import numpy as np

from flaskr.media.contract import Unreadable


def _colours(path):
    found = re.findall(r"^#([0-9a-f]{6})$", path.read_text("utf-8", "replace")[:100_000], re.M)
    if not found:
        raise Unreadable("There is no colour in this file.")
    return np.array([[int(one[at:at + 2], 16) for at in (0, 2, 4)] for one in found], np.uint8)


def describe(path):
    colours = _colours(path)
    return {"count": len(colours), "mood": "warm" if colours[:, 0].mean() > colours[:, 2].mean() else "cold"}


def samples(path):
    return [np.repeat(_colours(path)[None], 16, 0)]
'''
CHECK = '''"""The contract, inherited; the pages; the circle from scan to a listing."""

import pytest
from sqlalchemy import inspect

from flaskr import create_app
from flaskr.cli import ready
from flaskr.config import load_settings
from flaskr.embeddings.embed import embed
from flaskr.extensions import db
from flaskr.library.scan import scan as run_scan
from flaskr.media.discovery import names
from tests.conftest import *  # noqa: F403  the ladder
from tests.contract.module_contract import ModuleContract


@pytest.fixture
def settings(tmp_path):
    for number in range(6):
        folder = tmp_path / "lists"
        folder.mkdir(exist_ok=True)
        colour = ("#c03010", "#1030c0")[number % 2]
        (folder / f"{number}.colours").write_text("\\n".join([colour, f"#{number:02d}4080"]))
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_PALETTES__MEDIA_DIRECTORY": str(tmp_path / "lists")})


class TestPalettes(ModuleContract):
    @pytest.fixture
    def module(self, app):
        return app.extensions["modules"]["palettes"]

    @pytest.fixture
    def example(self, settings):
        return settings.palettes.media_directory[0] / "0.colours"


def test_an_installation_makes_its_table(settings):
    with create_app(settings).app_context():
        ready()
        assert {"palette", "palette_words"} <= set(inspect(db.engine).get_table_names())
        db.engine.dispose()


def test_it_has_pages_and_turns_the_circle(app, client, settings):
    module, each = app.extensions["modules"]["palettes"], app.extensions["compute"].each
    report = run_scan(module, settings.palettes.media_directory, each=each)
    assert report.counts["added"] == 6
    embed(module, settings.project, each=each, run=app.extensions["compute"].run)
    assert "/palettes/" in client.get("/").text and "/palettes/" in client.get("/music/").text
    assert client.get("/palettes/?mood=warm").text.count('class="card-item"') == 3
    assert client.post("/palettes/1/rate", data={"rating": "7.5"}, headers={"Accept": "application/json"}).json["rating"] == 7.5
    for url in ("/palettes/1", "/palettes/?sort=count", "/palettes/?q=warm", "/train", "/settings/"):
        assert client.get(url, follow_redirects=True).status_code == 200, url
'''


def test_a_folder_elsewhere_is_a_whole_medium(tmp_path):
    package = tmp_path / "modules" / "palettes"
    package.mkdir(parents=True)
    (tmp_path / "modules" / "__init__.py").touch()
    for name, content in (("__init__", MODULE), ("tables", TABLES), ("read", READ)):
        (package / f"{name}.py").write_text(content)
    check = tmp_path / "test_palettes.py"
    check.write_text(CHECK)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--rootdir", str(tmp_path),
         "-c", os.devnull, str(check)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert " passed" in done.stdout and "skipped" not in done.stdout
