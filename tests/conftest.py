"""The ladder of fixtures: folder of songs -> settings -> app -> client and runner. Nothing here needs a network."""

import os
import shutil
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import mutagen
import numpy as np
import pytest

from flaskr import create_app
from flaskr.config import Settings, load_settings
from flaskr.extensions import db
from flaskr.library import words
from flaskr.media.discovery import names

RATE = 16_000
for _name in [name for name in os.environ if name.startswith("ANAGNORISIS_") and "__" in name]:
    del os.environ[_name]  # a developer's own settings must not reach a test


class Serial:
    """The interface of jobs.compute.Compute, in this process: what is tested fails where it stands."""

    def each(self, function, arguments, *, chunk=1, ahead=1):
        for some in arguments:
            yield some, function(*some), ""

    def run(self, function, *arguments, tick=None, timeout=None):
        return function(*arguments)

    def close(self):
        pass


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """An empty folder for music."""
    folder = tmp_path / "songs"
    folder.mkdir()
    return folder


@pytest.fixture
def write_song(songs: Path) -> Callable[..., Path]:
    """write_song("a/b.wav", hertz=440, seconds=1, title="..."): a WAV file with ID3 tags, its content its own."""
    def write(name: str, *, hertz: float = 440.0, seconds: float = 0.5, noise: float = 0.0, **tags: str) -> Path:
        path = songs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        time = np.arange(int(seconds * RATE)) / RATE
        sound = 0.5 * np.sin(2 * np.pi * hertz * time)
        sound = sound + noise * np.random.default_rng(int(hertz * 1000)).standard_normal(len(time))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        tag_song(path, **tags)
        return path
    return write


def tag_song(path: Path, **tags: str) -> None:
    """Write ID3 frames by their usual names."""
    frames = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "genre": "TCON", "year": "TDRC", "track": "TRCK"}
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    for key, value in tags.items():
        file.tags.add(getattr(mutagen.id3, frames[key])(encoding=3, text=[str(value)]))
    file.save()


@pytest.fixture
def retag() -> Callable[..., None]:
    """Change the tags of a file that is there, and its time of change with them."""
    def change(path: Path, **tags: str) -> None:
        before = path.stat().st_mtime_ns
        tag_song(path, **tags)
        os.utime(path, ns=(before + 10**9, before + 10**9))
    return change


@pytest.fixture
def settings(tmp_path: Path, songs: Path) -> Settings:
    """Settings of an installation that lives in the test's own folder."""
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_MUSIC__MEDIA_DIRECTORY": str(songs), "ANAGNORISIS_COMPUTE__WORKERS": "1"})


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Callable[[], None]], None]:
    """empty(path, make): an empty database at `path`, made once for each set of tables and copied from then on."""
    folder, kept = tmp_path_factory.mktemp("empty"), {}

    def put(path: Path, make: Callable[[], None]) -> None:
        tables = frozenset(db.metadata.tables)
        if tables not in kept:
            make()
            db.session.remove()
            db.engine.dispose()
            kept[tables] = shutil.copy(path, folder / str(len(kept)))
        else:
            shutil.copy(kept[tables], path)
    return put


@pytest.fixture
def app(settings: Settings, empty: Callable) -> Iterator:
    """The application on an empty database, its work done in this process."""
    app = create_app(settings)
    app.config["TESTING"] = True
    app.extensions["compute"] = app.extensions["previews"] = app.extensions["instant"] = Serial()

    def tables() -> None:
        db.create_all()
        for module in app.extensions["modules"].values():
            if module.kind == "files":
                words.create(module)
        db.session.commit()

    with app.app_context():
        empty(Path(db.engine.url.database), tables)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def music(app):
    """The music module."""
    return app.extensions["modules"]["music"]


@pytest.fixture
def scan(app, music, settings) -> Callable:
    """scan(): run the scan of the music folder; the report."""
    from flaskr.library.scan import scan as run

    def go(**named):
        folders = named.pop("folders", settings.music.media_directory)
        return run(music, folders, each=app.extensions["compute"].each, **named)
    return go


@pytest.fixture
def client(app):
    """A browser without script that may post without a token (the token has its own tests)."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def runner(app):
    """`flask ...` as a terminal runs it."""
    return app.test_cli_runner()


@pytest.fixture
def test_data() -> Path:
    """The folder of real files; a test that needs it is skipped, and says so, where there is none."""
    folder = os.environ.get("ANAGNORISIS_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("ANAGNORISIS_TEST_DATA is not set: the real files are not here")
    return Path(folder)
