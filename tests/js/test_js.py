"""Runs the tests of the browser's scripts, which need no browser, with Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def test_scripts():
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no node: the scripts are tested in the browser alone")
    files = sorted(str(path.relative_to(HERE.parents[1])) for path in HERE.glob("*.test.js"))
    assert files
    done = subprocess.run([node, "--test", *files], cwd=HERE.parents[1], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
