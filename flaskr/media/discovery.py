"""Finds the media modules: folders under `modules/`, never a list; a broken one is named and left out."""

import importlib
import logging
import pkgutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flaskr.media.contract import Module

OURS = Path(__file__).resolve().parents[2] / "modules"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """The modules that work, and for each broken one its name and reason."""

    modules: dict[str, Module]
    broken: dict[str, str]


def names(package: str = "modules") -> list[str]:
    """Names of all module folders, without importing them."""
    paths: Iterable[str] = importlib.import_module(package).__path__
    return sorted(found.name for found in pkgutil.iter_modules(paths) if found.ispkg)


def discover(package: str = "modules") -> Found:
    """Import every module folder; whatever goes wrong in one is logged and reported, never raised."""
    modules, broken = {}, {}
    for name in names(package):
        try:
            module = importlib.import_module(f"{package}.{name}").MODULE
            if module.name != name:
                raise ValueError(f"MODULE.name is {module.name!r}, the folder is {name!r}")
            modules[name] = module
        except Exception as error:  # a third party's module may fail in any way and must not stop the rest
            log.exception("module %s is broken and left out", name)
            broken[name] = f"{type(error).__name__}: {error}"
    return Found(modules, broken)


def is_ours(module: Module) -> bool:
    """Whether a module's folder stands in this project, whose migrations then make its table."""
    return OURS in Path(sys.modules[module.Item.__module__].__file__ or "").resolve().parents
