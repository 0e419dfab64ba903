"""The whole circle as a person walks it, in a real browser: folder, scan, listen, rate, train, radio."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

LIKED = {"Cello", "Violin_or_fiddle", "Double_bass", "Acoustic_guitar"}  # strings; everything else is not


@pytest.fixture
def kinds(tmp_path, write_song):
    """A folder with songs of two kinds, `liked` in the genre tag: real ones where they are, else made."""
    data = os.environ.get("ANAGNORISIS_TEST_DATA")
    if data:
        folder = tmp_path / "real"
        for name in ("music", "sounds"):
            shutil.copytree(Path(data) / name, folder / name)
        return folder, lambda genre, path: any(f"/{one}/" in path for one in LIKED), lambda path: "/sounds/" in path
    for number in range(24):
        write_song(f"tones/{number}.wav", hertz=110 + 7 * number, seconds=4, genre="tone", artist=f"T{number}")
        write_song(f"noise/{number}.wav", hertz=3000 + number, seconds=4, noise=0.4, genre="noise", artist=f"N{number}")
    return tmp_path / "songs", lambda genre, path: genre == "tone", lambda path: True


def finished(site, verb):
    return site.rows("SELECT count(*) FROM job WHERE verb = ? AND state = 'done'", verb)[0][0]


def test_from_a_folder_to_a_radio_that_knows_the_person(serve, kinds, browser, until):
    folder, likes, counts = kinds
    with serve(folder) as site:
        page = browser.new_context(base_url=site.url).new_page()
        page.set_default_timeout(15_000)
        page.goto("/")
        page.get_by_role("button", name="Update music library").first.click()
        until(lambda: finished(site, "embed"), 180)
        songs = site.rows("SELECT id, genre, path FROM song WHERE missing = 0 ORDER BY id")
        assert len(songs) >= 48

        rng = np.random.default_rng(1)
        usable = [song for song in songs if counts(song[2])]
        chosen = [usable[at] for at in rng.permutation(len(usable))[:30]]
        for id_, genre, path in chosen:
            page.goto(f"/music/{id_}")
            page.locator("main h1").first.wait_for()
            page.locator("body").press("8" if likes(genre, path) else "2")
            until(lambda id_=id_: site.rows("SELECT rating FROM song WHERE id = ?", id_)[0][0] is not None)
        assert site.rows("SELECT count(*) FROM rating_event")[0][0] == 30

        page.goto("/train")
        page.get_by_role("button", name="Train music evaluator").click()
        until(lambda: finished(site, "predict"), 120)
        page.goto("/train")
        assert "30 ratings" in page.locator("main").inner_text()

        rated = {song[0] for song in chosen}
        new = [row for row in site.rows("SELECT id, genre, path FROM song WHERE prediction IS NOT NULL "
                                        "ORDER BY prediction DESC") if row[0] not in rated and counts(row[2])]
        top = [likes(genre, path) for _, genre, path in new[:12]]
        share = sum(likes(genre, path) for _, genre, path in new) / len(new)
        assert sum(top) / len(top) >= min(0.75, 1.5 * share), (top, share)
        best = site.rows("SELECT id FROM song WHERE rating IS NULL AND missing = 0 "
                         "ORDER BY prediction DESC, id DESC LIMIT 1")[0][0]
        page.goto("/music/?sort=prediction&rated=no")
        assert json.loads(page.locator("main [data-play]").first.get_attribute("data-play"))["id"] == best

        page.goto("/music/radio?seed=3")
        page.locator("[data-radio]").first.click()
        until(lambda: page.locator(".player-toggle").get_attribute("aria-label") == "Pause", 15)
        until(lambda: page.evaluate(
            "async () => { const { player } = await import('/static/js/player/index.js'); return player.time }") > 0.3)
        page.context.close()


def test_without_a_folder_a_person_is_led_to_the_demo(serve, browser, until):
    with serve() as site:
        page = browser.new_context(base_url=site.url).new_page()
        page.goto("/")
        page.get_by_role("button", name="demo").first.click()
        until(lambda: {"music", "images"} <= {row[0] for row in site.rows("SELECT module FROM job WHERE verb = 'demo'")})
        page.goto("/jobs/")
        assert "demo" in page.locator("main").inner_text().lower()
        page.context.close()


@pytest.mark.parametrize("folder", ["relative/path", "/nowhere/at/all"])
def test_a_wrong_folder_is_refused_in_a_sentence(serve, browser, folder):
    with serve() as site:
        page = browser.new_context(base_url=site.url).new_page()
        page.goto("/")
        page.locator("textarea[name=folders], input[name=folders]").first.fill(folder)
        page.locator("form:has([name=folders]) button[type=submit], form:has([name=folders]) button").first.click()
        page.locator("main").get_by_text(folder).first.wait_for()
        page.context.close()
