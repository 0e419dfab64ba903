"""Gives every item a vector of what is said of it, in the text space: meaning can be searched in all kinds of media."""

from collections.abc import Callable, Iterator
from hashlib import blake2b

import numpy as np
from sqlalchemy import delete, insert, select

from flaskr.describing import columns, description
from flaskr.embedders import TextEmbedder
from flaskr.embedders.projection import AsItIs
from flaskr.embeddings import store
from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.progress import Progress, silent
from flaskr.tables import Embedding, next_revision

TASK = 64  # descriptions that a worker embeds at a time, and that are committed together: about a second of work
ROWS = 5000


def says_itself(module: Module) -> bool:
    """Whether the module's own vectors are in the text space, so that no description is needed."""
    return module.embedder == TextEmbedder.takes


def embed_descriptions(module: Module, *, each: Callable[..., Iterator], progress: Progress = silent) -> int:
    """Embed the description of every item that has none, or whose facts have changed; how many were embedded."""
    if says_itself(module):
        return 0
    todo, done, embedder = undescribed(module), 0, TextEmbedder()
    tasks = [todo[at:at + TASK] for at in range(0, len(todo), TASK)]
    results = each(embedder.parts, (([words for _, words in task],) for task in tasks), chunk=1)
    for number, (task, (_, vectors, _)) in enumerate(zip(tasks, results, strict=True), start=1):
        if vectors is not None:  # a worker that was lost: its items are found missing by the next run
            _save(module, embedder.space, task, vectors)
            done += len(task)
        progress(min(number * TASK, len(todo)), len(todo), f"{done:,} of {len(todo):,} described")
    return done


def undescribed(module: Module) -> list[tuple[int, str]]:
    """(item id, description) of the present items whose description has no vector."""
    Item, space, names = module.Item, TextEmbedder().space, columns(module)
    known = dict(map(tuple, db.session.execute(select(Embedding.item_id, Embedding.fingerprint).where(
        Embedding.module == module.name, Embedding.space == space))))
    rows = db.session.execute(select(Item.id, *(getattr(Item, name) for name in names))
                              .where(Item.missing.is_(False)).order_by(Item.id).execution_options(yield_per=ROWS))
    said = ((item, description(module, dict(zip(names, facts, strict=True)))) for item, *facts in rows)
    todo = [(item, words) for item, words in said if words and known.get(item) != mark(words)]
    db.session.rollback()
    return todo


def mark(words: str) -> str:
    """A short hash of a description: other words, another mark."""
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _save(module: Module, space: str, task: list[tuple[int, str]], vectors: np.ndarray) -> None:
    next_revision(store.stream(module, space))
    db.session.execute(delete(Embedding).where(Embedding.module == module.name, Embedding.space == space,
                                               Embedding.item_id.in_([item for item, _ in task])))
    db.session.execute(insert(Embedding), [
        {"module": module.name, "space": space, "item_id": item, "fingerprint": mark(words), "projection": AsItIs.id,
         "vector": vector.astype(np.float16).tobytes()}
        for (item, words), vector in zip(task, vectors, strict=True)])
    db.session.commit()
