"""A person watches videos: one plays as it is, one is converted while it plays; ratings by key, and going on later."""

import subprocess
from pathlib import Path

import pytest

from flaskr.media import ffmpeg
from tests.moving import video

PLAYS_MP4 = "() => document.createElement('video').canPlayType('video/mp4; codecs=\"avc1.64001f, mp4a.40.2\"') !== ''"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A WebM that every Chromium plays, and MPEG and AVI files that none does, one of them nearly an hour long."""
    folder, elsewhere = tmp_path_factory.mktemp("films"), tmp_path_factory.mktemp("film")
    video(folder / "direct.webm", "libvpx", seconds=30, size=(320, 180), sound=True)
    video(folder / "old.mpg", "mpeg1video", seconds=40, size=(320, 180), sound=True, seed=1)
    video(folder / "other.avi", "mpeg4", seconds=12, size=(180, 320), seed=2)
    short = video(elsewhere / "short.avi", "mpeg4", size=(640, 360), seconds=4, seed=3)
    subprocess.run([ffmpeg.program()[0], "-nostdin", "-v", "error", "-stream_loop", "800", "-i", str(short), "-c", "copy",
                    str(folder / "long.avi")], check=True, timeout=60)
    return folder


@pytest.fixture
def films(made, monkeypatch):
    """The folder of these films, which is the library."""
    monkeypatch.setenv("ANAGNORISIS_VIDEOS__MEDIA_DIRECTORY", str(made))
    return made


@pytest.fixture
def watched(serve, films, browser, until, songs_too):
    """(site, page) of a scanned library of videos; trouble in a script fails the test."""
    with serve(*songs_too) as site:
        context = browser.new_context(base_url=site.url)
        page, trouble = context.new_page(), []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_role("button", name="Update videos library").first.click()
        until(lambda: site.rows("SELECT count(*) FROM job WHERE module = 'videos' AND verb = 'scan' AND state = 'done'")
              [0][0] == 1, 180)
        yield site, page
        assert not trouble
        context.close()


@pytest.fixture
def songs_too(tmp_path):
    return ()


def open_film(page, title):
    page.goto("/videos/?sort=title&dir=asc")
    page.locator(".card-title a", has_text=title).click()
    page.locator("h1", has_text=title).wait_for()
    film = page.locator("video")
    film.wait_for()
    return film


def converted(path):
    """Process ids of the ffmpegs that read this file."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it ended meanwhile
            continue
        if f"file:{path}" in arguments and "pipe:1" in arguments:
            found.append(int(process.name))
    return found


def time_of(film):
    return film.evaluate("video => video.currentTime")


def test_a_video_plays_is_rated_and_goes_on_later(watched, until):
    site, page = watched
    film = open_film(page, "direct")
    until(lambda: film.evaluate("video => video.readyState") >= 1, 20)
    page.keyboard.press(" ")
    until(lambda: time_of(film) > 1.0, 20)
    page.keyboard.press("7")
    until(lambda: site.rows("SELECT rating FROM video WHERE title = 'direct'") == [(7.0,)])
    until(lambda: not film.evaluate("video => video.paused") and time_of(film) > 1.5, 20)  # rating does not stop it
    page.keyboard.press("ArrowRight")
    until(lambda: time_of(film) > 11, 20)
    page.keyboard.press(" ")
    until(lambda: film.evaluate("video => video.paused"))
    until(lambda: site.rows("SELECT at > 11 FROM place WHERE module = 'videos'") == [(1,)])
    left = time_of(film)
    page.locator(".crumbs a").click()
    page.locator(".cards").wait_for()
    until(lambda: site.rows("SELECT count(*) FROM play WHERE module = 'videos'")[0][0] == 1)
    film = open_film(page, "direct")
    page.get_by_text("It goes on at").wait_for()
    until(lambda: abs(time_of(film) - left) < 1.5, 20)
    page.get_by_role("button", name="Start over").click()
    until(lambda: 0.2 < time_of(film) < left - 2, 20)


def test_what_browsers_cannot_play_is_converted(watched, until):
    site, page = watched
    if not page.evaluate(PLAYS_MP4):
        pytest.skip("This Chromium has no H.264, and H.264 is what is streamed here")
    film = open_film(page, "old")
    page.get_by_text("it is converted while you watch").wait_for()
    page.keyboard.press(" ")
    until(lambda: time_of(film) > 1.0, 40)
    bar = page.get_by_role("slider", name="Position in the video")
    until(lambda: float(bar.input_value()) > 1)
    bar.evaluate("bar => { bar.value = 25; bar.dispatchEvent(new Event('change', { bubbles: true })) }")
    until(lambda: float(bar.input_value()) > 25.5, 40)
    assert "start=25" in film.evaluate("video => video.currentSrc")
    page.keyboard.press(" ")
    until(lambda: site.rows("SELECT count(*) FROM place WHERE at > 25")[0][0] == 1)
    film = open_film(page, "old")
    page.get_by_text("It goes on at 0:2").wait_for()
    until(lambda: "start=2" in film.evaluate("video => video.src"))


def test_a_conversion_ends_when_its_viewer_leaves_or_jumps(watched, films, until):
    _, page = watched
    if not page.evaluate(PLAYS_MP4):
        pytest.skip("This Chromium has no H.264, and H.264 is what is streamed here")
    path = films / "long.avi"
    film = open_film(page, "long")
    assert converted(path) == []  # nothing is converted before it is wanted
    page.keyboard.press(" ")
    until(lambda: time_of(film) > 0.5, 40)
    first = until(lambda: converted(path))
    page.keyboard.press("ArrowRight")
    until(lambda: (now := converted(path)) and now != first and len(now) == 1, 40)
    until(lambda: "start=1" in film.evaluate("video => video.src") and time_of(film) > 0.3, 40)
    page.locator(".crumbs a").click()
    until(lambda: converted(path) == [], 20)


def test_a_card_shows_the_frame_under_the_pointer(watched, until):
    _, page = watched
    page.goto("/videos/?sort=title&dir=asc")
    card = page.locator(".card-cover").first
    card.locator(".card-length", has_text="0:30").wait_for()
    box = card.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + 30)
    strip = card.locator(".card-strip")
    strip.wait_for(timeout=60_000)  # made when it is first asked for, beside the work of the jobs
    page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + 30, steps=5)
    until(lambda: strip.evaluate("strip => strip.style.getPropertyValue('--at')") == "9")
    page.mouse.move(0, 0)
    strip.wait_for(state="hidden")


class TestBesideMusic:
    @pytest.fixture
    def songs_too(self, library):
        return (library,)

    def test_music_falls_silent_for_a_video_and_a_video_for_music(self, watched, until):
        site, page = watched
        page.goto("/")
        page.get_by_role("button", name="Update music library").first.click()
        until(lambda: site.rows("SELECT count(*) FROM song")[0][0] > 3, 120)
        page.goto("/music/")
        page.get_by_role("button", name="Play all").click()
        page.locator(".player[data-playing=true]").wait_for()
        page.locator(".top-nav").get_by_role("link", name="Videos").click()
        page.locator(".card-title a", has_text="direct").click()
        film = page.locator("video")
        film.wait_for()
        page.keyboard.press("ArrowRight")  # music plays: the keys are the bar's
        assert time_of(film) == 0
        film.evaluate("video => video.play()")
        page.locator(".player[data-playing=false]").wait_for()
        until(lambda: time_of(film) > 0.5, 20)
        page.locator(".player-toggle").click()
        page.locator(".player[data-playing=true]").wait_for()
        until(lambda: film.evaluate("video => video.paused"))
