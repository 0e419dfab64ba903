"""Whole or not at all, whenever it is killed; refused when changed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flaskr.evaluator import files


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    files.write(tmp_path / "x", {"a": np.arange(5.0)}, {"n": 1})
    return tmp_path / "x"


def test_what_is_written_is_read(saved):
    arrays, card = files.read(saved)
    np.testing.assert_array_equal(arrays["a"], np.arange(5.0))
    assert card["n"] == 1
    files.write(saved, {"a": np.ones(2)}, {"n": 2})
    assert files.read(saved)[1]["n"] == 2
    assert [p.name for p in saved.parent.iterdir()] == ["x"]


def test_changed_arrays_are_refused(saved):
    content = bytearray((saved / files.ARRAYS).read_bytes())
    content[-1] ^= 1
    (saved / files.ARRAYS).write_bytes(content)
    with pytest.raises(ValueError, match="damaged or were changed"):
        files.read(saved)


@pytest.mark.parametrize(("change", "words"), [({"n": 9}, "was changed"), ({"format": 99}, "another format")])
def test_a_changed_card_is_refused(saved, change, words):
    card = json.loads((saved / files.CARD).read_text())
    (saved / files.CARD).write_text(json.dumps(card | change))
    with pytest.raises(ValueError, match=words):
        files.read(saved)


@pytest.mark.parametrize("content", ["", "[]", "{", "\xff\xfe"])
def test_a_broken_card_is_refused(saved, content):
    (saved / files.CARD).write_text(content, encoding="latin-1")
    with pytest.raises(ValueError, match=r"JSON|format"):
        files.read(saved)


@pytest.mark.parametrize("name", [files.ARRAYS, files.CARD])
def test_half_a_folder_is_refused(saved, name):
    (saved / name).unlink()
    with pytest.raises(ValueError, match="is missing"):
        files.read(saved)


def test_killed_between_the_renames_the_old_one_returns(saved, monkeypatch):
    rename, calls = os.rename, []

    def killed(source, target):
        calls.append(source)
        if len(calls) == 2:
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(files.os, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        files.write(saved, {"a": np.ones(2)}, {"n": 2})
    monkeypatch.undo()
    assert not saved.exists()
    assert files.read(saved)[1]["n"] == 1


def test_killed_at_any_moment_one_of_both_is_there(saved):
    code = ("import sys, numpy as np; from pathlib import Path; from flaskr.evaluator import files\n"
            "print('go', flush=True); n = 2\n"
            "while True: files.write(Path(sys.argv[1]), {'a': np.full(2000, float(n))}, {'n': n}); n += 1")
    for moment in (0.01, 0.023, 0.041, 0.06):
        child = subprocess.Popen([sys.executable, "-c", code, str(saved)], stdout=subprocess.PIPE, text=True,
                                 cwd=Path(__file__).parents[3])
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(moment)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        arrays, card = files.read(saved)
        assert card["n"] == 1 or (arrays["a"] == card["n"]).all()
