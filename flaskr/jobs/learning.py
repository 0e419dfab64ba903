"""How a worker tells how far it has learned, and hears that it is enough: two small files beside the evaluators.

A pipe would do for one process; files serve commands, the queue's workers and a cluster alike, and a killed worker leaves
nothing that hangs.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flaskr.evaluator import Enough

TOLD, ENOUGH = "learning.json", "enough"
MOST = 300  # steps that are kept for the live curve


def begin(folder: Path) -> None:
    """Forget what an earlier training left."""
    folder.mkdir(parents=True, exist_ok=True)
    end(folder)


def end(folder: Path) -> None:
    """Take both files away."""
    for name in (TOLD, ENOUGH):
        (folder / name).unlink(missing_ok=True)


def enough(folder: Path) -> bool:
    """Ask the training that runs to stop and keep the best so far; False when none runs."""
    if not (folder / TOLD).is_file():
        return False
    (folder / ENOUGH).touch()
    return True


def is_enough(folder: Path) -> bool:
    return (folder / ENOUGH).is_file()


def so_far(folder: Path) -> dict[str, Any] | None:
    """{"fraction" (0..1), "words", "steps": [{"fraction", figure: number}], "enough"}; None while nothing runs."""
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told | {"enough": is_enough(folder)}


def teller(folder: Path) -> Callable[..., None]:
    """In a worker: what `fit` calls as progress(fraction, words, figures=None). Raises Enough once the person asked."""
    steps: list[dict[str, float]] = []
    folder.mkdir(parents=True, exist_ok=True)

    def tell(fraction: float, words: str, figures: Mapping[str, Any] | None = None) -> None:
        plain = {name: float(value) for name, value in (figures or {}).items() if isinstance(value, int | float)}
        if plain:
            steps.append({"fraction": float(fraction), **plain})
            del steps[:-MOST]
        fresh = folder / f"{TOLD}.new"
        fresh.write_text(json.dumps({"fraction": float(fraction), "words": words, "steps": steps}), encoding="utf-8")
        os.replace(fresh, folder / TOLD)
        if is_enough(folder):
            raise Enough
    return tell
