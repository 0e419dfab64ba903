"""A person looks for things: filters, words, examples, chosen items rated and taken back, a long list to its end."""

import sqlite3

import numpy as np
import pytest
from playwright.sync_api import expect

from flaskr.embedders import embedder_for

ITEMS, PAGE = 300, 24
COLUMNS = ("id, fingerprint, path, folder, title, size, added, modified, missing, finished, skipped, revised, width, height, "
           "pixels, proportion, orientation, format, animated, year, camera, lens, exposure, caption")


@pytest.fixture
def shelf(serve, tmp_path, monkeypatch):
    """A served application whose images are 300 rows without files."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    monkeypatch.setenv("ANAGNORISIS_IMAGES__MEDIA_DIRECTORY", str(folder))
    monkeypatch.setenv("ANAGNORISIS_LIBRARY__PAGE_SIZE", str(PAGE))
    with serve() as site:
        rows = [(at, f"{at:040x}", f"{folder}/{at}.jpg", f"{folder}/", f"{'Elephant' if at % 3 else 'Giraffe'} {at:03d}", at,
                 at, at, 0, 0, 0, 1, 300, 200, 60_000, 1.5, 1, "JPEG" if at % 2 else "PNG", 0, 1900 + at % 100,
                 "", "", "", "") for at in range(1, ITEMS + 1)]
        rng, space = np.random.default_rng(0), embedder_for("picture").space
        with sqlite3.connect(site.database, timeout=20) as database:
            database.executemany(f"INSERT INTO image ({COLUMNS}) VALUES ({','.join('?' * 24)})", rows)
            database.executemany("INSERT INTO image_words (rowid, words) VALUES (?, ?)", [(row[0], row[4]) for row in rows])
            database.executemany(
                "INSERT INTO embedding (module, space, item_id, fingerprint, vector, projection) "
                "VALUES ('images', ?, ?, ?, ?, 'p')",
                [(space, row[0], row[1], rng.standard_normal(8).astype(np.float16).tobytes()) for row in rows])
            database.executemany("INSERT INTO revision (module, number) VALUES (?, 1)",
                                 [("images",), ("images/words",), ("images/vectors",)])
        yield site


@pytest.fixture
def page(shelf, browser):
    """A page of that application; trouble in its scripts fails the test."""
    context, trouble = browser.new_context(base_url=shelf.url, viewport={"width": 1280, "height": 800}), []
    page = context.new_page()
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield page
    context.close()
    assert not trouble


def rated(site, rating):
    return site.rows("SELECT count(*) FROM image WHERE rating = ?", rating)[0][0]


def test_chosen_items_are_rated_and_taken_back_as_one(page, shelf, until):
    page.goto("/images/?sort=title")
    page.locator(".card-cover").first.hover()
    page.locator("[data-pick]").nth(0).check()
    page.locator("[data-pick]").nth(4).click(modifiers=["Shift"])
    expect(page.locator(".selection-count")).to_contain_text("5 selected")
    page.keyboard.press("8")
    until(lambda: rated(shelf, 8) == 5)
    expect(page.locator(".card-item .rating-value").nth(4)).to_have_text("8")
    page.get_by_role("button", name="Undo").click()
    until(lambda: rated(shelf, 8) == 0)
    page.keyboard.press("Escape")
    expect(page.locator(".selection")).to_be_hidden()
    page.locator(".card-item .card-title").nth(2).hover()
    page.keyboard.press("6")
    until(lambda: rated(shelf, 6) == 1)
    expect(page.locator(".notice-undo")).to_be_visible()
    page.keyboard.press("u")
    until(lambda: rated(shelf, 6) == 0)


def test_all_that_is_found_is_rated_at_once(page, shelf, until):
    page.goto("/images/?q=girafe")
    expect(page.locator(".read-as")).to_contain_text("giraffe")
    page.locator(".card-cover").first.hover()
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="All 100").click()
    expect(page.locator(".selection-count")).to_contain_text("100 selected")
    page.locator("#selection-rating").fill("7.5")
    page.locator(".selection").get_by_role("button", name="Rate", exact=True).click()
    until(lambda: rated(shelf, 7.5) == 100)


def test_filters_examples_and_the_search_through_all_media(page, shelf):
    page.goto("/images/")
    page.locator("#filters summary").click()
    page.locator("#filter-format").select_option("PNG")
    expect(page.locator(".chip")).to_contain_text(["PNG"])
    page.locator("#year_from").fill("1998")
    page.locator("#year_from").press("Tab")
    expect(page.locator(".chip")).to_contain_text(["PNG", "1998"])
    expect(page.locator(".page-head .faint")).to_contain_text("3 of 300")
    page.goto("/images/?q=giraffe")
    page.locator(".card-cover").first.hover()
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="More like these").click()
    expect(page.locator(".chip")).to_contain_text(["giraffe", "Giraffe"])
    expect(page.locator("#sort option:checked")).to_have_text("Best match")
    page.goto("/")
    page.locator("#search").fill("elephnat")
    page.locator("#search").press("Enter")
    expect(page.locator("#found-images")).to_contain_text("All 200")
    page.locator("#found-images a").click()
    expect(page.locator(".page-head .faint")).to_contain_text("200 of 300")


def test_a_long_list_is_scrolled_to_its_end(page, shelf):
    page.goto("/images/?sort=title&dir=asc")
    expect(page.locator("[data-page]")).to_have_count(-(-ITEMS // PAGE))
    page.locator(".card-cover").first.hover()
    page.locator("[data-pick]").first.check()
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    last = page.locator("#images-300")
    expect(last).to_be_visible()
    expect(page.locator("#page-number")).to_have_value("13")
    expect(page).to_have_url("/images/?sort=title&dir=asc&page=13")
    for number in (3, 9, 5, 11, 7):
        page.evaluate("number => document.getElementById(`page-${number}`).scrollIntoView()", number)
        expect(page.locator(f"#page-{number} > li")).to_have_count(PAGE)
    assert page.locator("[data-page] > li").count() <= 8 * PAGE
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.locator("#page-1 > li")).to_have_count(PAGE)
    expect(page.locator("#page-1 [data-pick]").first).to_be_checked()


def test_what_has_the_focus_stays_while_the_list_goes_by(page, shelf):
    page.goto("/images/?sort=title&dir=asc")
    expect(page.locator("[data-page]")).to_have_count(-(-ITEMS // PAGE))
    page.locator(".card-title a").nth(1).focus()
    for part in (3, 6, 9, 12, 13):
        page.evaluate("part => window.scrollTo(0, document.documentElement.scrollHeight * part / 13)", part)
        expect(page.locator(f"#page-{part} > li").first).to_be_attached()
    assert page.evaluate("document.activeElement.closest('[data-page]').id") == "page-1"


def test_a_page_in_the_middle_is_where_it_says(page, shelf):
    page.goto("/images/?sort=title&dir=asc&page=6")
    expect(page.locator("#page-5 > li")).to_have_count(PAGE)
    expect(page.locator("#page-6 .card-title").first).to_be_in_viewport()
    page.locator("#page-number").fill("9")
    page.locator("#page-number").press("Enter")
    expect(page.locator("#page-9 .card-title").first).to_be_in_viewport()
    page.locator("#page-number").fill("6")
    page.locator("#page-number").press("Enter")
    expect(page).to_have_url("/images/?sort=title&dir=asc&page=6")
    page.locator("#page-6 .card-title a").first.click()
    expect(page.locator("h1.item-title")).to_be_visible()
    page.go_back()
    expect(page.locator("#page-6 > li")).to_have_count(PAGE)
    expect(page.locator("#page-6 .card-title").first).to_be_in_viewport()


def test_without_script_there_are_pages_and_the_form(shelf, browser, until):
    page = browser.new_context(base_url=shelf.url, java_script_enabled=False).new_page()
    page.goto("/images/?sort=title&page=2")
    page.locator("[data-pick]").nth(0).check()
    page.locator("[data-pick]").nth(3).check()
    page.locator("#selection-rating").fill("9")
    page.locator(".selection").get_by_role("button", name="Rate", exact=True).click()
    until(lambda: rated(shelf, 9) == 2)
    page.locator(".pager-jump input[name=page]").fill("5")
    page.get_by_role("button", name="Go").click()
    page.locator("#page-5").wait_for()
    page.goto("/search?q=giraffe")
    page.get_by_role("link", name="All 100").wait_for()
    page.context.close()
