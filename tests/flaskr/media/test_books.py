"""PDF and EPUB: read by the page, their facts, and what hostile ones cost."""

import zipfile
from contextlib import suppress

import pytest

from flaskr.media.contract import Unreadable
from flaskr.media.documents import describe, page
from flaskr.media.passages import MOST, passages
from flaskr.media.pdf import flowing
from tests.flaskr.media.made import epub, pdf

LINE = "The keeper of the lighthouse counted the ships that passed in the night and"
CHAPTER = "<html><head><title/></head><body><h1>{0}</h1><p>{0}. {1}</p><script>alert(1)</script></body></html>"
PROSE = "The keeper counted the ships that passed in the night, and wrote each name into his book. " * 30


def test_a_pdf_says_what_it_is(tmp_path):
    pages = [[f"Page {at}.", *[LINE] * 30, "wrote them down."] for at in range(1, 13)]
    path = pdf(tmp_path / "book.pdf", pages, title="Ships", author="A. Keeper")
    facts = describe(path)
    assert (facts["title"], facts["author"], facts["pages"], facts["year"]) == ("Ships", "A. Keeper", 12, 2019)
    assert (facts["format"], facts["language"], facts["encoding"]) == ("PDF", "en", "") and 4000 < facts["words"] < 6000
    shown = page(path, 3)
    assert (shown.number, shown.pages) == (3, 3)
    printed = [block.html for block in shown.blocks if "printed" in block.html]
    assert printed == [f'<p class="printed">{at}</p>' for at in (11, 12)]
    assert any(block.text == "Page 11." for block in shown.blocks)


def test_lines_of_print_become_paragraphs():
    text = "This is the first line of a paragraph that is as wide as the page it stands\r\non, and its hyphen-\r\n" \
           "ated end.\r\nAnother one begins here and is again as wide as the page on which it stands,\r\nand ends here."
    found = flowing(text)
    assert found == ["This is the first line of a paragraph that is as wide as the page it stands on, and its hyphenated end.",
                     "Another one begins here and is again as wide as the page on which it stands, and ends here."]


def test_a_pdf_without_text_is_listed_but_has_no_passages(tmp_path):
    path = pdf(tmp_path / "scan.pdf", [[], []])
    assert describe(path)["words"] == 0
    with pytest.raises(Unreadable, match="no text"):
        passages(path)


@pytest.mark.parametrize("damage", [
    lambda raw: raw[:400], lambda raw: raw.replace(b"/Pages", b"/Sages"), lambda raw: raw[200:]])
def test_a_damaged_pdf_does_no_harm(tmp_path, damage):
    path = pdf(tmp_path / "book.pdf", [[LINE] * 10] * 3)
    path.write_bytes(damage(path.read_bytes()))
    try:
        assert describe(path)["words"] >= 0
    except Unreadable as error:
        assert str(error).endswith(".")


def test_an_epub_says_what_it_is(tmp_path):
    nav = ('<ol><li><a href="one.xhtml">First</a></li><li><a href="two.xhtml#x">Second <b>part</b></a></li>'
           '<li><a href="/etc/x">No</a></li></ol>')
    chapters = {"one.xhtml": CHAPTER.format("One", PROSE), "two.xhtml": CHAPTER.format("Two", PROSE * 40)}
    path = epub(tmp_path / "book.epub", chapters, title="Ships &amp; Men", author="A. Keeper", nav=nav)
    facts = describe(path)
    assert (facts["title"], facts["author"], facts["year"], facts["language"]) == ("Ships & Men", "A. Keeper", 1897, "en")
    shown = page(path, 1)
    assert shown.pages > 2 and [block.text for block in shown.blocks][0] == "One" and "alert" not in str(shown.blocks)
    assert [(heading.title, heading.page) for heading in shown.contents] == [("First", 1), ("Second part", 2)]
    words = " ".join(block.text for number in range(2, shown.pages + 1) for block in page(path, number).blocks)
    assert words.count("counted the ships") == 30 * 40


def test_bombs_and_tricks_in_an_epub_are_refused(tmp_path):
    bomb = epub(tmp_path / "bomb.epub", {"one.xhtml": "<p>" + "a" * (7 << 20)})
    with pytest.raises(Unreadable, match="too large"):
        page(bomb, 1)
    huge = epub(tmp_path / "huge.epub", {"one.xhtml": "a b c d e f g " * 900_000})
    with pytest.raises(Unreadable, match="too large"):
        page(huge, 1)
    laughs = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><package><metadata/><manifest/><spine/></package>'
    with pytest.raises(Unreadable, match="entities"):
        describe(epub(tmp_path / "laughs.epub", {"one.xhtml": "x"}, package=laughs))
    with pytest.raises(Unreadable, match="no chapters"):
        describe(epub(tmp_path / "none.epub", {}))
    with pytest.raises(Unreadable, match="missing"):
        with zipfile.ZipFile(tmp_path / "bare.epub", "w") as file:
            file.writestr("mimetype", "application/epub+zip")
        describe(tmp_path / "bare.epub")


def test_a_damaged_epub_is_unreadable_wherever_it_is_damaged(tmp_path):
    whole = epub(tmp_path / "book.epub", {"one.xhtml": CHAPTER.format("One", PROSE)}).read_bytes()
    for at in range(0, len(whole), 7):
        path = tmp_path / "damaged.epub"
        path.write_bytes(whole[:at] + b"\xff" + whole[at + 1:])
        with suppress(Unreadable):
            describe(path)


def test_a_chapter_outside_the_book_is_not_found(tmp_path):
    path = epub(tmp_path / "out.epub", {"../../../etc/passwd": "<p>x</p>", "one.xhtml": "<p>Here.</p>"})
    assert [block.text for number in (1, 2) for block in page(path, number).blocks] in (["x", "Here."], ["Here.", "Here."])


def test_passages_are_spread_evenly_and_know_their_blocks(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("\n\n".join(f"{number} {PROSE[:900]}" for number in range(4000)))
    found = passages(path)
    assert found == passages(path) and len(found) == MOST
    for one in found[::9]:
        blocks = page(path, one.page).blocks
        assert " ".join(block.text for block in blocks[one.first:one.last + 1]).startswith(one.text[:500])
    assert len({one.page for one in found}) == MOST and found[0].page < 5 and found[-1].page > page(path, 1).pages - 5
