"""A person meets the catalogue: lets it learn, filters, rates by key, brings a list, gets reasons, takes things back."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks._watchers import people

PATIENCE = 60_000  # milliseconds that learning may take on a slow machine
TITLE = ("<anime><series_animedb_id>{}</series_animedb_id><series_title>{}</series_title><my_score>{}</my_score>"
         "<my_status>{}</my_status></anime>")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(people, their two files, a list of one of them with a title that nobody knows)."""
    folder, data = tmp_path_factory.mktemp("catalogue"), people(60, 60, each=15)
    known = data.catalogue
    titles, ratings, mine = folder / "anime.csv", folder / "rating.csv", folder / "list.xml"
    titles.write_text("anime_id,name,genre,type,episodes,rating,members\n" + "".join(
        f'{item},{known.names[code]},"{", ".join(f"Genre {one}" for one in known.genres[[code]].indices)}",'
        f"{('TV', 'Movie', 'OVA', 'Special')[known.kind[code]]},{known.episodes[code]:.0f},{known.score[code]:.2f},"
        f"{known.members[code]:.0f}\n" for code, item in enumerate(data.item_ids)))
    ratings.write_text("user_id,anime_id,rating\n" + "".join(
        f"{data.user_ids[user]},{data.item_ids[item]},{rating:.0f}\n"
        for user, item, rating in zip(data.user, data.item, data.rating, strict=True)))
    theirs = data.item[data.user == np.bincount(data.user).argmax()][:8]
    rows = [(int(data.item_ids[item]), known.names[item], 9, "Completed") for item in theirs]
    mine.write_text("<?xml version='1.0'?><myanimelist>" + "".join(
        TITLE.format(*row) for row in [*rows, (99_999, "Nowhere to be found", 7, "Completed")]) + "</myanimelist>")
    return data, titles, ratings, mine


@pytest.fixture
def anime(serve, made, browser):
    """(site, page) of a fresh installation with the catalogue brought in, on its first page."""
    with serve() as site:
        environ = os.environ | {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(site.database.parent.parent)}
        subprocess.run([sys.executable, "-m", "flask", "--app", "flaskr", "anime", "import", *map(str, made[1:3])],
                       cwd=Path(__file__).parents[2], env=environ, check=True, capture_output=True, timeout=120)
        context = browser.new_context(base_url=site.url)
        page, trouble = context.new_page(), []
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto("/anime")
        yield site, page
        assert not trouble
        context.close()


def said(site):
    return dict(site.rows("SELECT item_id, rating FROM catalogue_rating WHERE rating IS NOT NULL"))


def learn(page):
    page.get_by_role("button", name="Learn from").click()
    page.get_by_text("It knows all that is here").wait_for(timeout=PATIENCE)


def test_from_learning_to_reasons(anime, made, until):
    site, page = anime
    learn(page)
    page.get_by_role("link", name="Show all titles").click()
    page.locator(".filters summary").click()
    page.locator(".filters-panel select[name=type]").select_option("Movie")
    page.locator(".filters-panel").get_by_role("button", name="Show").click()
    page.wait_for_url("**type=Movie**")
    row = page.locator(".catalogue-table tbody tr").first
    row.locator('form.rating[data-state="predicted"] input[type=range]').wait_for()
    first = int(row.get_attribute("id").removeprefix("title-"))
    row.hover()
    page.keyboard.press("9")
    row.locator('form.rating[data-state="given"]').wait_for()
    until(lambda: said(site) == {first: 9.0})
    page.keyboard.press("u")
    until(lambda: said(site) == {})

    page.get_by_role("link", name="Import", exact=True).click()
    page.locator("#list-file").set_input_files(made[3])
    page.get_by_role("button", name="Import").click()
    page.get_by_role("heading", name="Your list is in").wait_for()
    page.get_by_text("1 title is not in the catalogue").click()
    page.get_by_text("Nowhere to be found").wait_for()
    assert len(said(site)) == 8

    page.locator(".list-acts").get_by_role("link", name="For you").click()
    page.get_by_text("Because you gave").first.wait_for()
    pick = page.locator(".picks > li").first
    gone = pick.get_attribute("id")
    pick.get_by_role("button", name="Not interested").click()
    page.locator(f"#{gone}").wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    page.locator(f"#{gone}").wait_for()

    def rated():  # the list is still being put back after the undo: a key may come between
        page.locator(f"#{gone}").hover()
        page.keyboard.press("7")
        page.wait_for_timeout(1000)
        return said(site).get(int(gone.removeprefix("pick-"))) == 7.0

    until(rated)
    page.locator(f"#{gone}").wait_for(state="detached")
    assert said(site)[int(gone.removeprefix("pick-"))] == 7.0

    page.locator(".picks > li h2 a").first.click()
    page.get_by_role("heading", name="Similar titles").wait_for()
    page.get_by_text("Expected from you").wait_for()
    page.locator(".reasons li").first.wait_for()
    page.get_by_role("button", name="Watched").click()
    page.get_by_text("Marked as watched").wait_for()


def test_without_script(anime, until, browser):
    site, _ = anime
    page = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
    page.set_default_timeout(20_000)
    page.goto("/anime?page=1")
    row = page.locator(".catalogue-table tbody tr").first
    row.locator("input[name=rating]").fill("6.5")
    row.get_by_role("button", name="Rate").click()
    page.wait_for_url("**/anime?page=1*")
    until(lambda: list(said(site).values()) == [6.5])
    page.context.close()
