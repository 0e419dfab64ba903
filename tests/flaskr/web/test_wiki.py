"""The wiki: Markdown to HTML, formulas to MathML, and no way out of its folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flaskr.web import wiki


@pytest.fixture
def show(app, tmp_path: Path) -> Callable[[str], tuple[str, str]]:
    """show(markdown) -> (title, HTML)."""
    def render(markdown: str) -> tuple[str, str]:
        path = tmp_path / "page.md"
        path.write_text(markdown, encoding="utf-8")
        with app.test_request_context():
            wiki.render.cache_clear()
            return wiki.render(path, path.stat().st_mtime_ns)
    return render


def test_a_page_has_the_title_of_its_first_heading(show):
    title, html = show("# The radio\n\nIt *plays*.\n\n## More")
    assert title == "The radio"
    assert "<em>plays</em>" in html and "<h2" in html


def test_a_page_without_a_heading_is_called_as_its_file(show):
    assert show("Nothing here.")[0] == "page"


def test_tables(show):
    _, html = show("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<table>" in html and "<td>2</td>" in html


def test_formulas_become_mathml(show):
    _, html = show("# T\n\nSo $x^2$ and\n\n$$\\frac{a}{b}$$\n")
    assert html.count("<math") == 2 and "<msup>" in html and "<mfrac>" in html
    assert 'display="block"' in html and 'display="inline"' in html
    assert "$" not in html


@pytest.mark.parametrize("formula", ["x^2^3", "x^", "\\left(", "\\begin{nothing}", "{", "\\color"])
def test_a_formula_that_is_not_understood_is_shown_as_written(show, formula):
    _, html = show(f"# T\n\n${formula}$\n\nAnd on.\n")
    assert f"<code>{formula}</code>" in html and "And on." in html


def test_nothing_in_a_formula_becomes_html(show):
    _, html = show("# T\n\n$a <script> b$ and $x^2^3 <script>$\n")
    assert "<script" not in html


def test_raw_html_is_text(show):
    _, html = show("# T\n\n<script>alert(1)</script>\n\nAn <b onclick=\"x()\">inline</b> one.\n")
    assert "<script" not in html and "<b " not in html
    assert "&lt;script&gt;" in html


def test_a_script_is_no_link(show):
    _, html = show("# T\n\n[press](javascript:alert(1))")
    assert "href" not in html


def test_links_between_pages_stay_in_the_wiki(show):
    _, html = show("# T\n\n[one](radio.md) [two](decisions/revisions.md) [three](../radio.md)")
    assert html.count('href="/wiki/radio"') == 2 and 'href="/wiki/decisions/revisions"' in html


def test_a_changed_page_is_read_again(app, tmp_path):
    path = tmp_path / "page.md"
    with app.test_request_context():
        titles = []
        for number, text in enumerate(("# One", "# Two")):
            path.write_text(text)
            os.utime(path, ns=(number, number))
            titles.append(wiki.render(path, path.stat().st_mtime_ns)[0])
    assert titles == ["One", "Two"]


@pytest.mark.parametrize("address", ["/wiki/", "/wiki/radio", "/wiki/radio.md", "/wiki/decisions/revisions"])
def test_pages_are_served(client, address):
    answer = client.get(address)
    assert answer.status_code == 200 and "<h1" in answer.text


def test_the_contents_name_every_page_but_the_index(app):
    with app.test_request_context():
        names = [name for name, _ in wiki.contents()]
    assert "radio" in names and "index" not in names and not [name for name in names if "/" in name]


@pytest.mark.parametrize("name", [
    "nothing", "Radio", "decisions/nothing", "radio.txt", "a b", "%00", "radio/", "x" * 3000])
def test_an_unknown_page_is_not_found(client, name):
    assert client.get(f"/wiki/{name}").status_code == 404


@pytest.mark.parametrize("name", [
    "../README", "..%2fREADME", "decisions/../../README", "decisions/..%2f..%2fREADME", "/etc/passwd",
    "%2fetc%2fpasswd", "....//README", "decisions\\..\\README", "decisions/revisions/../../../README", "~root/README"])
def test_no_way_out_of_the_folder(client, name):
    answer = client.get(f"/wiki/{name}", follow_redirects=True)
    assert answer.status_code == 404
    assert "run.sh" not in answer.text and "root:" not in answer.text
