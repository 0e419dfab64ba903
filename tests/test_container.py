"""The container's files fit the code: what is copied or called exists, and it is open to this machine alone."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from flaskr.config import load_settings
from flaskr.media.discovery import names

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "docker-compose.yaml"
OVERRIDES = sorted([ROOT / "docker-compose.override.example.yaml",
                    *(ROOT / "instances").glob("*/docker-compose.override.yaml")])
VARIABLES = sorted((ROOT / "instances").glob("*/settings.env"))


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def last(name: str) -> str:
    return [rest for instruction, rest in instructions() if instruction == name][-1]


def environment() -> dict[str, str]:
    return dict(part.split("=", 1) for name, rest in instructions() if name == "ENV" for part in shlex.split(rest))


def service(path: Path) -> dict:
    services = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
    assert set(services) == {"anagnorisis"}
    return services["anagnorisis"]


def copied() -> list[str]:
    return [source for name, rest in instructions() if name == "COPY" and not rest.startswith("--from")
            for source in rest.split()[:-1]]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_copied_source_exists_and_reaches_the_build():
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {"flaskr", "modules", "migrations", "templates", "static", "wiki"} <= set(copied())
    for source in copied():
        assert (ROOT / source).exists(), source
        assert f"!{source}" in let_through, f".dockerignore keeps {source} back"


def test_nothing_else_reaches_the_build():
    lines = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(copied())


def test_it_runs_a_command_that_exists(app):
    *before, command = json.loads(last("CMD"))
    assert before == ["python", "-m", "flask"]
    assert command in app.cli.commands
    assert environment()["FLASK_APP"] == "flaskr"


def test_the_health_check_asks_an_address_that_answers(client):
    check = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    assert check[:2] == ["python", "-c"] and "/health" in check[2]
    compile(check[2], "HEALTHCHECK", "exec")
    assert client.get("/health", headers={"Host": "127.0.0.1:5001"}).status_code == 200


def test_it_does_not_run_as_root():
    names = [name for name, _ in instructions()]
    assert last("USER") not in ("root", "0")
    assert names.index("USER") < names.index("CMD")
    assert last("EXPOSE") == "5001"


def test_the_settings_inside_are_those_of_the_volumes():
    environ = environment()
    environ["ANAGNORISIS_CONFIG"] = environ["ANAGNORISIS_CONFIG"].replace("/app", str(ROOT))
    settings = load_settings(names(), environ)
    assert settings.main.host == "0.0.0.0"
    targets = [volume.split(":")[1] for volume in service(BASE)["volumes"]]
    assert targets == [str(settings.project)]
    folder = settings.music.media_directory
    for path in OVERRIDES:
        media = [volume.split(":")[1] for volume in service(path)["volumes"] if "/mnt/media" in volume]
        assert media and all(Path(target).parent in folder for target in media)
    assert str(folder[0]) in "".join(rest for name, rest in instructions() if name == "RUN"), "scan needs the root"


def test_folders_chosen_on_the_page_count_inside_too():
    assert not [name for name in environment() if name.endswith("MEDIA_DIRECTORY")], "it would override the page"


def test_the_browser_libraries_are_those_of_run_sh():
    files = [set(re.findall(r"node_modules/(\S+\.(?:js|css))", (ROOT / name).read_text(encoding="utf-8")))
             for name in ("Dockerfile", "run.sh")]
    assert files[0] and files[0] == files[1]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {library for library in wanted if any(file.startswith(f"{library}/") for file in files[0])} == set(wanted)


def test_it_is_open_to_this_machine_alone():
    found = service(BASE)
    assert found["ports"] and all(port.startswith("127.0.0.1:") for port in found["ports"])
    for path in OVERRIDES:
        assert "ports" not in service(path), "ports of two files add up"


def test_it_may_do_little():
    found = service(BASE)
    assert found["read_only"] is True and "/tmp" in found["tmpfs"]
    assert found["cap_drop"] == ["ALL"] and "no-new-privileges:true" in found["security_opt"]
    assert not {"privileged", "network_mode", "devices", "cap_add"} & set(found)


@pytest.mark.parametrize("path", OVERRIDES, ids=name_of)
def test_an_override_only_adds_to_what_is_there(path):
    assert set(service(path)) == {"volumes"}
    for volume in service(path)["volumes"]:
        source, target, *mode = volume.split(":")
        assert source.startswith("/")
        assert mode == ["ro"] if target.startswith("/mnt/media/") else target == "/mnt/project_config"


def test_instances_differ_in_port_and_folder():
    ports = [dict(line.split("=", 1) for line in path.read_text().split())["ANAGNORISIS_PORT"] for path in VARIABLES]
    assert len(ports) >= 2 and len({"5001", *ports}) == len(ports) + 1
    projects = [volume for path in OVERRIDES for volume in service(path)["volumes"] if "project_config" in volume]
    assert len(set(projects)) == len(VARIABLES)


@pytest.mark.parametrize("path", VARIABLES, ids=name_of)
def test_every_variable_is_one_that_compose_reads(path):
    known = re.findall(r"\$\{(\w+)", BASE.read_text(encoding="utf-8"))
    assert {line.partition("=")[0] for line in path.read_text().split()} <= set(known)


def test_there_are_no_secrets():
    secret = re.compile(r"(?i)\b\w*(secret|password|token|api_?key)\w*\s*[=:]")
    for path in [ROOT / "Dockerfile", BASE, ROOT / "instances" / "container.yaml", *OVERRIDES, *VARIABLES]:
        assert not secret.search(path.read_text(encoding="utf-8")), path


def test_the_ci_script_runs_every_test():
    path = ROOT / ".ci" / "run"
    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
    assert path.read_text(encoding="utf-8").rstrip().endswith("./run.sh test")
