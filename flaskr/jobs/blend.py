"""Which evaluators guess for a medium now, and their guesses put together: its own, the universal one, the signals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.embeddings.seen import matrix_in
from flaskr.embeddings.store import Matrix, matrix, parts
from flaskr.evaluator import cards, load, pooling, signals
from flaskr.evaluator.blend import OWN, Blend, read
from flaskr.evaluator.files import CARD
from flaskr.evaluator.universal import UNIVERSAL, with_medium
from flaskr.feedback.signals import heard
from flaskr.media.contract import Module
from flaskr.progress import Stopped

Guess = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Taste:
    """own, universal: cards of what guesses, None where it has no part. version: the name that predictions are marked with."""

    version: str
    own: dict[str, Any] | None = None
    universal: dict[str, Any] | None = None
    blend: Blend = OWN
    head: signals.Head = signals.Head()


def taste(project: Path, name: str) -> Taste | None:
    """What guesses for the medium `name` now; None before anything was learned that could.

    The universal evaluator has a part where it proved itself beside this very version of the medium's own; alone it guesses
    where the medium has none, if it is any better than the average.
    """
    own, whole = _card(cards.folder_of(project, name)), universal_card(project)
    said = across(whole).get(name, {})
    if own is None:
        if whole is None or (whole.get("report") or {}).get("verdict") != "better":
            return None
        few = read(said["blend"]) if said.get("version", "") is None else Blend(
            0.0, 1.0, factor=float(whole["hyperparameters"]["wide"]))
        return Taste(f"+{whole[cards.VERSION]}", None, whole, few)
    version = own[cards.VERSION]
    if whole is None or said.get("version") != version:
        return Taste(version, own)
    mix, head = read(said["blend"]), signals.read(said["signals"])
    if mix.alone and not head.share:
        return Taste(version, own)
    return Taste(f"{version}+{whole[cards.VERSION]}", own, None if mix.alone else whole, mix, head)


def version(project: Path, name: str) -> str | None:
    """The mark of predictions that are of now; None before the first."""
    found = taste(project, name)
    return found and found.version


def universal_card(project: Path) -> dict[str, Any] | None:
    """The card of the universal evaluator; None before the first."""
    return _card(cards.folder_of(project, UNIVERSAL))


def across(card: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """What the universal evaluator's card says of each medium."""
    return (card or {}).get("hyperparameters", {}).get("across", {})


@dataclass(frozen=True)
class Described:
    """Rows that the universal evaluator reads: vectors float16 [m, dim] of items `ids` [m], ascending; passages, their
    owners' ids beside them, or None."""

    held: Matrix
    passages: Matrix | None

    @classmethod
    def of(cls, module: Module, card: dict[str, Any]) -> "Described | None":
        """Of a module; None where the descriptions are of another space than those that were learned from."""
        name = card["space"].partition("/")[0]
        held = matrix(module, name)
        if len(held.ids) and card["space"] != held.space:
            return None
        attends = pooling.read(card["hyperparameters"].get("pooling")).query is not None
        own = attends and matrix(module).space == held.space
        return cls(held, parts(module) if own else None)

    def some(self, ids: Sequence[int]) -> tuple[np.ndarray, np.ndarray, pooling.Passages | None]:
        """(which of `ids` have a description, their vectors, their passages)."""
        there, rows = self.held.rows_of(ids)
        passages = None
        if self.passages is not None and len(there):
            wanted = self.held.ids[rows]
            at = np.searchsorted(wanted, self.passages.ids).clip(max=len(wanted) - 1)
            kept = wanted[at] == self.passages.ids
            passages = pooling.Passages(self.passages.vectors[kept].astype(np.float32), at[kept])
        return there, self.held.vectors[rows], passages


def readable(module: Module, project: Path, now: Taste) -> Matrix:
    """Vectors of the items that can be guessed, as what guesses knows them. Stopped where the embeddings are not those that
    were learned from."""
    if now.own:
        held = matrix_in(module, project, now.own["space"])
        same = now.own["space"] == held.space
    else:
        described = Described.of(module, now.universal)
        same, held = described is not None, described and described.held
    if not same:
        raise Stopped("The embeddings have changed since the evaluator learned: train again.")
    return held


def guesses(module: Module, project: Path, now: Taste, ids: np.ndarray, own: Guess | None,
            run: Callable[..., Any]) -> Guess:
    """(mean, spread) [n] of items by id, ascending and readable, from the medium's own guesses [n] of them; `run(function,
    ...)` works in a worker."""
    mean, spread = (np.array(part) for part in own) if own else (np.zeros(len(ids)), np.ones(len(ids)))
    described = Described.of(module, now.universal) if now.universal else None
    if described:
        there, vectors, passages = described.some(ids)
        said = run(guess_described, _path(project, UNIVERSAL, now.universal), module.name, vectors, passages)
        mean[there], spread[there] = now.blend(own and (own[0][there], own[1][there]), said)
    if now.head.share:
        mean = np.clip(mean + now.head(signals.Heard(*heard(module, ids.tolist()))), 0, 10)
    return mean, spread


def guess_described(evaluator: Path, medium: str, vectors: np.ndarray,
                    passages: pooling.Passages | None) -> Guess:
    """In a worker: (mean, spread) float32 [n] by the universal evaluator for descriptions float16 [n, dim]."""
    loaded = _loaded(evaluator)
    said = loaded.hyperparameters
    X = pooling.read(said.get("pooling"))(vectors.astype(np.float32), passages)
    return loaded.predict(with_medium(X, medium, said["order"]))


_loaded = lru_cache(maxsize=1)(load)  # a version never changes


def _card(folder: Path) -> dict[str, Any] | None:
    """The current card of a folder; every page asks, so it is read once for each version."""
    name = cards.current_version(folder)
    return None if name is None else _read(folder, name, (folder / name / CARD).stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(folder: Path, name: str, changed: int) -> dict[str, Any]:
    return cards.card(folder, name)


def _path(project: Path, name: str, card: dict[str, Any]) -> Path:
    return cards.folder_of(project, name) / card[cards.VERSION]
