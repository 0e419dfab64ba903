"""A folder of arrays and a readable card that is always whole: the old one or the new one, whenever the power fails."""
from __future__ import annotations

import json
import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as unpack
from safetensors.numpy import save as pack

FORMAT = 3
READABLE = (1, 2, 3)  # 1: one space, three kernels, nothing of what is outside; 2: other kernels, no interest
ARRAYS, CARD = "evaluator.safetensors", "card.json"
SAVING, PREVIOUS = ".saving-", ".previous"


def write(folder: Path, arrays: dict[str, np.ndarray], card: dict[str, Any]) -> None:
    """Replace `folder` by one that holds `arrays` and `card`.

    It is written beside, then renamed. A rename can't replace a full folder, so the old one first steps aside as
    `<name>.previous`; killed between the two renames, `recover` (at the next read or write) brings it back.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    recover(folder)
    new = Path(tempfile.mkdtemp(prefix=folder.name + SAVING, dir=folder.parent))
    packed = pack({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    card = {"format": FORMAT, **card, "arrays_sha256": sha256(packed).hexdigest()}
    write_synced(new / ARRAYS, packed)
    write_synced(new / CARD, json.dumps(card | {"card_sha256": _digest(card)}, indent=1).encode())
    previous = folder.with_name(folder.name + PREVIOUS)
    if folder.exists():
        os.rename(folder, previous)
    os.rename(new, folder)
    sync_folder(folder.parent)
    shutil.rmtree(previous, ignore_errors=True)


def read(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """(arrays, card) of `folder`; ValueError, in a sentence, unless they are exactly what `write` wrote."""
    recover(folder)
    try:
        packed, card = (folder / ARRAYS).read_bytes(), json.loads((folder / CARD).read_bytes())
    except FileNotFoundError as missing:
        raise ValueError(f"there is no evaluator in {folder}: {Path(missing.filename).name} is missing") from missing
    except ValueError as broken:
        raise ValueError(f"the card in {folder} is not readable JSON") from broken
    if not isinstance(card, dict) or card.get("format") not in READABLE:
        raise ValueError(f"the evaluator in {folder} has another format than {FORMAT}: train again")
    if card.pop("card_sha256", None) != _digest(card):
        raise ValueError(f"the card in {folder} was changed after it was saved: train again")
    if card["arrays_sha256"] != sha256(packed).hexdigest():
        raise ValueError(f"the arrays in {folder} are damaged or were changed: train again")
    try:
        return unpack(packed), card
    except SafetensorError as broken:
        raise ValueError(f"the arrays in {folder} are not readable") from broken


def recover(folder: Path) -> None:
    """Undo or finish what a killed `write` of this folder left; a save in progress elsewhere is not touched."""
    previous = folder.with_name(folder.name + PREVIOUS)
    if not previous.exists():
        return
    if folder.exists():
        shutil.rmtree(previous, ignore_errors=True)
    else:
        os.rename(previous, folder)


def write_synced(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it: a rename must not become durable before its content."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in `folder`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(card: dict[str, Any]) -> str:
    return sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()
