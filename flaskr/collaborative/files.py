"""A fitted model on disk: model.safetensors, read by memory-mapping, and a readable card.json; arrays, never code."""
from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors.numpy import save_file
from scipy.sparse import csr_array

FORMAT = 1
ARRAYS, CARD = "model.safetensors", "card.json"
KINDS = {"F32": np.float32, "F64": np.float64, "I64": np.int64, "I32": np.int32, "I16": np.int16, "U8": np.uint8,
         "BOOL": np.bool_, "F16": np.float16}
Fitted = TypeVar("Fitted")


def save(model: Any, folder: Path, **card: Any) -> None:
    """Write a frozen dataclass of arrays, csr_arrays, numbers and words beside, then rename: `folder` is always whole.
    `card`: further facts for card.json, for people."""
    arrays, facts = {}, {}
    for field in dataclasses.fields(model):
        value = getattr(model, field.name)
        if isinstance(value, csr_array):
            arrays |= {f"{field.name}.data": value.data, f"{field.name}.indices": value.indices.astype(np.int32),
                       f"{field.name}.indptr": value.indptr.astype(np.int32)}
            facts[field.name] = {"csr": list(map(int, value.shape))}
        elif isinstance(value, np.ndarray):
            arrays[field.name] = value
            facts[field.name] = {"array": list(value.shape)}
        else:
            facts[field.name] = {"value": value}
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=folder.name + ".saving-", dir=folder.parent))
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, new / ARRAYS)
    (new / CARD).write_text(json.dumps({"format": FORMAT, "model": model.name, "fields": facts, **card}, indent=1))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(new, folder)


def load(kind: type[Fitted], folder: Path) -> Fitted:
    """The model of class `kind` that `save` wrote there, its arrays mapped (read when touched, shared by processes);
    ValueError, in a sentence, if it is another model, another format or damaged."""
    try:
        card = json.loads((folder / CARD).read_bytes())
        arrays = mapped(folder / ARRAYS)
        if card["format"] != FORMAT or card["model"] != kind.name:
            raise ValueError(f"the model in {folder} is another than {kind.name}: train again")
        return kind(**{field.name: _field(card["fields"][field.name], field.name, arrays)
                       for field in dataclasses.fields(kind)
                       if field.name in card["fields"] or field.default is dataclasses.MISSING})
    except FileNotFoundError as missing:
        raise ValueError(f"there is no model in {folder}") from missing
    except (KeyError, TypeError, json.JSONDecodeError, IndexError) as broken:
        raise ValueError(f"the model in {folder} is damaged: train again") from broken


def mapped(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file as read-only views of the mapped file; ValueError if it is none.
    (The library's own numpy reader copies. Format: 8 bytes length, JSON header, then the arrays.)"""
    whole = np.memmap(path, np.uint8, "r").view(np.ndarray)  # as a plain array: each touch of a memmap costs microseconds
    length = int(whole[:8].view(np.uint64)[0]) if len(whole) > 8 else len(whole)
    if length > len(whole) - 8:
        raise ValueError(f"{path} is not a safetensors file")
    header, found = json.loads(whole[8:8 + length].tobytes()), {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            if not 0 <= start <= end <= len(whole) - 8 - length:
                raise ValueError(f"{path} is cut off")
            found[name] = whole[8 + length + start:8 + length + end].view(KINDS[entry["dtype"]]).reshape(entry["shape"])
    return found


def _field(fact: dict[str, Any], name: str, arrays: dict[str, np.ndarray]) -> Any:
    if "csr" in fact:
        parts = tuple(arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
        return csr_array(parts, shape=tuple(fact["csr"]))
    if "array" in fact:
        return arrays[name]
    return fact["value"]
