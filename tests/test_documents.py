"""Every page of the wiki and the documents beside it: links lead somewhere, formulas are understood, what is named exists."""

import importlib
import re

import pytest

from flaskr.web.wiki import render
from tests.test_docs import PAGES, ROOT, WIKI, name_of, settings, text_of

OURS = ("test_docs.py", "test_documents.py")  # they name what must not count as there
DOCUMENTS = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "instances" / "README.md"]
SOURCES = [path for pattern in ("flaskr/**/*.py", "modules/**/*.py", "static/js/**/*.js", "templates/**/*.html",
                                "benchmarks/*.py", "migrations/**/*.py", "tests/**/*.py", "run.sh", "requirements*.txt",
                                "pyproject.toml")
           for path in ROOT.glob(pattern) if path.name not in OURS]
TOP = ("flaskr", "modules", "tests", "wiki", "static", "templates", "migrations", "benchmarks", "instances", ".ci")
EXAMPLE = ("modules/voices",)  # the folder that adding_a_module.md tells the reader to make


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        assert not re.match(r"\w+:|/|#", target), f"{target} is not a relative link"
        assert (path.parent / target).exists(), f"{target} does not exist"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_render_with_their_formulas_and_links(path, app):
    with app.test_request_context():
        title, html = render(path, path.stat().st_mtime_ns)
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]+`", "", text)
    assert text.startswith(f"# {title}\n")
    formulas = re.findall(r"\$\$.+?\$\$|\$[^$]+?\$", text, re.DOTALL)
    maths = re.findall(r"<math.*?</math>", html, re.DOTALL)
    assert len(maths) == len(formulas)
    for math in maths:
        assert "\\" not in math, f"not understood: {math}"
    assert "$" not in re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)
    for href in re.findall(r'href="([^"]+)"', html):
        name = href.removeprefix("/wiki/") or "index"
        assert href.startswith("/wiki/") and (WIKI / f"{name}.md").is_file(), f"{href} leads nowhere"


def test_the_index_lists_every_page():
    listed = set(re.findall(r"\]\(([^)]+)\)", text_of("index.md")))
    assert listed == {str(path.relative_to(WIKI)) for path in PAGES} - {"index.md"}


@pytest.mark.parametrize("path", sorted(WIKI.glob("decisions/*.md")), ids=name_of)
def test_a_decision_has_context_choice_and_cost(path):
    text = path.read_text(encoding="utf-8")
    for part in ("**Context.**", "**Choice.**", "**What it costs.**"):
        assert part in text


@pytest.fixture(scope="module")
def source() -> str:
    """Everything that we wrote but this file and the documents."""
    return "\n".join(file.read_text(encoding="utf-8") for file in SOURCES)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_what_is_named_exists(path, source):
    for name in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", path.read_text(encoding="utf-8")):
        if name.startswith(EXAMPLE):
            continue
        if name.split("/")[0] in TOP and ("/" in name) and " " not in name:
            assert (ROOT / name).exists(), f"there is no {name}"
        elif re.fullmatch(r"\w+\.py", name):
            assert any(ROOT.glob(f"flaskr/**/{name}")) or any(ROOT.glob(f"modules/**/{name}")), f"there is no {name}"
        elif re.fullmatch(r"(flaskr|modules|benchmarks)(\.\w+)+", name):
            assert is_importable(name), f"there is no {name}"
        elif re.fullmatch(r"[A-Za-z]\w*", name) and (re.search(r"[a-z][A-Z]", name) or "_" in name.strip("_")):
            known = re.search(rf"\b{name}\b", source) or name.startswith("ANAGNORISIS_") and is_variable(name)
            assert known, f"nothing is called {name}"
        elif called := re.fullmatch(r"(\w+)\(.*\)", name):
            assert re.search(rf"\b{called[1]}\b", source), f"nothing is called {name}"


def is_importable(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return hasattr(importlib.import_module(module), attribute)
    return True


def is_variable(name: str) -> bool:
    section, _, key = name.removeprefix("ANAGNORISIS_").lower().partition("__")
    files = " ".join((ROOT / file).read_text(encoding="utf-8") for file in ("docker-compose.yaml", "flaskr/config.py"))
    return f"{section}.{key}" in dict(settings()) or name in files or name == "ANAGNORISIS_CONFIG"
