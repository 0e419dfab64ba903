"""The ladder for tests in a real browser: library of sounds -> served application -> browser -> page."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from mutagen.easyid3 import EasyID3

RATE, SECONDS, SONGS = 16_000, 24, 24
ARTISTS = ("Ada", "Bela", "Cleo", "Dora", "Emil", "Fina")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required")


@dataclass(frozen=True)
class Site:
    """A served application: where it is, and its database to look into."""

    url: str
    database: Path

    def rows(self, query: str, *values: object) -> list[tuple]:
        """What a query finds now."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10) as connection:
            return connection.execute(query, values).fetchall()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of short songs, each with its own pitch, title and artist."""
    folder = tmp_path_factory.mktemp("library")
    for number in range(1, SONGS + 1):
        path = folder / f"{number:02d}.mp3"
        _encode(path, _tone(180.0 * 2 ** (number / 7)))
        tags = EasyID3()
        tags.update({"title": f"Song {number:02d}", "artist": ARTISTS[number % len(ARTISTS)], "album": "Tones",
                     "tracknumber": str(number), "genre": "Test"})
        tags.save(path)
    return folder


@contextmanager
def serving(project: Path, *folders: Path, scan: bool = True) -> Iterator[Site]:
    """The real application on a free port, its library scanned unless the test does that itself."""
    port = _free_port()
    flask = [sys.executable, "-m", "flask", "--app", os.environ.get("FLASK_APP", "flaskr")]
    environ = os.environ | {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(project), "ANAGNORISIS_MAIN__PORT": str(port),
        "ANAGNORISIS_COMPUTE__WORKERS": "2",
        # a training that comes by itself is in the way of a journey that counts them
        "ANAGNORISIS_EVALUATOR__RETRAIN_AFTER": os.environ.get("ANAGNORISIS_EVALUATOR__RETRAIN_AFTER", "0")}
    if folders:
        environ["ANAGNORISIS_MUSIC__MEDIA_DIRECTORY"] = f"[{', '.join(map(str, folders))}]"
    repository = Path(__file__).parents[2]
    if scan:
        subprocess.run([*flask, "scan", "music"], cwd=repository, env=environ, check=True, capture_output=True,
                       timeout=120)
    log = (project / "server.log").open("wb")
    server = subprocess.Popen([*flask, "serve"], cwd=repository, env=environ, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health", server, project / "server.log")
        yield Site(url, project / "database" / "project.db")
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


@pytest.fixture(scope="session")
def site(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real application with the library of songs, scanned."""
    with serving(tmp_path_factory.mktemp("project"), library) as served:
        yield served


@pytest.fixture
def serve(tmp_path: Path) -> Callable:
    """serve(folder, ...): a context with a fresh installation of its own, nothing scanned."""
    def start(*folders: Path):
        project = tmp_path / "installation"
        project.mkdir(exist_ok=True)
        return serving(project, *folders, scan=False)
    return start


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A real Chromium: the one that CHROMIUM names, the system's, or Playwright's own."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with playwright.sync_playwright() as started:
        path = path or started.chromium.executable_path
        if not Path(path).is_file():
            pytest.skip("There is no Chromium: install one, or name it in CHROMIUM")
        chromium = started.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: object, site: Site) -> Iterator[Callable]:
    """open_page(path, **context options) -> a page in a fresh profile; trouble in its scripts fails the test."""
    contexts, trouble = [], []

    def open_(path: str = "/music/", *, context: object = None, **options: object) -> object:
        if context is None:
            context = browser.new_context(base_url=site.url, **options)
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda line: trouble.append(line.text) if _is_refused(line) else None)
        page.goto(path)
        return page
    yield open_
    for context in contexts:
        context.close()
    assert not trouble


@pytest.fixture
def until() -> Callable:
    """until(question) -> its first truthy answer; fails after `seconds`."""
    def wait(question: Callable[[], object], seconds: float = 8.0) -> object:
        end = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < end, "It did not happen in time"
            time.sleep(0.05)
        return answer
    return wait


def _is_refused(line: object) -> bool:
    """Whether the content policy refused something of ours; Turbo tries to bring the style of its progress bar."""
    return "Content Security" in line.text and "turbo" not in line.location["url"]


def _tone(pitch: float) -> np.ndarray:
    """float32 [RATE * SECONDS]: a tone with a slow pulse."""
    at = np.arange(RATE * SECONDS) / RATE
    return (0.2 * np.sin(2 * np.pi * pitch * at) * (0.6 + 0.4 * np.sin(np.pi * at))).astype(np.float32)


def _encode(path: Path, sound: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = 48_000
        frame = av.AudioFrame.from_ndarray((sound[None] * 32767).astype(np.int16), format="s16p", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"The server did not answer: {log.read_text()}")
