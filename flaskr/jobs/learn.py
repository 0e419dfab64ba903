"""Train and predict: ratings and vectors into an evaluator, the evaluator over the library."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import or_, select, update

from flaskr.embeddings.store import matrix
from flaskr.evaluator import cards, fit, store
from flaskr.extensions import db
from flaskr.feedback.training import training_set
from flaskr.jobs import blend, learning, moving
from flaskr.media.contract import Module
from flaskr.progress import Progress, Report, Stopped, silent
from flaskr.tables import next_revision

LEAST = 5
BATCH = 20_000
SHOWN = 2000  # items of the library that show the evaluator how it hangs together


def train(module: Module, project: Path, *, run: Callable[..., Any], progress: Progress = silent) -> Report:
    """Fit an evaluator on every rated and embedded item and make it the current one; Stopped with too few."""
    report, known = Report("train", module.name), training_set(module)
    vectors = matrix(module).vectors
    library = vectors[::max(1, len(vectors) // SHOWN)][:SHOWN].astype(np.float32)
    db.session.rollback()
    if len(known.y) < LEAST:
        waiting = f" {known.without_vector} rated ones wait for their embedding." if known.without_vector else ""
        raise Stopped(f"Rate at least {LEAST} {module.one}s first; {len(known.y)} can be learned from so far.{waiting}")
    folder, words = cards.folder_of(project, module.name), f"Learning from {len(known.y):,} ratings"

    def tick() -> None:
        told = learning.so_far(folder)
        progress(int(100 * told["fraction"]) if told else 0, 100, told["words"] if told else words)

    learning.begin(folder)
    progress(0, 100, words)
    try:
        card = run(fit_and_publish, known.X, known.y, known.groups, known.ids, known.space, library, folder, tick=tick)
    finally:
        learning.end(folder)
    report.count("ratings", len(known.y))
    report.count("without_vector", known.without_vector)
    progress(100, 100, card["report"]["sentence"])
    return report.end(card["report"]["sentence"])


def fit_and_publish(X: np.ndarray, y: np.ndarray, groups: np.ndarray, ids: np.ndarray, space: str, library: np.ndarray,
                    folder: Path) -> dict:
    """In a worker: fit, save with what it learned from and the seconds it took, make current; the card."""
    started, tell = time.monotonic(), learning.teller(folder)
    tell(0.0, f"Learning from {len(y):,} ratings")
    fitted = fit(X, y, seed=0, groups=groups, space=space, library=library, progress=tell)
    report = fitted.report | {"seconds": round(time.monotonic() - started, 2)}
    store.publish(replace(fitted, ids=ids, ratings=y, report=report), folder)
    return cards.current_card(folder)


def predict(module: Module, project: Path, *, run: Callable[..., Any], progress: Progress = silent) -> Report:
    """Predict every item that what guesses now has not predicted; Stopped where nothing fitting was learned."""
    report, now = Report("predict", module.name), blend.taste(project, module.name)
    if now is None:
        raise Stopped(f"Nothing was learned yet: rate some {module.one}s and train first.")
    held, folder = blend.readable(module, project, now), cards.folder_of(project, module.name)
    todo, told = _todo(module, held.ids, now.version), moving.since(module, project).told if now.own else ()
    db.session.rollback()
    progress(0, len(todo), f"{len(todo):,} to predict")
    for at in range(0, len(todo), BATCH):
        ids = todo[at:at + BATCH]
        own = now.own and run(moving.predict_told, folder, now.own["version"], told, held.vectors[held.rows_of(ids)[1]])
        mean, spread = blend.guesses(module, project, now, ids, own, run)
        _write(module, ids, mean, spread, now.version)
        progress(at + len(ids), len(todo), f"{at + len(ids):,} of {len(todo):,} predicted")
    report.count("predicted", len(todo))
    return report.end()


def _todo(module: Module, known: np.ndarray, version: str) -> np.ndarray:
    Item = module.Item
    ids = np.fromiter(db.session.scalars(select(Item.id).where(
        Item.missing.is_(False), or_(Item.predicted_by.is_(None), Item.predicted_by != version)).order_by(Item.id)),
        np.int64)
    return ids[np.isin(ids, known)]


def waits(module: Module, version: str | None) -> bool:
    """Whether anything is there that this version of what guesses has not predicted."""
    Item = module.Item
    return version is not None and db.session.scalar(select(Item.id).where(Item.missing.is_(False), or_(
        Item.predicted_by.is_(None), Item.predicted_by != version)).limit(1)) is not None


def _write(module: Module, ids: np.ndarray, mean: np.ndarray, spread: np.ndarray, version: str) -> None:
    number = next_revision(module.name)
    db.session.execute(update(module.Item), [
        {"id": id_, "prediction": value, "spread": width, "predicted_by": version, "revised": number}
        for id_, value, width in zip(ids.tolist(), *(np.round(one, moving.DIGITS).tolist() for one in (mean, spread)),
                                     strict=True)])
    db.session.commit()


def go_back(folder: Path, version: str) -> None:
    """Make a kept version the current one; KeyError for one that is not kept."""
    if version not in [card["version"] for card in cards.cards(folder)]:
        raise KeyError(version)
    store.restore(folder, version)
