"""Who may import whom, and how large things may grow: the table of the design, as a test."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flaskr.embedders import BUILT_IN

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sorted([*ROOT.glob("flaskr/**/*.py"), *ROOT.glob("modules/**/*.py")])
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
SCRIPTS = sorted(ROOT.glob("static/js/**/*.js"))

# What each package of ours may know of the rest of ours. A package always knows itself.
BASE = {"flaskr.progress"}
MAY = {
    "flaskr.config": set(), "flaskr.extensions": set(), "flaskr.progress": set(),
    "flaskr.media": set(), "flaskr.ranking": set(), "flaskr.embedders": set(), "flaskr.evaluator": set(),
    "flaskr.demo": set(),
    "flaskr.collaborative": set(),
    "flaskr.tables": {"flaskr.extensions"},
    "flaskr.library": {"flaskr.tables", "flaskr.extensions", "flaskr.media", "flaskr.embedders.base"},
}
MAY["flaskr.describing"] = MAY["flaskr.library"] | {"flaskr.library.paths"}
MAY["flaskr.embeddings"] = MAY["flaskr.library"] | {"flaskr.library", "flaskr.describing", "flaskr.embedders"}
MAY["flaskr.feedback"] = {"flaskr.tables", "flaskr.extensions", "flaskr.media", "flaskr.embeddings.store",
                          "flaskr.library"}
READS = {"flaskr.config", "flaskr.extensions", "flaskr.tables", "flaskr.media", "flaskr.ranking", "flaskr.embedders",
         "flaskr.describing",
         "flaskr.evaluator", "flaskr.library", "flaskr.embeddings", "flaskr.feedback"}
MAY["flaskr.listing"] = READS
MAY["flaskr.jobs"] = READS
MAY["flaskr.talk"] = {"flaskr.extensions", "flaskr.listing", "flaskr.embedders", "flaskr.collaborative", "flaskr.jobs.compute",
                      "flaskr.media"}
MAY["flaskr.web"] = {"flaskr.config", "flaskr.extensions", "flaskr.media", "flaskr.listing", "flaskr.feedback",
                     "flaskr.jobs", "flaskr.talk", "flaskr.library.tidy", "flaskr.library.paths", "flaskr.library.cache",
                     "flaskr.library.examine", "flaskr.library.reread", "flaskr.library.rewrite", "flaskr.evaluator.cards"}
MAY["flaskr.cli"] = MAY["flaskr.web"] | {"flaskr.doctor", "flaskr.serve", "flaskr.library.words"}
MAY["flaskr.doctor"] = {"flaskr.config", "flaskr.extensions", "flaskr.library.paths"}
MAY["flaskr.serve"] = {"flaskr.extensions", "flaskr.jobs", "flaskr.media.ffmpeg"}
NEVER = {  # libraries a package may not touch at all
    "flaskr.media": {"torch", "flask", "sqlalchemy"}, "flaskr.ranking": {"torch", "flask", "sqlalchemy"},
    "flaskr.embedders": {"flask", "sqlalchemy", "torchvision", "torchaudio", "sentence_transformers"},
    "flaskr.describing": {"flask", "torch"}, "flaskr.evaluator": {"flask", "sqlalchemy"},
    "flaskr.collaborative": {"torch", "flask", "sqlalchemy"},
    "flaskr.talk": {"flask"},
    "flaskr.web": {"sqlalchemy.sql", "numpy", "torch"}, "flaskr.cli": {"numpy", "torch"},
    "flaskr.demo": {"torch", "flask", "sqlalchemy"},
    "flaskr.library": {"flask"}, "flaskr.embeddings": {"flask"}, "flaskr.feedback": {"flask"},
}
LISTING_NOT = {"flask"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(imported name, whether it stands at the top of the file) of every import, hidden ones too."""
    tree, here = ast.parse(path.read_text(encoding="utf-8")), name_of(path)
    top = set(map(id, tree.body)) | {id(node) for outer in tree.body if isinstance(outer, ast.If | ast.Try)
                                     for node in ast.walk(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = here if path.name == "__init__.py" else here.rpartition(".")[0]
            for _ in range(node.level - 1):
                package = package.rpartition(".")[0]
            base = f"{package}.{node.module}" if node.level and node.module else package if node.level else node.module
            yield from ((f"{base}.{alias.name}", id(node) in top) for alias in node.names)


def covers(allowed: str, name: str) -> bool:
    return name == allowed or name.startswith(allowed + ".")


def package_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_imports_point_up_the_table(path):
    here = name_of(path)
    if here == "flaskr":
        return  # the composition root knows everything; the next test holds it to naming no module
    package = package_of(here)
    for name, _ in imports(path):
        if here.startswith("modules."):
            check_module_import(here, name)
        elif name.startswith("flaskr"):
            assert any(covers(allowed, name) for allowed in MAY[package] | BASE | {package}), f"{here} imports {name}"
        assert not name.startswith("modules") or here.startswith("modules"), f"{here} names a module: {name}"
        for never in NEVER.get(package, ()):
            assert not covers(never, name), f"{here} imports {name}"


def check_module_import(here: str, name: str) -> None:
    _, module, *rest = here.split(".") + [""]
    if name.startswith("modules"):
        assert name.split(".")[1] == module, f"{here} imports another module: {name}"
    if not name.startswith("flaskr"):
        return
    file = rest[0] if rest else ""
    allowed = {"tables": {"flaskr.tables", "flaskr.extensions"}, "read": {"flaskr.media"}, "names": {"flaskr.media"},
               "": {"flaskr.media"},
               # a catalogue: its arrays and its import know the mathematics of its models, its commands the command line
               "arrays": {"flaskr.extensions", "flaskr.collaborative", "flaskr.tables"},
               "importing": {"flaskr.extensions", "flaskr.collaborative", "flaskr.progress", "flaskr.tables"},
               "find": {"flaskr.extensions", "flaskr.listing", "flaskr.progress", "flaskr.collaborative", "flaskr.tables"},
               "person": {"flaskr.feedback", "flaskr.tables"},
               "learn": {"flaskr.extensions", "flaskr.tables", "flaskr.progress", "flaskr.collaborative"},
               "evaluating": {"flaskr.collaborative", "flaskr.progress"},
               "openapi": {"flaskr.listing", "flaskr.talk"},
               "talk": {"flaskr.extensions", "flaskr.listing", "flaskr.talk", "flaskr.collaborative"},
               "commands": {"flaskr.cli", "flaskr.feedback", "flaskr.media", "flaskr.collaborative", "flaskr.progress",
                            "flaskr.talk"},
               "routes": {"flaskr.tables", "flaskr.listing", "flaskr.feedback", "flaskr.web", "flaskr.media",
                          "flaskr.progress"}}
    assert any(covers(one, name) for one in allowed.get(file, {"flaskr.media"})), f"{here} imports {name}"


@pytest.mark.parametrize("path", [path for path in PYTHON if "flaskr" in path.parts], ids=name_of)
def test_no_file_of_the_application_names_a_kind_of_media(path):
    kinds = {folder.name for folder in (ROOT / "modules").iterdir() if (folder / "__init__.py").is_file()}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    if package_of(name_of(path)) == "flaskr.embedders":
        named -= set(BUILT_IN)  # what an embedder takes: samples may be called as a kind of media is
    assert not named & kinds, f"{path} names {named & kinds}"


def test_the_application_starts_without_torch_and_decoders(tmp_path):
    code = ("import sys, flaskr, flaskr.evaluator, flaskr.embedders; flaskr.create_app(); "
            "heavy = {'torch', 'transformers', 'tokenizers', 'av', 'PIL', 'mutagen', 'scipy',"
            " 'sklearn', 'pyarrow'} & set(sys.modules); "
            "sys.exit(' '.join(heavy) or 0)")
    environ = os.environ | {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, f"loaded before they are needed: {done.stderr}"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_size_of_python(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, f"{path}: {node.name} is too long"


def test_the_usual_file_is_short():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON)
    assert lengths[len(lengths) // 2] <= 110


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_no_print_and_no_broad_except(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Name) and node.func.id == "print"]
    assert not calls
    broad = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and (
        node.type is None or isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))]
    allowed = name_of(path) in ("flaskr.jobs.queue", "flaskr.media.discovery")
    assert len(broad) <= (1 if allowed else 0)


@pytest.mark.parametrize("path", [path for path in PYTHON if path.match("flaskr/web/*.py")], ids=name_of)
def test_routes_hold_no_queries(path):
    assert not [name for name, _ in imports(path) if name in ("sqlalchemy.select", "sqlalchemy.text",
                                                               "sqlalchemy.update", "sqlalchemy.insert")]


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_are_short_and_call_nobody(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert not re.search(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", text), "a foreign host"
    assert not re.search(r"\son\w+\s*=", text), "an inline handler"
    assert not re.search(r"\sstyle\s*=\s*[\"']", text), "an inline style"
    for script in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in script or "application/json" in script, "an inline script"
    if path.name != "icons.html":  # our own drawings
        assert "|safe" not in text.replace(" ", ""), "text from outside must stay escaped"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_scripts_are_short_and_call_nobody(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (150 if path.parent.name == "controllers" else 250)
    assert not re.search(r"[\"'`](?:https?:)?//\w", text), "a foreign host"
    assert "innerHTML" not in text and "eval(" not in text


def test_a_class_is_styled_in_one_file():
    where = {}
    for path in sorted(ROOT.glob("static/css/**/*.css")):
        for name in set(re.findall(r"^\.([\w-]+) \{", path.read_text(encoding="utf-8"), re.MULTILINE)):
            assert where.setdefault(name, path) == path, f".{name} is styled in {where[name].name} and in {path.name}"


def test_style():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "."], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_requirement_has_its_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[\w.-]+==[\w.]+\s+# .{10,}", line), line


def test_tests_mirror_the_code():
    wanted = {path.relative_to(ROOT / "tests").parts[:-1] for path in (ROOT / "tests").glob("flaskr/**/test_*.py")}
    for folder in wanted:
        assert (ROOT / Path(*folder)).is_dir(), f"tests for {'/'.join(folder)}, which does not exist"
