"""A browser journey with texts: read, come back to the same place, rate by a key, turn pages, without script too."""

import pytest

pytestmark = pytest.mark.slow
LINE = "The keeper counted the ships that passed in the night, and wrote each of their names into the book of the lighthouse."


@pytest.fixture
def texts(tmp_path, monkeypatch):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "Book.txt").write_text("\n\n".join(f"{number}. {LINE * 3}" for number in range(200)))
    (folder / "Evil.html").write_text("<h1>Evil</h1><script>document.title = 'run'</script><p>Quiet words."
                                      "<img src='http://127.0.0.1:9/x.png' onerror=\"document.title = 'run'\"></p>")
    monkeypatch.setenv("ANAGNORISIS_TEXT__MEDIA_DIRECTORY", str(folder))
    return folder


def test_read_come_back_rate_and_turn(serve, browser, texts, until):
    with serve() as site:
        context = browser.new_context(base_url=site.url, viewport={"width": 1000, "height": 700})
        page, trouble = context.new_page(), []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/text/")
        page.get_by_role("button", name="Update texts library").first.click()
        until(lambda: site.rows("SELECT count(*) FROM text")[0][0] == 2, 120)
        page.goto("/text/?sort=title&dir=asc")
        page.get_by_role("link", name="Book", exact=True).click()
        page.get_by_role("link", name="Read", exact=True).click()
        page.get_by_text("Page 1 of 4").wait_for()
        page.keyboard.press("ArrowRight")
        page.get_by_text("Page 2 of 4").wait_for()

        page.locator("#b30").evaluate("block => block.scrollIntoView({ block: 'start', behavior: 'instant' })")
        until(lambda: [at for (at,) in site.rows("SELECT at FROM place") if at > 2.2], 15)
        page.keyboard.press("8")
        until(lambda: site.rows("SELECT rating FROM text WHERE title = 'Book'") == [(8.0,)])

        page.get_by_role("link", name="About this text").click()
        page.get_by_role("link", name="Continue reading").click()
        page.get_by_text("Page 2 of 4").wait_for()
        until(lambda: 0 < page.locator("#b30").evaluate("block => block.getBoundingClientRect().top") < 300)

        page.goto("/text/?sort=title")
        page.get_by_role("link", name="Evil", exact=True).click()
        page.get_by_role("link", name="Read", exact=True).click()
        page.get_by_text("Quiet words.").wait_for()
        assert page.locator(".reading img, .reading script").count() == 0 and page.title() != "run"
        assert not trouble
        context.close()

        plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
        plain.goto("/text/?sort=title&dir=asc")
        plain.get_by_role("link", name="Book", exact=True).click()
        plain.get_by_role("link", name="From the beginning").click()
        plain.get_by_role("link", name="Next").click()
        plain.get_by_role("link", name="Next").click()
        plain.get_by_role("button", name="Keep this page as my place").click()
        until(lambda: site.rows("SELECT at FROM place JOIN text ON text.id = item_id WHERE title = 'Book'") == [(3.0,)])
        plain.context.close()
