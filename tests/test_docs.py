"""The wiki keeps up with the code: what can be set, called, heard or declared is written down, and nothing else is."""

import ast
import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from pydantic_core import PydanticUndefined

from flaskr import cli
from flaskr.config import SECTIONS, Media
from flaskr.embedders.sound import SoundEmbedder
from flaskr.embedders.sound_features import BLOCKS
from flaskr.jobs.queue import as_dict
from flaskr.media.contract import Module
from flaskr.media.discovery import discover
from flaskr.tables import Job

ROOT = Path(__file__).resolve().parent.parent
WIKI = ROOT / "wiki"
PAGES = sorted(WIKI.rglob("*.md"))
KEYS = {"ArrowLeft": "left", "ArrowRight": "right", "ArrowUp": "up", "ArrowDown": "down", " ": "Space",
        "Space": "Space", "Enter": "Enter", "Escape": "Esc", "Backspace": "Backspace", "Delete": "Delete",
        "Home": "Home", "End": "End", "PageUp": "Page up", "PageDown": "Page down"}


def text_of(name: str) -> str:
    return (WIKI / name).read_text(encoding="utf-8")


def rows(name: str) -> dict[str, str]:
    """Table rows of a page by the first `code` in them."""
    lines = [line for line in text_of(name).splitlines() if line.startswith("|") and "`" in line]
    return {re.search(r"`([^`]+)`", line)[1]: line for line in lines}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# Settings


def settings() -> Iterator[tuple[str, object]]:
    sections = SECTIONS | {name: Media for name, module in sorted(discover().modules.items()) if module.kind == "files"}
    for section, model in sections.items():
        for key, field in model.model_fields.items():
            yield f"{section}.{key}", field


@pytest.mark.parametrize(("key", "field"), list(settings()), ids=[key for key, _ in settings()])
def test_every_setting_stands_there_with_default_and_help(key, field):
    line = rows("settings.md").get(key)
    assert line, f"settings.md has no row for {key}"
    assert field.description in line
    assert field.default is not PydanticUndefined
    if field.default not in ([], ""):
        shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        assert f"| `{shown}` |" in line


def test_no_setting_stands_there_that_is_none():
    assert set(rows("settings.md")) == {key for key, _ in settings()}


# Commands


def commands() -> dict[str, click.Command]:
    app = Flask("bare")
    own = set(app.cli.commands)
    app.extensions["modules"] = discover().modules
    cli.register(app)
    found = {name: command for name, command in app.cli.commands.items() if name not in own}
    return {name if part is None else f"{name} {part}": one for name, command in found.items()
            for part, one in (command.commands.items() if isinstance(command, click.Group) else [(None, command)])}


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_stands_there_with_its_help_and_options(name):
    command, text = commands()[name], text_of("commands.md")
    lines = [line for line in text.splitlines() if line.startswith("|") and re.match(rf"\| `flask {name}[ `]", line)]
    assert lines and command.help in lines[0]
    for option in (one for one in command.params if isinstance(one, click.Option) and not one.hidden):
        assert f"`{option.opts[0]}`" in text, option.opts


def test_no_command_stands_there_that_is_none():
    named = set(re.findall(r"^\| `flask ([a-z-]+(?: [a-z-]+)?)(?=[ `])", text_of("commands.md"), re.MULTILINE))
    assert named == set(commands())


def test_every_call_of_run_sh_stands_there():
    labels = re.findall(r"^  (\w+)\)", (ROOT / "run.sh").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"serve", "test"} <= set(labels)
    for label in set(labels) - {"serve"}:
        assert f"`./run.sh {label}" in text_of("commands.md")


# Events


def events() -> Iterator[tuple[str, set[str]]]:
    """(event, keys of its payload) of every `socketio.emit` in the application."""
    for path in (ROOT / "flaskr").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("socketio.emit"):
                names = set(strings(node.args[0]))
                assert names, f"{path}:{node.lineno}: the event's name can't be read"
                yield from ((name, payload(node.args[1])) for name in names)


def strings(node: ast.expr) -> Iterator[str]:
    """What a name may be: a constant, either side of a choice, or the values of `{...}.get(key, other)`."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*strings(node.body), *strings(node.orelse))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Dict):
        for part in (*node.func.value.values, *node.args[1:]):
            yield from strings(part)


def payload(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Dict):
        return {key.value for key in node.keys}
    assert ast.unparse(node) in ("as_dict(job)", "facts"), f"what is sent by {ast.unparse(node)}?"
    return set(as_dict(Job(id=1, verb="scan", module="m", state="queued", done=0, total=0, words="", wish="")))


def test_every_event_stands_there_with_its_payload():
    found, told = dict.fromkeys(name for name, _ in events()), text_of("architecture.md")
    table = told[told.index("| event |"):].split("\n\n")[0]
    lines = {re.match(r"\| `(\w+)`", line)[1]: line for line in table.splitlines()[2:]}
    assert set(lines) == set(found)
    for name, keys in events():
        named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", lines[name].split("|")[2]))))
        assert keys <= named, f"{name} sends {keys - named}"


# The contract


def test_the_contract_stands_there_member_by_member():
    told = dict(re.findall(r"^\| (?:MUST|MAY) \| `(\w+)` \|(.*)$", text_of("adding_a_module.md"), re.MULTILINE))
    assert set(told) == {field.name for field in dataclasses.fields(Module)}
    for field in dataclasses.fields(Module):
        word = "MUST" if field.default is dataclasses.MISSING else "MAY"
        assert f"| {word} | `{field.name}` |" in text_of("adding_a_module.md")


def test_the_example_module_works(tmp_path):
    """The three files of the page, put into a folder, are discovered, scanned and embedded."""
    blocks = re.findall(r"`modules/(voices/\w+\.py)`:\n\n```python\n(.*?)```", text_of("adding_a_module.md"), re.DOTALL)
    assert [name for name, _ in blocks] == ["voices/__init__.py", "voices/tables.py", "voices/read.py"]
    for name, code in blocks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    environ = os.environ | {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
                            "PYTHONPATH": str(ROOT), "ANAGNORISIS_COMPUTE__WORKERS": "1"}
    done = subprocess.run([sys.executable, "-c", TRY_EXAMPLE, str(tmp_path)], cwd=ROOT, env=environ,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "1", "a_voice"]


TRY_EXAMPLE = '''
import sys, pathlib, av, numpy as np, modules
folder = pathlib.Path(sys.argv[1])
modules.__path__.append(str(folder))
from flaskr import create_app
from flaskr.embeddings.embed import embed
from flaskr.extensions import db
from flaskr.library import words
from flaskr.library.scan import scan
app = create_app()
voices = app.extensions["modules"]["voices"]
with av.open(str(folder / "a_voice.m4b"), "w", format="mp4") as file:
    stream = file.add_stream("aac", rate=16000, layout="mono")
    sound = np.sin(np.arange(32000) / 8).astype(np.float32)[None]
    frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
    frame.sample_rate = 16000
    for packet in [*stream.encode(frame), *stream.encode(None)]:
        file.mux(packet)
each = lambda function, arguments, chunk=1, ahead=1: ((some, function(*some), "") for some in arguments)
with app.app_context():
    db.create_all()
    words.create(voices)
    db.session.commit()
    print(scan(voices, [folder], each=each).counts["added"])
    project = app.extensions["settings"].project
    print(embed(voices, project, each=each, run=lambda function, *some: function(*some)).counts["embedded"])
    print(db.session.query(voices.Item).one().title)
    assert app.test_client().get("/voices/1/facts").json["play"] is None
'''


# Numbers that pages give


def test_the_numbers_of_the_sound_page_are_those_of_the_embedder():
    assert f"{len(BLOCKS)} blocks of features, {SoundEmbedder.raw_dim:,} numbers in all" in text_of("sound.md")
    assert f"to the {SoundEmbedder.dim} directions" in text_of("sound.md")


# Keys


def keys_in_scripts() -> set[str]:
    """Keys that our scripts and templates listen to, by the words that a person knows them by."""
    found = set()
    for path in (ROOT / "static" / "js").rglob("*.js"):
        code = path.read_text(encoding="utf-8")
        named = re.findall(r"[\"'](Arrow\w+|Enter|Escape|Backspace|Delete|Home|End|Page(?:Up|Down))[\"']", code)
        named += re.findall(r"\b(Arrow(?:Left|Right|Up|Down)|Escape|Backspace)\b\s*[:(]", code)
        named += re.findall(r"(?:\bkey\s*===?\s*|\bcase\s+)[\"'](.)[\"']", code)
        named += re.findall(r"^\s*[\"']([ /?])[\"']\s*[:(]", code, re.MULTILINE)
        found |= {KEYS.get(key, key) for key in named}
    for path in (ROOT / "templates").rglob("*.html"):
        found |= {{"esc": "Esc", "space": "Space"}.get(key, key)
                  for key in re.findall(r"keydown\.(\w+)", path.read_text(encoding="utf-8"))}
    return found


def test_every_key_stands_there():
    told = set(re.findall(r"`([^`]+)`", text_of("keys.md")))
    assert {"0", "9", "r", "Space", "left", "right", "Shift", "/", "?"} <= told
    assert keys_in_scripts() >= {"Enter", "Esc"}
    assert keys_in_scripts() <= told, f"keys.md lacks {keys_in_scripts() - told}"
