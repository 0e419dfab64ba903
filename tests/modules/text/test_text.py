"""The texts module against the contract, and what it says of good, odd and bad files."""

import pytest

from flaskr.embedders import BUILT_IN
from flaskr.media.contract import Unreadable
from modules.text import MODULE, read
from tests.contract.module_contract import ModuleContract

PROSE = "The lighthouse keeper counted the ships that passed in the night, and wrote each name into his book. " * 40


class TestTexts(ModuleContract):
    @pytest.fixture
    def module(self):
        return MODULE

    @pytest.fixture
    def example(self, tmp_path):
        path = tmp_path / "keeper.md"
        path.write_text(f"# The keeper\n\n{PROSE}\n\n## Winter\n\n{PROSE}", encoding="utf-8")
        return path

    @pytest.mark.skipif("text" not in BUILT_IN, reason="the embedder of texts is not there")
    def test_samples_are_bounded_and_not_random(self, module, example):
        super().test_samples_are_bounded_and_not_random(module, example)


def test_what_a_text_says_of_itself(tmp_path):
    path = tmp_path / "keeper.md"
    path.write_text(f"---\nlayout: post\n---\n# The *keeper*\n\n{PROSE}", encoding="utf-8")
    facts = read.describe(path)
    assert (facts["title"], facts["format"], facts["language"], facts["encoding"]) == ("The keeper", "Markdown", "en", "utf-8")
    assert facts["words"] == 4 + 18 * 40 and facts["preview"].startswith("The lighthouse keeper counted")


def test_a_name_without_words_gives_way_to_the_first_line(tmp_path):
    for name, title in (("044.txt", "White admits a link"), ("Balco affair.txt", "")):
        (tmp_path / name).write_text(f"White admits a link\n\n{PROSE}")
        assert read.describe(tmp_path / name)["title"] == title


def test_samples_are_passages(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("\n\n".join(f"Paragraph {number}. {PROSE[:404]}" for number in range(3000)))
    found = read.samples(path)
    assert len(found) == 64 and all(60 <= len(passage.split()) <= 200 for passage in found)
    numbers = [int(passage.split()[1].rstrip(".")) for passage in found]
    assert numbers == sorted(numbers) and numbers[0] < 100 and numbers[-1] > 2900


@pytest.mark.parametrize(("name", "content"), [
    ("garbage.txt", bytes(range(256)) * 400), ("nuls.txt", b"some words\0\0\0 and more\0" * 100), ("noise.pdf", b"%PDF-1.7 no"),
    ("controls.md", b"\x01\x02\x03\x04words" * 100), ("noise.epub", b"PK\x03\x04 no"), ("pictures.html", b"<img src=x>")])
def test_what_is_no_text_is_unreadable_with_a_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=r"^[A-Z].*\.$"):
        read.samples(tmp_path / name)


def test_one_huge_line_is_read_in_bounded_pieces(tmp_path):
    (tmp_path / "line.txt").write_text("word " * 400_000)
    page = read.page(tmp_path / "line.txt", 50)
    assert page.pages == 100 and max(len(block.text) for block in page.blocks) <= 2200
    (tmp_path / "endless.txt").write_text("x" * 300_000)
    assert max(len(block.text) for block in read.page(tmp_path / "endless.txt", 2).blocks) <= 2000


def test_real_articles_are_described(test_data):
    paths = sorted((test_data / "texts" / "bbc-news").glob("*/*.txt"))[:40]
    for path in paths:
        facts = read.describe(path)
        assert facts["language"] == "en" and facts["words"] > 80 and 1 <= len(read.samples(path)) <= 64
