"""A person looks at their taste: groups, the map by keys and by mouse, and why an item is expected so."""

import re

import pytest

RATE = """async ratings => {
  const token = document.querySelector("meta[name=csrf-token]").content
  for (const [id, rating] of ratings) {
    const body = new URLSearchParams({ rating })
    const answer = await fetch(`/music/${id}/rate`, { method: "POST", body, headers: { "X-CSRFToken": token } })
    if (!answer.ok) throw new Error(await answer.text())
  }
}"""
# Where an item lies on the screen: asked of the script that draws it.
PLACE = """async id => {
  const { toScreen, WHOLE } = await import("/static/js/taste/view.js")
  const map = await (await fetch("/taste/music/map")).json()
  const box = document.querySelector(".taste-plane canvas").getBoundingClientRect()
  const [, x, y] = map.points.find(point => point[0] === id)
  const [left, top] = toScreen(WHOLE, box, [x, y])
  return [box.left + left, box.top + top]
}"""


@pytest.fixture
def rated(serve, library, browser, until):
    """(site, page) of a library that was scanned, embedded, mapped, rated, trained and predicted, low sounds disliked."""
    with serve(library) as site:
        context = browser.new_context(base_url=site.url)
        page, trouble = context.new_page(), []
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_role("button", name="Update music library").first.click()
        until(lambda: done(site, "map"), 150)
        songs = [(id_, int(title.split()[1])) for id_, title in site.rows("SELECT id, title FROM song")]
        page.evaluate(RATE, [(id_, 2 + at % 2 if at <= 12 else 8 + at % 2) for id_, at in songs if at % 6])
        page.goto("/train")
        page.get_by_role("button", name="Train music evaluator").click()
        until(lambda: done(site, "predict"), 150)
        yield site, page
        assert not trouble
        context.close()


def done(site, verb):
    return site.rows("SELECT count(*) FROM job WHERE verb = ? AND state = 'done'", verb)[0][0]


def test_the_taste_page_its_map_and_a_why(rated, until):
    site, page = rated
    page.get_by_role("link", name="Taste", exact=True).first.click()
    page.get_by_role("heading", name="Your taste", exact=True).wait_for()
    page.get_by_role("link", name="Groups, map").first.click()
    page.get_by_role("heading", name="Your taste in music").wait_for()
    page.locator(".taste-group").first.wait_for()
    assert page.locator(".taste-group").count() >= 3 and "You rated 20 songs" in page.locator(".taste-paragraph").inner_text()

    page.locator('.taste-map[data-ready="24"]').wait_for()
    canvas = page.locator(".taste-plane canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    here = page.locator(".taste-here:visible")
    here.wait_for()
    first = here.locator("strong").inner_text()
    until(lambda: first in page.locator(".taste-map [role=status]").inner_text())
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=first).wait_for()
    assert re.search(r"/music/\d+$", page.url)

    page.go_back()
    page.locator('.taste-map[data-ready="24"]').wait_for()
    canvas.scroll_into_view_if_needed()
    open_ = site.rows("SELECT id FROM song WHERE title = 'Song 24'")[0][0]
    x, y = page.evaluate(PLACE, open_)
    page.mouse.move(x, y)
    page.locator(".taste-here:visible").wait_for()
    page.mouse.click(x, y)
    page.get_by_role("heading", level=1).filter(has_text="Song").wait_for()
    page.wait_for_url(re.compile(r"/music/\d+$"))

    page.goto(f"/music/{open_}")
    page.locator("#why").scroll_into_view_if_needed()
    pulled = page.locator("#why .pulls a.pull-title").first
    pulled.wait_for()
    title = pulled.inner_text()
    pulled.click()
    page.get_by_role("heading", level=1, name=title).wait_for()
