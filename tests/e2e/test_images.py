"""A person looks through pictures: the grid, the lightbox with its rating and keys, a picture's own page."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """Eight pictures of their own colours, and one that browsers can't show."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(8):
        ramp = np.linspace(0, 255, 320)[None, :, None] * np.array([number / 8, 0.5, 1 - number / 8])
        Image.fromarray(np.repeat(ramp, 200, 0).astype(np.uint8)).save(folder / f"{number}.jpg")
    Image.new("RGB", (300, 200), "teal").save(folder / "9.tif")
    monkeypatch.setenv("ANAGNORISIS_IMAGES__MEDIA_DIRECTORY", str(folder))
    return folder


def rating(site, title):
    return site.rows("SELECT rating FROM image WHERE title = ?", title)[0][0]


def test_pictures_are_rated_in_the_lightbox(serve, pictures, browser, until):
    with serve() as site:
        context = browser.new_context(base_url=site.url)
        page, trouble = context.new_page(), []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
        page.goto("/")
        page.get_by_role("button", name="Update images library").first.click()
        until(lambda: site.rows("SELECT count(*) FROM job WHERE verb = 'embed' AND state = 'done'")[0][0] == 1, 120)
        page.goto("/images/?sort=title&dir=asc")
        page.locator("[data-picture]").nth(2).click()
        bar = page.locator(".lightbox-bar")
        page.locator(".pswp--ui-visible").wait_for()
        bar.get_by_text("2", exact=True).wait_for()
        page.keyboard.press("8")
        until(lambda: rating(site, "2") == 8)
        page.keyboard.press("ArrowRight")
        bar.get_by_text("3", exact=True).wait_for()
        page.keyboard.press("r")
        page.keyboard.press("2")
        page.keyboard.press("5")
        until(lambda: rating(site, "3") == 2.5)
        page.keyboard.press("ArrowLeft")
        until(lambda: bar.locator(".rating-value").inner_text() == "8")
        until(lambda: page.locator(".pswp__img[src*='/file']").first.evaluate("image => image.naturalWidth") == 320)
        bar.get_by_role("button", name="Slide show").click()
        until(lambda: page.locator("[data-lightbox-name]").last.inner_text() == "3", 15)
        page.keyboard.press("Escape")
        until(lambda: page.locator(".pswp").count() == 0)
        assert page.locator(".card-item .rating-value").nth(3).inner_text() == "2.5"
        page.locator(".card-title a").last.click()
        page.get_by_text("Similar images").wait_for()
        shown = page.locator(".picture img")
        until(lambda: shown.evaluate("image => image.naturalWidth") == 300)
        assert not trouble
        context.close()
        plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
        plain.goto("/images/?sort=title&dir=asc")
        plain.locator(".card-cover a").first.click()
        assert plain.locator("h1").inner_text() == "0"
        plain.locator("input[name=rating]").first.fill("9")
        plain.get_by_role("button", name="Rate").first.click()
        until(lambda: rating(site, "0") == 9)
        plain.context.close()


def test_a_picture_that_can_not_be_shown_is_a_coloured_tile(serve, pictures, browser, until):
    whole = (pictures / "1.jpg").read_bytes()
    (pictures / "half lost.jpg").write_bytes(whole[:len(whole) // 2])
    with serve() as site:
        page = browser.new_context(base_url=site.url).new_page()
        page.set_default_timeout(30_000)
        page.goto("/")
        page.get_by_role("button", name="Update images library").first.click()
        until(lambda: site.rows("SELECT count(*) FROM job WHERE verb = 'embed' AND state = 'done'")[0][0] == 1, 120)
        page.goto("/images/?sort=title&dir=asc", wait_until="domcontentloaded")
        page.locator(".card-cover .tile", has_text="HL").wait_for()
        assert page.locator(".card-cover img.cover").count() == 9
        page.context.close()
        plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
        plain.goto("/images/?sort=title&dir=asc", wait_until="domcontentloaded")
        assert plain.get_by_alt_text("half lost").count() == 1
        plain.context.close()
