"""A person talks about the catalogue: asks, follows a title, asks on, forgets; with script and without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import serving

TITLES = """anime_id,name,genre,type,episodes,rating,members
1,Cowboy Bebop,"Action, Space",TV,26,8.8,900000
2,Long Comedy,Comedy,TV,120,8.1,90000
3,Middle Comedy,Comedy,TV,24,7.9,80000
4,<b>Tiny</b> Comedy,Comedy,Movie,1,7.7,70000
5,Sad Story,Drama,TV,12,7.5,60000
"""
RATINGS = "user_id,anime_id,rating\n7,1,9\n8,5,7\n9,1,9\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The real application with a small catalogue."""
    project, files = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("files")
    paths = files / "anime.csv", files / "rating.csv"
    for path, words in zip(paths, (TITLES, RATINGS), strict=True):
        path.write_text(words)
    environ = os.environ | {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(project)}
    subprocess.run([sys.executable, "-m", "flask", "--app", "flaskr", "anime", "import", *map(str, paths)], check=True,
                   cwd=Path(__file__).parents[2], env=environ, capture_output=True, timeout=120)
    with serving(project, scan=False) as site:
        yield site


@pytest.fixture
def talk(served, browser):
    """(site, open(user, **options)): the served catalogue, and pages in fresh profiles on a user's conversation."""
    contexts, trouble = [], []

    def open_(user, **options):
        contexts.append(browser.new_context(base_url=served.url, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"/talk/{user}")
        return page

    yield served, open_
    for context in contexts:
        context.close()
    assert not trouble


def answers(page, count):
    """The words of the last answer, once so many have come."""
    page.locator(".talk-turn.is-assistant:not(.is-waiting)").nth(count - 1).wait_for()
    page.locator(".talk-turn.is-waiting").wait_for(state="detached")
    return page.locator(".talk-turn.is-assistant").last.inner_text()


def test_ask_ask_on_and_forget(talk, until):
    site, open_ = talk
    page = open_(7)
    page.get_by_text("No language model is set up").wait_for()
    field = page.get_by_label("Your message")
    field.fill("a comedy")
    field.press("Enter")
    said = answers(page, 1)
    assert said.index("Long Comedy") < said.index("Middle Comedy") < said.index("<b>Tiny</b> Comedy")
    until(lambda: field.input_value() == "")
    page.evaluate("window.same = true")
    field.fill("shorter ones")
    page.get_by_role("button", name="Send").click()
    said = answers(page, 2)
    assert "Tiny" in said and "Long Comedy" not in said and page.evaluate("window.same")
    assert page.locator(".talk-turn.is-user").all_inner_texts()[-1].endswith("shorter ones")
    page.reload()
    assert "fewer than" in answers(page, 2)
    page.get_by_role("link", name="Long Comedy").first.click()
    page.get_by_role("heading", name="Long Comedy").wait_for()
    page.go_back()
    answers(page, 2)
    page.locator(".talk-forget summary").click()
    page.get_by_role("button", name="Forget it all").click()
    page.get_by_text("Ask, for example").wait_for()
    assert site.rows("SELECT count(*) FROM talk_turn WHERE person = '7'") == [(0,)] and page.locator(".talk-turn").count() == 0


def test_what_could_not_be_sent_stays(talk):
    _, open_ = talk
    page = open_(8)
    page.route("**/talk/8", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("Your message").fill("a comedy")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("The server does not answer").wait_for()
    assert page.get_by_label("Your message").input_value() == "a comedy" and page.locator(".talk-turn").count() == 0
    page.unroute("**/talk/8")
    page.get_by_role("button", name="Send").click()
    assert "Long Comedy" in answers(page, 1)


def test_without_script(talk):
    _, open_ = talk
    page = open_(9, java_script_enabled=False)
    page.get_by_role("button", name="Compare").click()
    page.locator(".talk-turn.is-assistant").wait_for()
    page.get_by_label("Your message").fill("tell me about Cowboy Bebop")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("you rated it 9").wait_for()
    assert page.url.endswith("/talk/9#talk-last")
    page.locator(".talk-forget summary").click()
    page.get_by_role("button", name="Forget it all").click()
    page.get_by_text("Ask, for example").wait_for()
