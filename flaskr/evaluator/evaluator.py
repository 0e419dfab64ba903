"""The trained evaluator: predictors with what may be said of them, and their one form on disk."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.evaluator import arrays, files
from flaskr.evaluator.held import Held
from flaskr.evaluator.known import Known
from flaskr.evaluator.lens import Lens
from flaskr.evaluator.predictor import Predictor, sums, together
from flaskr.evaluator.update import updated
from flaskr.evaluator.why import why

_ABOUT = ("dim", "space", "n", "seed", "created", "report", "hyperparameters")
Vectors = np.ndarray | Sequence[np.ndarray]


@dataclass(frozen=True)
class Evaluator:
    """predictors: one per embedding space, then one per lens; they add up. known: what was rated, to tell what is outside it.
    report: plain dict, see report.report. hyperparameters: which kernels were believed how much, how boldly. dim: numbers per
    embedding (of all spaces together). space: name of the embedding space that it understands. created: ISO time, UTC.
    ids, ratings: int64 and float32 [n], what it learned from, in the order of fit's rows; empty where not kept with it.
    lenses: further looks at the spaces (lens.py).
    """

    predictors: tuple[Predictor, ...]
    known: Known
    report: dict[str, Any]
    hyperparameters: dict[str, Any]
    dim: int
    space: str
    n: int
    seed: int
    created: str = field(compare=False)
    ids: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64), compare=False)
    ratings: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32), compare=False)
    lenses: tuple[Lens, ...] = ()

    def predict(self, X: Vectors) -> tuple[np.ndarray, np.ndarray]:
        """Expected rating, 0..10, and standard deviation of the next rating in points, float32 [m] each, of items
        X, float32 [m, dim] (or a list of such, one per space, as in fit). mean +- 1.2816 spread is meant to cover
        80 % of ratings. Raises ValueError where dim is wrong or a value is not finite."""
        return together(self.predictors, self._spaces(X))

    def outside(self, X: Vectors) -> np.ndarray:
        """How far outside what was rated items X lie, float32 [m], 0..1: from known.OUTSIDE on, nothing similar was
        ever rated, and the guess is little more than the average. Raises ValueError as predict."""
        return self.known.outside(self._given(X))

    def why(self, X: Vectors, rated: Vectors) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(contributions float32 [m, n], base [m], interest [m]) in points: by how much each rated item pulled the guesses of
        items X up or down, see why.why, and by how much it counts that the like are rated often, see interest.py. rated: the
        rows that fit saw, in its order. Ratings since (`updated`) are in none of them. Raises ValueError as predict, where
        `ratings` were not kept, and above why.MOST of them."""
        spaces = self._spaces(X)
        pulls, base = why(self.predictors, self.hyperparameters, spaces, self._spaces(rated), self.ratings)
        interest = np.zeros_like(base)
        if self.hyperparameters.get("interest"):  # all else is linear in the ratings
            interest = sums(self.predictors, spaces)[0] - base - pulls.sum(1)
        return pulls, base, interest

    def updated(self, x: Vectors, y: float) -> Evaluator:
        """The evaluator with one more rating y, 0..10, of an item x, float32 [dim] (or a list of such), in
        milliseconds: guesses move, the report and what is believed stand still until the next fit. Raises ValueError
        where y is not a rating or x does not fit."""
        spaces = self._spaces([v[None] for v in x] if isinstance(x, list | tuple) else x[None])
        if not 0 <= y <= 10:
            raise ValueError("ratings must lie between 0 and 10")
        together(self.predictors, spaces)  # refuses what does not fit
        boldness = float(self.hyperparameters.get("boldness", 1.0))
        return replace(self, predictors=updated(self.predictors, [X[0] for X in spaces], float(y), boldness))

    def hold(self, X: Vectors) -> Held:
        """Look at a whole library once, float32 [m, dim] (or a list): then Held.rated moves all guesses within a tenth
        of a second at 100,000 items. Takes as long as predict and 4 bytes x 66 (graph: 98) per item and kernel. ValueError as
        there."""
        spaces = self._spaces(X)
        together(self.predictors, [rows[:1] for rows in spaces])
        return Held.of(self.predictors, spaces, float(self.hyperparameters.get("boldness", 1.0)))

    def _spaces(self, X: Vectors) -> list[np.ndarray]:
        """The given spaces, and what the lenses make of them."""
        spaces = self._given(X)
        return [*spaces, *(lens(spaces[lens.space]) for lens in self.lenses)]

    def _given(self, X: Vectors) -> list[np.ndarray]:
        spaces, own = list(X) if isinstance(X, list | tuple) else [X], len(self.predictors) - len(self.lenses)
        if len(spaces) != own:
            raise ValueError(f"embeddings in {own} spaces are needed, not in {len(spaces)}")
        for p, rows in zip(self.predictors, spaces, strict=False):
            if rows.ndim != 2 or rows.shape[1] != len(p.centre):
                raise ValueError(f"embeddings of {len(p.centre)} numbers are needed, not an array of shape {rows.shape}")
        return spaces

    def save(self, folder: Path) -> None:
        """Write `evaluator.safetensors` and `card.json` into `folder`, replacing what is there as a whole."""
        packed, names = arrays.pack(self.predictors, self.known)
        packed |= {"ids": self.ids, "ratings": self.ratings}
        packed |= {f"lens{number}.{lens.space}": lens.turn for number, lens in enumerate(self.lenses)}
        files.write(Path(folder), packed, {name: getattr(self, name) for name in _ABOUT} | {"parts": names})


def load(folder: Path) -> Evaluator:
    """Read what Evaluator.save wrote, now or in an earlier format. Raises ValueError, in a sentence, where it is
    missing, of an unknown format, incomplete or was changed by something else."""
    packed, card = files.read(Path(folder))
    try:
        lenses = tuple(Lens(int(name.split(".")[1]), packed[name]) for name in sorted(packed) if name.startswith("lens"))
        predictors, known = arrays.unpack(packed, card["parts"], len(lenses))
        evaluator = Evaluator(predictors, known, **{name: card[name] for name in _ABOUT},
                              ids=packed.get("ids", np.zeros(0, np.int64)),
                              ratings=packed.get("ratings", np.zeros(0, np.float32)), lenses=lenses)
    except (KeyError, TypeError) as missing:
        raise ValueError(f"the evaluator in {folder} is incomplete: {missing}") from missing
    dim = sum(len(p.centre) for p in predictors[:len(predictors) - len(lenses)])
    if dim != evaluator.dim or any(len(p.norms) != len(p.supports) for p in predictors):
        raise ValueError(f"the evaluator in {folder} does not fit its card: {dim} numbers per embedding, not "
                         f"{evaluator.dim}")
    return evaluator
