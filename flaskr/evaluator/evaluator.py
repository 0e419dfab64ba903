"""The trained evaluator: a predictor with what may be said of it, and its one form on disk."""
from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.evaluator import files
from flaskr.evaluator.predictor import Part, Predictor

_ABOUT = ("dim", "space", "n", "seed", "created", "report", "hyperparameters")
_NUMBERS = ("spread", "width", "bias", "base", "floor", "factor")
_ARRAYS = ("centre", "basis", "supports", "norms")


@dataclass(frozen=True)
class Evaluator:
    """report: plain dict, see report.report. hyperparameters: which kernels were believed how much. space: name of
    the embedding space that it understands. created: ISO time, UTC."""

    predictor: Predictor
    report: dict[str, Any]
    hyperparameters: dict[str, Any]
    dim: int
    space: str
    n: int
    seed: int
    created: str = field(compare=False)

    def predict(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected rating, 0..10, and standard deviation of the next rating in points, float32 [m] each, of items
        X, float32 [m, dim]. mean +- 1.2816 spread is meant to cover 80 % of ratings. Raises ValueError where dim is
        wrong or a value is not finite."""
        return self.predictor.predict(X)

    def save(self, folder: Path) -> None:
        """Write `evaluator.safetensors` and `card.json` into `folder`, replacing what is there as a whole."""
        p = self.predictor
        arrays = {name: getattr(p, name) for name in _ARRAYS}
        arrays["numbers"] = np.array([getattr(p, name) for name in _NUMBERS])
        for part in p.parts:
            for name in ("mean", "tilt", "root", "signs"):
                arrays[f"{part.kernel}.{name}"] = getattr(part, name)
            arrays[f"{part.kernel}.numbers"] = np.array([part.gain, part.rest])
        card = {name: getattr(self, name) for name in _ABOUT}
        files.write(Path(folder), arrays, card | {"parts": [part.kernel for part in p.parts]})


def load(folder: Path) -> Evaluator:
    """Read what Evaluator.save wrote. Raises ValueError, in a sentence, where it is missing, of another format,
    incomplete or was changed by something else."""
    arrays, card = files.read(Path(folder))
    try:
        numbers = dict(zip(_NUMBERS, arrays["numbers"].tolist(), strict=True))
        parts = tuple(_part(kernel, arrays) for kernel in card["parts"])
        predictor = Predictor(**{name: arrays[name] for name in _ARRAYS}, **numbers, parts=parts)
        evaluator = Evaluator(predictor, **{name: card[name] for name in _ABOUT})
    except (KeyError, TypeError) as missing:
        raise ValueError(f"the evaluator in {folder} is incomplete: {missing}") from missing
    if len(predictor.centre) != evaluator.dim or len(predictor.norms) != len(predictor.supports):
        raise ValueError(f"the evaluator in {folder} does not fit its card: {len(predictor.centre)} numbers per "
                         f"embedding, not {evaluator.dim}")
    return evaluator


def _part(kernel: str, arrays: dict[str, np.ndarray]) -> Part:
    gain, rest = arrays[f"{kernel}.numbers"].tolist()
    names = [f.name for f in fields(Part) if f.name in ("mean", "tilt", "root", "signs")]
    return Part(kernel, **{name: arrays[f"{kernel}.{name}"] for name in names}, gain=gain, rest=rest)
