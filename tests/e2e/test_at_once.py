"""A rating moves the other predictions of the page, and they stay moved; and the three ways in which the queue asks."""

import sqlite3

import pytest

ANSWERS = 14


@pytest.fixture
def taught(serve, library, browser, until, monkeypatch):
    """(site, page): answered by keys ANSWERS times in the queue, by pitch, after which it trained by itself."""
    monkeypatch.setenv("ANAGNORISIS_EVALUATOR__RETRAIN_AFTER", str(ANSWERS))
    with serve(library) as site:
        context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 1200})
        page, trouble = context.new_page(), []
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_role("button", name="Update music library").first.click()
        until(lambda: done(site, "embed"), 300)
        page.goto("/music/rate-these")
        for number in range(ANSWERS):
            asked(page, number)
            high = int(page.locator(".asked-title").inner_text().split()[-1]) > 12
            page.keyboard.press("8" if high else "2")
        asked(page, ANSWERS)
        until(lambda: done(site, "predict"), 300)
        yield site, page
        assert not trouble
        context.close()


def done(site, verb):
    return site.rows("SELECT count(*) FROM job WHERE verb = ? AND state = 'done'", verb)[0][0]


def asked(page, number):
    """Wait for the question of that number."""
    page.locator(f'form:has([data-asking-target="skip"]) input[name=number][value="{number}"]').wait_for(state="attached")


def predicted(page):
    """{id: what its card shows} of the cards that are not rated, all read at one moment."""
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('.cards .rating[data-state="predicted"]')]
        .map(card => [card.dataset.ratingIdValue, card.querySelector(".rating-value").innerText.trim()]))""")


def kept(site):
    """{id: how its card shows the prediction that is stored} of songs that are not rated."""
    return {str(id_): f"≈{value:.1f}".removesuffix(".0") for id_, value in site.rows(
        "SELECT id, prediction FROM song WHERE rating IS NULL")}


def test_a_rating_moves_the_page_and_the_queue_asks_in_three_ways(taught, until):
    site, page = taught
    page.goto("/music/?sort=title&order=asc")
    card = page.locator('.cards .rating[data-state="predicted"]').first
    card.wait_for()
    before, id_ = predicted(page), card.get_attribute("data-rating-id-value")
    low = float(before[id_].strip("≈")) < 5
    card.locator("input[type=range]").focus()
    page.keyboard.press("9" if low else "0")
    page.locator(f'.cards .rating[data-rating-id-value="{id_}"][data-state="given"]').wait_for()
    others = {k: v for k, v in before.items() if k != id_}
    until(lambda: predicted(page) != others and predicted(page) == kept(site), 60)  # moved, without a reload
    page.reload()
    page.locator('.cards .rating[data-state="predicted"]').first.wait_for()
    after = predicted(page)
    assert after != others and after == kept(site)  # it does not snap back
    assert id_ not in after and len(after) == len(others)

    page.goto("/music/rate-these")
    asked(page, 0)
    page.keyboard.press("9")
    asked(page, 1)
    page.locator(".asked-moved", has_text="Your answer moved").wait_for()

    page.get_by_role("link", name="Which of two?").click()
    asked(page, 0)
    second = page.locator("input[name=other]").get_attribute("value")
    page.keyboard.press("ArrowRight")
    asked(page, 1)
    assert site.rows("SELECT preferred, undone FROM comparison") == [(int(second), 0)]
    page.keyboard.press("u")
    asked(page, 0)
    assert site.rows("SELECT undone FROM comparison") == [(1,)]

    with sqlite3.connect(site.database, timeout=20) as connection:
        connection.execute("UPDATE song SET rated_at = 1000 + id WHERE rating IS NOT NULL")
    page.get_by_role("link", name="Would you still?").click()
    asked(page, 0)
    old = page.locator(".asked-answer input[name=id]").get_attribute("value")
    first = site.rows("SELECT rating FROM song WHERE id = ?", old)[0][0]
    page.keyboard.press("5")
    page.locator(".asked-moved", has_text=f"you said {first:g} then, 5 now").wait_for()
    assert site.rows("SELECT before, rating, origin FROM rating_event ORDER BY id DESC LIMIT 1") == [(first, 5.0, "again")]
