"""Plain text by the page: every sign on exactly one page, cut where a reader would, whatever the encoding."""

import pytest

from flaskr.media.blocks import PAGE, count, cut, pages_of, spread
from flaskr.media.documents import page
from flaskr.media.plain import Markdown, Restructured, Slices, paragraphs, pieces

PROSE = "The keeper counted the ships — ‘all of them’ — and wrote each name down."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("between", ["\n\n", "\n", "\r\n\r\n", " "])
def test_pages_hold_everything_once(tmp_path, encoding, between):
    text = between.join(f"{number} {PROSE}" for number in range(3000))
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = tmp_path / "all.txt"
    path.write_bytes(mark + text.encode(encoding))
    document = Slices(path)
    assert document.pages == pages_of(path.stat().st_size) > 8
    parts = [document.text(number) for number in range(1, document.pages + 1)]
    assert "".join(parts) == text.replace("\r\n", "\n")
    assert between == " " or all(part[0].isdigit() for part in parts)
    assert max(len(part.encode(encoding)) for part in parts) < 2 * PAGE


def test_signs_are_not_torn_where_nothing_better_is_found(tmp_path):
    for encoding in ("utf-8", "utf-16-le"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes((b"\xff\xfe" if "16" in encoding else b"") + ("🌊漢" * 20_000).encode(encoding))
        document = Slices(path)
        text = "".join(document.text(number) for number in range(1, document.pages + 1))
        assert text == "🌊漢" * 20_000


def test_a_page_number_out_of_range_is_the_last_page(tmp_path):
    (tmp_path / "short.txt").write_text("One.\n\nTwo.")
    shown = page(tmp_path / "short.txt", 99)
    assert (shown.number, shown.pages, [block.text for block in shown.blocks]) == (1, 1, ["One.", "Two."])


def test_lines_wrapped_by_hand_are_joined_and_verses_are_not():
    wrapped = "It was a bright cold day in April, and the clocks were\nstriking thirteen. Winston Smith, his chin\nnuzzled."
    assert paragraphs(wrapped)[0].html == f"<p>{wrapped.replace(chr(10), ' ')}</p>"
    verse = "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,"
    assert paragraphs(verse)[0].html.count("<br>") == 2
    table = "name    age   town\nAda     36    London\nBela    40    Pest"
    assert paragraphs(table)[0].html == f"<pre>{table}</pre>"


def test_markup_in_plain_text_is_shown_as_it_is():
    assert paragraphs("<script>alert('x')</script>")[0].html == "<p>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;</p>"
    assert "<b" not in paragraphs("  <b>a</b>    <b>b</b>\n  <b>a</b>    <b>b</b>")[0].html


def test_a_very_long_paragraph_is_cut_after_sentences():
    found = pieces("This is a sentence of seven words. " * 100)
    assert len(found) > 3 and all(piece.strip().endswith(".") and count(piece) <= 160 for piece in found)
    assert "".join(pieces("人人生而自由。" * 200)) == "人人生而自由。" * 200


def test_markdown_is_rendered_and_cleaned(tmp_path):
    (tmp_path / "note.md").write_text("# One\n\nA [link](javascript:x) and <script>x</script> *stress*.\n\n"
                                      "## Two\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    document = Markdown(tmp_path / "note.md")
    shown = "".join(block.html for block in document.page(1))
    assert "<script" not in shown and "href" not in shown and "<em>stress</em>" in shown
    assert "<table" in shown and [heading.title for heading in document.contents()] == ["One", "Two"]
    assert document.facts() == {"title": "One"}


def test_restructured_text_includes_no_file_and_nothing_raw(tmp_path):
    (tmp_path / "secret.txt").write_text("the secret")
    (tmp_path / "note.rst").write_text(
        "Title\n=====\n\nA *word*.\n\n.. include:: secret.txt\n\n.. raw:: html\n\n   <script>alert(1)</script>\n\n"
        ".. csv-table::\n   :file: secret.txt\n\n.. image:: http://evil.example/x.png\n   :alt: A cat\n\nEnd.\n")
    document = Restructured(tmp_path / "note.rst")
    shown = "".join(block.html for block in document.page(1))
    assert "secret" not in shown.replace("secret.txt", "") and "<script" not in shown and "evil.example" not in shown
    assert "<em>word</em>" in shown and "End." in shown and document.facts() == {"title": "Title"}


def test_spread_and_cut():
    assert spread(3, 64) == [0, 1, 2] and len(set(spread(100_000, 64))) == 64 and spread(100, 2) == [25, 75]
    blocks = paragraphs("\n\n".join(["word " * 20] * 100))
    assert [len(part) for part in cut(blocks, 4)] == [25] * 4 and [len(part) for part in cut([], 2)] == [0, 0]
