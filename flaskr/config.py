"""Settings: every value with its default, its help and where it came from; an unknown key is refused.

Order, later wins: defaults, `config.yaml` (or the file that `ANAGNORISIS_CONFIG` names), `config.yaml` in the project
configuration folder, environment (`ANAGNORISIS_MAIN__PORT=5002`).
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator

REPOSITORY = Path(__file__).resolve().parent.parent
PREFIX = "ANAGNORISIS_"
PATH_KEYS = ("project_config_directory", "media_directory")


class InvalidSettings(Exception):
    """The settings could not be used. The message says which file, which key and why."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Main(Section):
    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 opens it to your network.")
    port: int = Field(5001, ge=1, le=65535, description="Port to listen on.")
    project_config_directory: Path = Field(
        Path("project"), description="Folder of your own data: database, evaluators, caches, your config.yaml.")
    allowed_hosts: list[str] = Field(
        [], description="Further host names under which a browser may call this server, besides localhost.")
    threads: int = Field(64, ge=4, le=1000, description="Requests and live connections served at the same time.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class Compute(Section):
    workers: int = Field(0, ge=0, le=256, description="Worker processes for decoding and learning; 0 = one a core.")
    file_timeout: int = Field(
        120, ge=1, le=3600, description="Seconds one file may take before it is given up as unreadable.")
    idle_seconds: int = Field(120, ge=1, description="Idle seconds after which the workers end and free their memory.")
    scheduler: str = Field("", description="Address of a Dask scheduler of your own that helps to learn from a catalogue.")

    @field_validator("scheduler")
    @classmethod
    def a_scheduler(cls, value: str) -> str:
        if value and not re.fullmatch(r"(tcp|tls)://[^\s/@:]+:\d{1,5}", value):
            raise ValueError("expected an address such as tcp://192.168.1.20:8786")
        return value


class Rating(Section):
    step: float = Field(0.5, gt=0, le=5, description="Step of the rating control, in points of 0 to 10.")


class Ranking(Section):
    explore: float = Field(0.15, ge=0, le=1, description="How boldly the radio tries what it is unsure of: 0 never, 1 fully.")


class Signals(Section):
    plays: bool = Field(
        True, description="Whether what was played to its end may move predictions, as far as your ratings agree.")
    skips: bool = Field(True, description="Whether what was skipped may move predictions, as far as your ratings agree.")
    dwell: bool = Field(
        True, description="Whether how much of an item was played may move predictions, as far as your ratings agree.")


class Evaluator(Section):
    retrain_after: int = Field(
        20, ge=0, le=100_000, description="New ratings after which the evaluator trains by itself, once you pause; 0 = never.")


class Library(Section):
    batch: int = Field(500, ge=1, le=10_000, description="Files written in one transaction.")
    page_size: int = Field(60, ge=1, le=200, description="Items on a page.")
    files_may_change: bool = Field(
        False, description="Whether files may be edited, moved and put into the trash from the page.")
    settings_page_writes: bool = Field(
        True, description="Whether folders may be chosen on the page; off = only by editing config.yaml.")


class Media(Section):
    media_directory: list[Path] = Field([], description="Folder with your files, or a list of folders.")
    media_formats: list[str] = Field([], description="File extensions to read; empty = all that the module knows.")

    @field_validator("media_directory", "media_formats", mode="before")
    @classmethod
    def one_or_many(cls, value: Any) -> Any:
        if value is None or value == "":
            return []
        return [value] if isinstance(value, str | Path) else value

    @field_validator("media_formats")
    @classmethod
    def bare_lower_case(cls, value: list[str]) -> list[str]:
        return [extension.lower().lstrip(".") for extension in value]


class Talk(Section):
    model: str = Field("", description="Folder of a language model below models/, to talk with; loaded by transformers.")
    endpoint: str = Field("", description="Address of an OpenAI-compatible endpoint to talk with instead, up to /v1.")
    endpoint_model: str = Field("", description="Name of the model at that endpoint.")
    endpoint_anywhere: bool = Field(False, description="Whether the endpoint may be outside of your own network.")
    seconds: int = Field(120, ge=1, le=3600, description="Seconds that one answer may take.")
    tokens: int = Field(500, ge=16, le=8000, description="Tokens of each reply of the model.")
    steps: int = Field(6, ge=0, le=50, description="How often the model may look something up for one answer.")
    remembered: int = Field(60, ge=0, le=2000, description="Turns of a conversation that are kept for each person.")

    @field_validator("endpoint")
    @classmethod
    def an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@]+(/[^\s?#]*)?", value):
            raise ValueError("expected an address such as http://127.0.0.1:11434/v1")
        return value


SECTIONS: dict[str, type[Section]] = {
    "main": Main, "library": Library, "rating": Rating, "ranking": Ranking, "signals": Signals, "evaluator": Evaluator,
    "compute": Compute, "talk": Talk}


@dataclass(frozen=True)
class Settings:
    """All values, for each dotted key its origin in words (absent = default), and how to read them again."""

    values: Any
    origin: Mapping[str, str]
    modules: tuple[str, ...]
    environ: Mapping[str, str]

    def reloaded(self) -> "Settings":
        """The same layers as they are now; InvalidSettings when they can't be used."""
        return load_settings(self.modules, self.environ)

    def __getattr__(self, section: str) -> Any:
        if section.startswith("_"):
            raise AttributeError(section)
        return getattr(self.values, section)

    def module(self, name: str) -> Media:
        return getattr(self.values, name)

    @property
    def project(self) -> Path:
        return self.main.project_config_directory

    def rows(self) -> list[tuple[str, Any, str, str]]:
        """(dotted key, value, help, origin) of every setting, in reading order."""
        return [(f"{section}.{key}", getattr(getattr(self.values, section), key), field.description or "",
                 self.origin.get(f"{section}.{key}", "default"))
                for section, model in type(self.values).model_fields.items()
                for key, field in model.annotation.model_fields.items()]


def load_settings(modules: Iterable[str], environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this installation; InvalidSettings with one clear sentence when they can't be used."""
    named = environ.get(f"{PREFIX}CONFIG")
    first = Path(named).expanduser() if named else REPOSITORY / "config.yaml"
    if named and not first.is_file():
        raise InvalidSettings(f"ANAGNORISIS_CONFIG names {first}, which is not a file.")
    modules, given, origin = tuple(modules), {}, {}
    _lay(given, origin, _read_yaml(first), str(first), base=first.resolve().parent)
    outside = _from_environment(environ)
    project = outside.get("main", {}).get("project_config_directory") or given.get("main", {}).get(
        "project_config_directory") or REPOSITORY / Main.model_fields["project_config_directory"].default
    project = Path(project).expanduser().resolve()
    own = project / "config.yaml"
    if own.resolve() != first.resolve():
        _lay(given, origin, _read_yaml(own), str(own), base=project)
    _lay(given, origin, outside, "environment", base=Path.cwd())
    given.setdefault("main", {})["project_config_directory"] = project
    return Settings(_validate(given, origin, modules), origin, tuple(modules), dict(environ))


def save_setting(settings: Settings, key: str, value: Any) -> None:
    """Write one dotted key into the project folder's config.yaml, keeping all else; atomic."""
    path = settings.project / "config.yaml"
    content = _read_yaml(path)
    section, name = key.split(".")
    content.setdefault(section, {})[name] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".yaml.new")
    fresh.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    os.replace(fresh, path)


def _validate(given: dict, origin: dict, modules: Iterable[str]) -> BaseModel:
    fields = {name: (model, Field(default_factory=model)) for name, model in SECTIONS.items()}
    fields |= {name: (Media, Field(default_factory=Media)) for name in modules}
    model = create_model("Values", __config__=ConfigDict(extra="forbid", frozen=True), **fields)
    try:
        return model(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"][:2])
        where = origin.get(key) or origin.get(str(first["loc"][0])) or "settings"
        reason = "no such setting" if first["type"] == "extra_forbidden" else first["msg"]
        raise InvalidSettings(f"{where}: {key}: {reason}.") from None


def _read_yaml(path: Path) -> dict:
    if not path.is_file():
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"{path} is not valid YAML: {error}") from None
    if not isinstance(content, dict) or not all(isinstance(part, dict | None) for part in content.values()):
        raise InvalidSettings(f"{path}: expected sections such as `main:` with indented keys below them.")
    return {section: part or {} for section, part in content.items()}


def _from_environment(environ: Mapping[str, str]) -> dict:
    found: dict[str, dict[str, Any]] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or "__" not in name or not value:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        found.setdefault(section, {})[key] = yaml.safe_load(value) if value[0] == "[" else value
    return found


def _lay(given: dict, origin: dict, layer: dict, name: str, *, base: Path) -> None:
    for section, part in layer.items():
        origin.setdefault(str(section), name)
        given.setdefault(section, {})
        for key, value in part.items():
            given[section][key] = _absolute(value, base) if key in PATH_KEYS else value
            origin[f"{section}.{key}"] = name


def _absolute(value: Any, base: Path) -> Any:
    if isinstance(value, list):
        return [_absolute(part, base) for part in value]
    return os.path.normpath(base / Path(value).expanduser()) if isinstance(value, str) and value else value
