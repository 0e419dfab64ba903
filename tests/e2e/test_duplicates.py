"""A person looks through near-duplicates: side by side, keeps the best, takes it back; moves a picture; all without loss."""

import os

import numpy as np
import pytest
from PIL import Image

TIME = 15_000


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """Five pictures, two of them also smaller in another folder, and a home of their own for the trash."""
    folder, home = tmp_path / "pictures", tmp_path / "home"
    (folder / "small").mkdir(parents=True)
    home.mkdir()
    for number in range(5):
        rough = np.random.default_rng(number).integers(0, 255, (6, 8, 3), np.uint8)
        picture = Image.fromarray(rough).resize((400, 300), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number}.jpg", quality=90)
        if number < 2:
            picture.resize((200, 150)).save(folder / "small" / f"{number} small.jpg", quality=80)
    for name, value in {"ANAGNORISIS_IMAGES__MEDIA_DIRECTORY": folder, "ANAGNORISIS_LIBRARY__FILES_MAY_CHANGE": "true",
                        "HOME": home, "XDG_DATA_HOME": home / "data"}.items():
        monkeypatch.setenv(name, str(value))
    return folder


def done(site, verb):
    return lambda: site.rows("SELECT count(*) FROM job WHERE verb = ? AND state = 'done'", verb)[0][0] == 1


def rating(site, title):
    return site.rows("SELECT rating FROM image WHERE title = ?", title)[0][0]


def test_keep_the_best_and_take_it_back(serve, pictures, browser, until):
    small = pictures / "small" / "0 small.jpg"
    with serve() as site:
        context = browser.new_context(base_url=site.url)
        page, trouble = context.new_page(), []
        page.set_default_timeout(TIME)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_role("button", name="Update images library").first.click()
        until(done(site, "embed"), 120)
        page.goto("/images/")
        page.get_by_role("link", name="Near-duplicates").click()
        page.get_by_role("button", name="Look for near-duplicates").click()
        until(done(site, "compare"), 60)
        page.goto("/images/duplicates")
        groups = page.locator(".twins")
        groups.nth(1).wait_for()
        assert groups.count() == 2
        group = page.locator(".twins", has=page.get_by_role("heading", name="0", exact=True))
        until(lambda: all(group.locator(".twin-cover img").evaluate_all("all => all.map(one => one.naturalWidth > 0)")))
        best = group.locator(".twin").first
        assert best.locator(".twin-title").inner_text() == "0" and best.locator("input[type=radio]").is_checked()
        answer = context.request.post("/images/rate", form={
            "csrf_token": page.locator("meta[name=csrf-token]").get_attribute("content"), "rating": "8",
            "id": str(site.rows("SELECT id FROM image WHERE title = '0 small'")[0][0])}, headers={"Origin": site.url})
        assert answer.ok
        group.get_by_role("button", name="Keep the best").click()
        page.get_by_text("“0” stays, 1 is in the trash. It has the rating 8 now.").wait_for()
        until(lambda: rating(site, "0") == 8 and not small.exists())
        until(lambda: groups.count() == 1)
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("1 image back from the trash. The rating is as it was.").wait_for()
        until(lambda: small.exists() and rating(site, "0") is None and rating(site, "0 small") == 8)
        until(lambda: groups.count() == 2)
        page.locator(".twins").first.get_by_role("button", name="They are different").click()
        page.get_by_text("you will not be asked about them again").wait_for()
        until(lambda: groups.count() == 1)
        assert not trouble
        context.close()


def test_a_picture_is_moved_from_its_page(serve, pictures, browser, until):
    with serve() as site:
        page = browser.new_context(base_url=site.url).new_page()
        page.set_default_timeout(TIME)
        page.goto("/")
        page.get_by_role("button", name="Update images library").first.click()
        until(done(site, "scan"), 60)
        page.goto(f"/images/{site.rows('SELECT id FROM image WHERE title = ?', '3')[0][0]}")
        page.locator("summary", has_text="Move to…").click()
        page.get_by_label("Move it to this folder").fill("best/of 2026")
        page.get_by_role("button", name="Move", exact=True).click()
        page.get_by_text("1 image moved.").wait_for()
        assert (pictures / "best" / "of 2026" / "3.jpg").is_file()
        page.get_by_text(os.path.join("best", "of 2026", "3.jpg")).first.wait_for()
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("1 image put back where it was.").wait_for()
        until(lambda: (pictures / "3.jpg").is_file())
        page.locator("summary", has_text="Trash").click()
        page.get_by_role("button", name="Put into the trash").click()
        page.get_by_text("1 image put into the trash.").wait_for()
        page.get_by_text("The file is not where it was").wait_for()
        assert not (pictures / "3.jpg").exists() and list(pictures.parent.glob("home/data/Trash/files/3.jpg"))
        page.context.close()
        plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
        plain.goto("/images/duplicates")
        plain.get_by_role("heading", name="Near-duplicates").wait_for()
        plain.context.close()
