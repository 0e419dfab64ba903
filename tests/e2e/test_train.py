"""A person trains, reads the figures, rates by the queue, sees the curve move, reads a why, goes back, takes the taste away."""

import pytest


@pytest.fixture
def trained(serve, library, browser, until):
    """(site, page) of an installation whose songs are embedded."""
    with serve(library) as site:
        context = browser.new_context(base_url=site.url, accept_downloads=True)
        page, trouble = context.new_page(), []
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/")
        page.get_by_role("button", name="Update music library").first.click()
        until(lambda: site.rows("SELECT count(*) FROM job WHERE verb = 'embed' AND state = 'done'")[0][0], 180)
        yield site, page
        assert not trouble
        context.close()


def rate(site, page, count):
    """Low songs are loved, high ones are not; the first `count` in a mixed order."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    ids = [row[0] for row in site.rows("SELECT id FROM song ORDER BY id * 7 % 24, id")]
    for id_ in ids[:count]:
        answer = page.request.post(f"/music/{id_}/rate", headers={"Accept": "application/json", "Origin": site.url},
                                   form={"csrf_token": token, "rating": str(9 if id_ <= 12 else 2)})
        assert answer.ok


def answer(site, page, until, count):
    """The same taste, asked by the queue and told by keys."""
    before = site.rows("SELECT count(*) FROM song WHERE rating IS NOT NULL")[0][0]
    page.goto("/music/rate-these")
    for number in range(before + 1, before + count + 1):
        asked = page.locator("input[name=id]").first.input_value()
        page.keyboard.press("9" if int(asked) <= 12 else "2")
        until(lambda number=number: site.rows("SELECT count(*) FROM song WHERE rating IS NOT NULL")[0][0] == number)
        page.wait_for_function("id => document.querySelector('input[name=id]')?.value != id", arg=asked)


def train(site, page, until, number):
    page.goto("/train")
    page.get_by_role("button", name="Train music evaluator").click()
    page.locator("#train-music article.job, #train-music .verdict[data-verdict]").first.wait_for()
    until(lambda: site.rows("SELECT count(*) FROM job WHERE verb = 'predict' AND state = 'done'")[0][0] >= number, 120)


def test_from_the_first_training_to_a_taste_that_travels(trained, until, tmp_path):
    site, page = trained
    rate(site, page, 21)
    train(site, page, until, 1)
    section = page.locator("#train-music")
    section.locator(".verdict[data-verdict]").wait_for()
    section.get_by_text("Learned from 21 ratings").wait_for()
    assert section.locator(".figures tbody tr").count() == 6 and section.locator(".chart svg").count() >= 2
    section.get_by_role("link", name="Which of two").click()
    page.locator("h2#which-of-two").wait_for()

    page.goto("/train")
    curve = section.locator(".evidence-part").first
    curve.get_by_text("From 24 ratings").wait_for()
    answer(site, page, until, 3)
    train(site, page, until, 2)
    page.goto("/train")
    section.get_by_text("Learned from 24 ratings").wait_for()
    curve.get_by_text("(48)").wait_for()  # twice as many as now
    curve.locator("svg").first.wait_for()

    page.goto("/music/1")
    page.get_by_role("link", name="Which of your ratings moved its prediction").click()
    page.get_by_role("heading", name="What moved its prediction").wait_for()
    page.goto("/train")
    section.get_by_text("Earlier versions (1)").click()
    section.get_by_role("link", name="Compare version 1").click()
    page.get_by_role("heading", name="version 1 beside version 2").wait_for()
    page.get_by_text("Version 2 knows 3 songs that version 1 did not").wait_for()
    page.get_by_role("button", name="Go back to version 1").click()
    section.get_by_text("Learned from 21 ratings").wait_for()
    until(lambda: site.rows("SELECT count(*) FROM job WHERE verb = 'predict' AND state = 'done'")[0][0] >= 3, 60)

    page.goto("/train")
    section.get_by_text("Take this taste to another machine").click()
    with page.expect_download() as waiting:
        section.get_by_role("button", name="Export", exact=True).click()
    waiting.value.save_as(tmp_path / "taste.zip")
    section.locator("input[type=file]").set_input_files(tmp_path / "taste.zip")
    section.get_by_role("button", name="Import", exact=True).click()
    section.get_by_text("Brought in from a file").wait_for()
    until(lambda: site.rows("SELECT count(*) FROM song WHERE predicted_by = '000003'")[0][0] == 24, 60)
