"""A person trains, watches, reads the figures, compares two versions, goes back, and takes the taste away and home again."""

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


def train(site, page, until, number):
    page.goto("/train")
    page.get_by_role("button", name="Train music evaluator").click()
    page.locator("#train-music article.job, #train-music .verdict[data-verdict]").first.wait_for()
    until(lambda: site.rows("SELECT count(*) FROM job WHERE verb = 'predict' AND state = 'done'")[0][0] >= number, 120)


def test_from_the_first_training_to_a_taste_that_travels(trained, until, tmp_path):
    site, page = trained
    rate(site, page, 14)
    train(site, page, until, 1)
    section = page.locator("#train-music")
    section.locator(".verdict[data-verdict]").wait_for()
    section.get_by_text("Learned from 14 ratings").wait_for()
    assert section.locator(".figures tbody tr").count() == 6 and section.locator(".chart svg").count() >= 2
    section.get_by_role("link", name="Which of two").click()
    page.locator("h2#which-of-two").wait_for()

    rate(site, page, 24)
    train(site, page, until, 2)
    page.goto("/train")
    section.get_by_text("Learned from 24 ratings").wait_for()
    section.get_by_text("Earlier versions (1)").click()
    section.get_by_role("link", name="Compare version 1").click()
    page.get_by_role("heading", name="version 1 beside version 2").wait_for()
    page.get_by_text("Version 2 knows 10 songs that version 1 did not").wait_for()
    page.get_by_role("button", name="Go back to version 1").click()
    section.get_by_text("Learned from 14 ratings").wait_for()
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
