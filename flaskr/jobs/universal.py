"""Learn across media: every rated item's description into one evaluator, and how much each medium gains from it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from flaskr.embedders import TextEmbedder
from flaskr.embeddings.store import matrix, parts
from flaskr.evaluator import cards, signals, store
from flaskr.evaluator.pooling import Passages
from flaskr.evaluator.universal import UNIVERSAL, Medium, learn, with_medium
from flaskr.extensions import db
from flaskr.feedback.signals import heard
from flaskr.feedback.training import training_set
from flaskr.media.contract import Module
from flaskr.progress import Progress, Report, silent

LEAST = 5
SHOWN = 2000  # items of all libraries that show how they hang together


def learn_across(modules: Sequence[Module], project: Path, *, run: Callable[..., Any], listen_to: Sequence[str] = (),
                 asked: str = UNIVERSAL, progress: Progress = silent) -> Report:
    """Fit the universal evaluator on the descriptions of everything rated and make it the current one.

    `asked`: the module whose training led here, for the report. listen_to: signals that may speak. With too few ratings
    it does nothing, and says so.
    """
    report, space, order = Report("universal", asked), TextEmbedder().space, sorted(one.name for one in modules)
    media = [medium for module in modules if (medium := _medium(module, space, project)) is not None]
    library = _library(modules, space, order)
    named = next((matrix(one, space).space for one in modules if len(matrix(one, space).ids)), space)
    db.session.rollback()
    known = sum(len(medium.y) for medium in media)
    if known < LEAST:
        return report.end(f"Nothing to learn across media yet: {known} rated items have a description that is understood.")
    progress(0, 1, f"Learning across media from {known:,} ratings")
    card = run(learn_and_publish, media, order, named, library, tuple(listen_to), cards.folder_of(project, UNIVERSAL),
               tick=lambda: progress(0, 1, f"Learning across media from {known:,} ratings"))
    report.count("ratings", known)
    report.count("media", len(media))
    progress(1, 1, card["report"]["sentence"])
    return report.end(f"Across media: {card['report']['sentence']}")


def learn_and_publish(media: Sequence[Medium], order: Sequence[str], space: str, library: np.ndarray | None,
                      listen_to: Sequence[str], folder: Path) -> dict[str, Any]:
    """In a worker: learn, save, make current; the card."""
    store.publish(learn(media, order, space=space, library=library, listen_to=listen_to), folder)
    return cards.current_card(folder)


def _medium(module: Module, space: str, project: Path) -> Medium | None:
    """The rated items of a module that have a description and a vector of their own; None without any."""
    own, said = training_set(module), training_set(module, space)
    ids, at, there = np.intersect1d(own.ids, said.ids, assume_unique=True, return_indices=True)
    if not len(ids):
        return None
    vectors = matrix(module).vectors
    played = signals.Heard(*heard(module, ids.tolist(), before_rating=True)) if module.plays else None
    return Medium(module.name, own.X[at], said.X[there], own.y[at], own.groups[at], heard=played,
                  passages=_passages(module, ids) if own.space == said.space else None,
                  library=vectors[::max(1, len(vectors) // SHOWN)][:SHOWN].astype(np.float32),
                  version=cards.current_version(cards.folder_of(project, module.name)))


def _passages(module: Module, ids: np.ndarray) -> Passages | None:
    """The passages of rated texts; None where all passages together are too many to be held."""
    held = parts(module)
    if held is None or not len(held.ids):
        return None
    kept = np.isin(held.ids, ids)
    return Passages(held.vectors[kept].astype(np.float32), np.searchsorted(ids, held.ids[kept]))


def _library(modules: Sequence[Module], space: str, order: Sequence[str]) -> np.ndarray | None:
    """Descriptions of a sample of every library, each with its share."""
    held = [(one.name, matrix(one, space).vectors) for one in modules]
    step = max(1, sum(len(vectors) for _, vectors in held) // SHOWN)
    rows = [with_medium(vectors[::step], name, order) for name, vectors in held if len(vectors)]
    return np.concatenate(rows) if rows else None
