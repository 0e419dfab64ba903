"""Predictors to named arrays and back: what an evaluator's safetensors file holds."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from flaskr.evaluator.graph import Graph
from flaskr.evaluator.known import Known
from flaskr.evaluator.predictor import Part, Predictor

_NUMBERS = ("spread", "width", "bias", "base", "floor", "factor")
_ARRAYS = ("centre", "basis", "supports", "norms")
_PART = ("mean", "tilt", "root", "signs")
_GRAPH = ("rows", "turn", "centre")


def pack(predictors: Sequence[Predictor], known: Known) -> tuple[dict[str, np.ndarray], list[list[str]]]:
    """(arrays, names of each predictor's kernels). Arrays of the first space have bare names, of the next "1/...";
    ratings that came after training (`joint`) are packed, too."""
    found = {"known.rows": known.rows, "known.usual": known.usual}
    for i, p in enumerate(predictors):
        at = _prefix(i)
        found |= {at + name: getattr(p, name) for name in _ARRAYS} | {at + "moved": p.moved}
        found[at + "numbers"] = np.array([getattr(p, name) for name in _NUMBERS])
        found[at + "own"] = np.array([p.own, p.short])
        for part in p.parts:
            found |= {f"{at}{part.kernel}.{name}": getattr(part, name) for name in _PART}
            found[f"{at}{part.kernel}.joint"] = part.joint
            found[f"{at}{part.kernel}.numbers"] = np.array([part.gain, part.rest])
        if p.graph is not None:
            found |= {f"{at}library.{name}": getattr(p.graph, name) for name in _GRAPH}
            found[at + "library.reach"] = np.array([p.graph.reach])
    return found, [[part.kernel for part in p.parts] for p in predictors]


def unpack(found: Mapping[str, np.ndarray], names: Sequence, lenses: int = 0) -> tuple[tuple[Predictor, ...], Known]:
    """What `pack` packed, of which so many predictors are those of lenses; KeyError where an array is missing. Format 1 had
    one space and no `known`: there, nothing counts as outside."""
    kernels = names if names and isinstance(names[0], list) else [names]
    predictors = tuple(_predictor(found, _prefix(i), of_space) for i, of_space in enumerate(kernels))
    rows = np.zeros((0, sum(len(p.centre) for p in predictors[:len(predictors) - lenses])), np.float32)
    return predictors, Known(found.get("known.rows", rows), found.get("known.usual", np.zeros(0, np.float32)))


def _predictor(found: Mapping[str, np.ndarray], at: str, kernels: Sequence[str]) -> Predictor:
    numbers = dict(zip(_NUMBERS, found[at + "numbers"].tolist(), strict=True))
    graph = None
    if at + "library.rows" in found:
        library = {name: found[f"{at}library.{name}"] for name in _GRAPH}
        graph = Graph(reach=float(found[at + "library.reach"][0]), **library)
    moved = found.get(at + "moved", np.zeros(0))
    own, *short = found.get(at + "own", [len(found[at + "supports"]) - len(moved)])  # not there before format 3
    return Predictor(**{name: found[at + name] for name in _ARRAYS}, **numbers, graph=graph, moved=moved, own=int(own),
                     short=any(short), parts=tuple(_part(found, at, kernel) for kernel in kernels))


def _part(found: Mapping[str, np.ndarray], at: str, kernel: str) -> Part:
    gain, rest = found[f"{at}{kernel}.numbers"].tolist()
    joint = found.get(f"{at}{kernel}.joint", np.zeros((0, 0), np.float32))
    return Part(kernel, **{name: found[f"{at}{kernel}.{name}"] for name in _PART}, gain=gain, rest=rest, joint=joint)


def _prefix(space: int) -> str:
    return f"{space}/" if space else ""
