"""Writing a demo library: whole files or none, what is there stays, and how many are to come is known."""

import operator

import pytest

from flaskr.demo.making import Making


def pieces(count, write):
    return [(f"a/{number}.txt", write) for number in range(count)]


def test_each_is_yielded_once_it_is_whole_and_what_is_there_is_left_alone(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.txt").write_text("mine")
    making = Making(tmp_path, pieces(3, lambda path: path.write_text("made")))
    assert operator.length_hint(making) == 2
    assert [path.read_text() for path in making] == ["made", "made"]
    assert (tmp_path / "a" / "1.txt").read_text() == "mine" and operator.length_hint(making) == 0
    assert not list(Making(tmp_path, pieces(3, None)))


def test_an_interrupt_leaves_nothing_half(tmp_path):
    def write(path):
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(Making(tmp_path, pieces(1, write)))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
