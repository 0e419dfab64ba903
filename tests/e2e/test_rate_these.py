"""A person rates by the queue: with keys, with buttons, with undo, and without script."""

import pytest


@pytest.fixture
def queue(serve, library, browser):
    """(site, page) of a fresh library, on its rating queue."""
    with serve(library) as site:
        context = browser.new_context(base_url=site.url)
        page, trouble = context.new_page(), []
        page.set_default_timeout(60_000)  # workers are nice: on a busy machine a scan waits
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_role("button", name="Update music library").first.click()
        page.get_by_role("link", name="Rate songs").wait_for()
        yield site, page
        assert not trouble
        context.close()


def rated(site):
    return site.rows("SELECT count(*) FROM song WHERE rating IS NOT NULL")[0][0]


def shown(page, count, number):
    """Wait until the page says how many are rated and asks the question of that number; the item's id."""
    page.locator(".asked-count strong", has_text=str(count)).wait_for()
    page.locator(f'.asked-answer input[name=number][value="{number}"]').wait_for(state="attached")
    return page.locator(".asked-answer input[name=id]").get_attribute("value")


def test_keys_and_buttons_answer(queue, until, browser):
    site, page = queue
    page.get_by_role("link", name="Rate songs").click()
    first = shown(page, 0, 0)
    page.keyboard.press("7")
    second = shown(page, 1, 1)
    assert site.rows("SELECT rating FROM song WHERE id = ?", first) == [(7.0,)] and second != first
    for key in "r25":
        page.keyboard.press(key)
    shown(page, 2, 2)
    assert site.rows("SELECT rating FROM song WHERE id = ?", second) == [(2.5,)]
    page.keyboard.press("s")
    shown(page, 2, 3)
    page.keyboard.press("u")
    shown(page, 2, 2)
    page.keyboard.press("u")
    assert shown(page, 1, 1) == second and rated(site) == 1
    page.get_by_role("button", name="10", exact=True).click()
    shown(page, 2, 2)
    assert site.rows("SELECT rating FROM song WHERE id = ?", second) == [(10.0,)]
    plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
    plain.goto("/music/rate-these")
    plain.get_by_label("Exactly").fill("4.5")
    plain.get_by_role("button", name="Rate", exact=True).click()
    until(lambda: rated(site) == 3)
    plain.context.close()
