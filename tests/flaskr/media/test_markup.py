"""HTML from anywhere: nothing in it may run, load, look like ours or lead to our own pages; its words stay."""

import json
import re
import time
from html.parser import HTMLParser

import pytest

from flaskr.media.contract import Unreadable
from flaskr.media.markup import ATTRIBUTES, TAGS, Page, blocks, from_xhtml

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/music/undo'>x</a>",
    "<a href='../settings/' data-turbo-method='post'>x</a>",
    "<div data-controller='player' data-action='click->player#x'>x</div>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<style>@import '//evil.example'</style>",
    "<link rel=stylesheet href=//e>",
    "<iframe src=//evil.example>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=/music/undo method=post><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//e'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<x onclick=alert(1)>y</x>",
    "<p id=player class=notices>x</p>",
    "<video src=//e poster=//e>",
    "<audio src=//e>",
    "<picture><source srcset=//e></picture>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<details open ontoggle=alert(1)>x</details>",
    "<textarea><script>alert(1)</script>",
    "<title><script>alert(1)</script>",
    "<td background=//evil.example>x",
    "<a href='vbscript:x'>x</a>",
    "<select><style><img src=x onerror=alert(1)></style></select>",
    "<p><plaintext><script>alert(1)</script>",
]


class Judge(HTMLParser):
    """Fails at whatever is not on the list."""

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS and tag != "img", tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"], (tag, name)
            if name == "href":
                assert re.match(r"(?i)(https?://|mailto:|#t-)", value), value
            if name == "id":
                assert value.startswith("t-")
        if tag == "a" and any(name == "href" and value.startswith("http") for name, value in attrs):
            assert ("rel", "noopener noreferrer") in attrs


def judged(html: str) -> str:
    shown = "".join(block.html for block in blocks(html))
    judge = Judge()
    judge.feed(shown)
    judge.close()
    assert "<script" not in shown.lower() and "<!--" not in shown
    return shown


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_runs_and_nothing_is_loaded(vector):
    judged(vector)
    judged(f"<div><ul><li>{vector}</ul><table><tr><td>{vector}</table>{vector}")


def test_real_vectors(test_data):
    found = (test_data / "hostile" / "xss.txt").read_text(errors="replace").splitlines()
    found += json.loads((test_data / "hostile" / "naughty-strings.json").read_text())
    assert len(found) > 500
    for vector in [*found, "\n".join(found)]:
        judged(vector)


def test_words_become_blocks_in_their_order():
    html = ("<body><nav>Menu</nav><h1>Title</h1>loose <b>words</b><div><p>One &amp; <i>two</i></p><p> </p></div>"
            "<ol start=3><li>three<li>four<ul><li>inner</ul></ol><blockquote><p>said</p></blockquote><pre>  a\n   b</pre>"
            "<table><tr><td>1<td>2</table>")
    found = blocks(html)
    assert [block.text for block in found] == ["Menu", "Title", "loose words", "One & two", "three", "fourinner", "said",
                                               "a b", "1 2"]
    assert [block.level for block in found].count(1) == 1
    assert found[4].html == '<ol start="3"><li>three</li></ol>' and found[5].html.startswith('<ol start="4">')
    assert found[6].html == "<blockquote><p>said</p></blockquote>" and "  a\n   b" in found[7].html


def test_a_page_laid_out_by_a_table_is_still_paragraphs():
    found = blocks("<table><tr><td><p>one</p><p>two</p></td><td>three</td></tr></table>")
    assert [block.text for block in found] == ["one", "two", "three"]


def test_a_link_is_kept_with_care_and_a_picture_in_words():
    shown = judged("<p><a href='https://example.org/?a=1&b=2' onclick=x target=_top>there</a> <a href='#note'>1</a> "
                   "<img src=x alt='A cat'></p>")
    assert 'href="https://example.org/?a=1&amp;b=2"' in shown and 'href="#t-note"' in shown and "[A cat]" in shown


@pytest.mark.parametrize("html", ["<div>" * 100_000 + "x", "<b><i>" * 50_000 + "x", "<blockquote>" * 7000 + "x",
                                  "<table>" * 4000 + "x", "<a href=http://e>" * 7000 + "x", "<p>" * 200_000 + "x",
                                  "<ul><li>" * 3000 + "x"])
def test_nesting_without_end_costs_little(html):
    start = time.monotonic()
    try:
        assert len(blocks(html)) <= 2
    except Unreadable as error:
        assert "deeper" in str(error)
    assert time.monotonic() - start < 20


def test_an_empty_title_of_xhtml_swallows_nothing():
    raw = b"<html><head><title/><script src='x'/></head><body><p>Here<br/>I am</p></body></html>"
    assert [block.text for block in blocks(from_xhtml(raw))] == ["HereI am"]


def test_a_file_says_title_author_language_and_encoding(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes('<html lang="ru"><head><meta charset=windows-1251>'
                     '<title>Дом &amp; сад</title><meta name="author" content="Иван"></head>'
                     '<body><p>Это мой дом.</p></body>'.encode("cp1251"))
    page = Page(path)
    assert page.facts() == {"title": "Дом & сад", "author": "Иван", "language": "ru"} and page.encoding == "cp1251"
    assert page.page(1)[0].text == "Это мой дом."


def test_too_large_a_file_is_refused(tmp_path):
    path = tmp_path / "large.html"
    with open(path, "wb") as file:
        file.truncate(9 << 20)
    with pytest.raises(Unreadable, match="8 MB"):
        Page(path)
