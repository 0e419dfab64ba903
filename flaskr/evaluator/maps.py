"""The map of a library as one file: where each item lies, in which group, and what the groups are called. Safe to lose."""

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as pack

from flaskr.evaluator.files import sync_folder, write_synced
from flaskr.evaluator.mapping import Plan

NAME = "map.safetensors"
FINE = 32767  # steps from the middle of the map to its edge


@dataclass(frozen=True)
class LibraryMap:
    """ids: int64 [n], ascending; at: int16 [n, 2], FINE steps from the middle; group: uint8 [n]; central: int64 [k, c], ids
    nearest to the middle of each group, -1 where there are fewer; names: of the groups; stamp: what it was made from."""

    ids: np.ndarray
    at: np.ndarray
    group: np.ndarray
    central: np.ndarray
    names: tuple[str, ...]
    space: str
    stamp: str

    def rows_of(self, ids: np.ndarray) -> np.ndarray:
        """The row of each id, int64; -1 for one that is not on the map."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)


def path_of(project: Path, name: str) -> Path:
    """Where the map of what is called `name` is kept in a project folder."""
    return project / "models" / name / NAME


def save(path: Path, made: LibraryMap, plan: Plan) -> None:
    """Write it beside, then rename: it is the old one or the new one, whenever the power fails."""
    arrays = {"ids": made.ids, "at": made.at, "group": made.group, "central": made.central, "plan.rows": plan.rows,
              "plan.at": plan.at, "plan.middles": plan.middles, "plan.of": np.array([plan.of], np.int64)}
    said = {"names": json.dumps(made.names), "space": made.space, "stamp": made.stamp}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    write_synced(fresh, pack({key: np.ascontiguousarray(array) for key, array in arrays.items()}, said))
    os.replace(fresh, path)
    sync_folder(path.parent)


def load(path: Path) -> LibraryMap | None:
    """The map, kept in memory until its file changes; None where there is none that can be read."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return _load(path, stat.st_mtime_ns, stat.st_size)


def load_plan(path: Path) -> Plan | None:
    """What placed the items, to place further ones; None where there is none."""
    try:
        with safe_open(path, "numpy") as file:
            rows, at, middles, of = (file.get_tensor(f"plan.{key}") for key in ("rows", "at", "middles", "of"))
    except (OSError, SafetensorError):
        return None
    return Plan(rows, at, middles, int(of[0]))


def stamp_of(path: Path) -> str:
    """What the map was made from; "" where there is none."""
    made = load(path)
    return made.stamp if made else ""


@lru_cache(maxsize=8)
def _load(path: Path, _modified_ns: int, _size: int) -> LibraryMap | None:
    try:
        with safe_open(path, "numpy") as file:
            said = file.metadata() or {}
            arrays = {key: file.get_tensor(key) for key in ("ids", "at", "group", "central")}
        return LibraryMap(**arrays, names=tuple(json.loads(said["names"])), space=said["space"], stamp=said["stamp"])
    except (OSError, SafetensorError, ValueError, KeyError):
        return None
