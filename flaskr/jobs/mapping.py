"""Map: every embedded item of a library on a plane and in a group of its like, and the groups' names, into one file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from flaskr.describing import naming
from flaskr.describing.facts import columns
from flaskr.embeddings import store
from flaskr.embeddings.store import Matrix, matrix
from flaskr.evaluator import clusters, mapping, maps
from flaskr.extensions import db
from flaskr.library import words
from flaskr.media.contract import Module
from flaskr.progress import Progress, Report, silent
from flaskr.tables import revision

BATCH = 20_000
GROWN = 1.25  # times the items that a plan was made of, up to which new ones are only placed: the map stays as it is known
NAMED = 200  # items of a group that its name is made from
CENTRAL = 24  # items of each group kept as its examples


def map_library(module: Module, project: Path, *, run: Callable[..., Any], progress: Progress = silent) -> Report:
    """Bring the map in line with the embeddings. Nothing to do while they, and what the files say, are the same."""
    report, path = Report("map", module.name), maps.path_of(project, module.name)
    held, stamp = matrix(module), _stamp(module)
    db.session.rollback()
    if len(held.ids) < mapping.LEAST:
        return report.end(f"A map needs {mapping.LEAST} embedded {module.one}s; {len(held.ids)} are there.")
    known = maps.load(path)
    if known is not None and known.stamp == stamp:
        return report.end()
    made = maps.load_plan(path) if known is not None and known.space == held.space else None
    if made is None or not made.of / GROWN <= len(held.ids) <= made.of * GROWN:
        progress(0, len(held.ids), "Looking for groups")
        made = run(mapping.plan, _sample(held), len(held.ids),
                   tick=lambda: progress(0, len(held.ids), "Looking for groups"))
        report.count("planned")
    at, group, far = _placed(held, made, run, progress)
    central = clusters.central(group, far, groups=len(made.middles), count=CENTRAL)
    names = run(naming.names, _terms(module, held, group), len(made.middles))
    db.session.rollback()
    maps.save(path, maps.LibraryMap(
        ids=held.ids, at=np.round(at * maps.FINE).astype(np.int16), group=group,
        central=np.where(central >= 0, held.ids[central], -1), names=tuple(names), space=held.space, stamp=stamp), made)
    report.count("mapped", len(held.ids))
    return report.end()


def outdated(module: Module, project: Path) -> bool:
    """Whether there are embeddings enough for a map that no map shows, or a map of other ones."""
    return len(matrix(module).ids) >= mapping.LEAST and maps.stamp_of(maps.path_of(project, module.name)) != _stamp(module)


def _stamp(module: Module) -> str:
    return f"{revision(store.stream(module))} {revision(words.stream(module))}"


def _sample(held: Matrix) -> np.ndarray:
    """Rows by chance, the same ones for the same library."""
    rows = np.random.default_rng(0).permutation(len(held.ids))[:mapping.SAMPLED]
    return held.vectors[np.sort(rows)]


def _placed(held: Matrix, made: mapping.Plan, run: Callable[..., Any], progress: Progress) -> tuple[np.ndarray, ...]:
    """(places, groups, distances) of every item, found in batches: a worker never holds the whole library."""
    found = []
    for start in range(0, len(held.ids), BATCH):
        found.append(run(mapping.place, made, held.vectors[start:start + BATCH]))
        progress(min(start + BATCH, len(held.ids)), len(held.ids), "Placing")
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def _terms(module: Module, held: Matrix, group: np.ndarray) -> list[tuple[int, list[naming.Term]]]:
    """(group, terms) of up to NAMED items of each group, drawn by chance."""
    shuffled, wanted = np.random.default_rng(1).permutation(len(group)), {}
    for one in np.unique(group):
        rows = shuffled[group[shuffled] == one][:NAMED]
        wanted |= dict.fromkeys(held.ids[rows].tolist(), int(one))
    Item, found, ids = module.Item, [], sorted(wanted)
    asked = [getattr(Item, key) for key in columns(module)]
    for start in range(0, len(ids), 500):
        rows = db.session.execute(select(Item.id, *asked).where(Item.id.in_(ids[start:start + 500])).order_by(Item.id))
        found += [(wanted[row.id], naming.terms(module, row._mapping)) for row in rows]
    return found
