"""Both heads over their members: what a person will watch and like, how much they will like it, and why."""
from __future__ import annotations

import os
import shutil
import tempfile
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.collaborative import files, liking, watching
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ease import Ease
from flaskr.collaborative.evidence import Facts, Members, fit_members, gather
from flaskr.collaborative.forest import Forest
from flaskr.collaborative.ials import Ials
from flaskr.collaborative.neighbours import Neighbours, fit_neighbours
from flaskr.collaborative.simple import Bias, Popularity, fit_bias, fit_popularity
from flaskr.collaborative.taste import Taste, fit_taste
from flaskr.collaborative.walks import Walks

UNKNOWN = 1  # up to so many rows of a person, popularity decides
BEHIND = 1000.0  # what is no candidate comes after all that are


@dataclass(frozen=True)
class Ensemble:
    """The members as fitted on everything, and the two heads as learnt on hidden rows: forest for people with many
    rows, beginners for those with few; None where no trees were better than the members."""

    name: ClassVar[str] = "ensemble"
    popularity: Popularity
    bias: Bias
    neighbours: Neighbours
    taste: Taste
    ease: Ease
    ials: Ials
    walks: Walks
    facts: Facts
    liking: liking.Weights
    forest: Forest | None
    beginners: Forest | None

    @property
    def members(self) -> Members:
        """Those that the ranking head asks."""
        return Members(self.facts, self.ease, self.ials, self.walks, self.taste)

    def score(self, people: Ratings, tasted: np.ndarray | None = None) -> np.ndarray:
        """float32 [people, items], -inf where seen: log odds that this person watches and likes the item, for candidates; the
        members' sum behind them. People with at most one row get popularity. tasted: taste.rate(people), if it is known."""
        chosen, evidence, key = gather(people, self.members, tasted)
        few = np.diff(people.starts) <= watching.FEW
        for forest, mine in ((self.forest, np.flatnonzero(~few)), (self.beginners, np.flatnonzero(few))):
            if forest is not None and len(mine):
                place, items = mine[:, None], chosen[mine]
                logit = watching.ordered(forest, evidence[mine])
                logit[key[place, items] == -np.inf] = -np.inf
                key[mine] -= BEHIND
                key[place, items] = logit
        new = np.diff(people.starts) <= UNKNOWN
        if new.any():
            key[new] = np.where(np.isfinite(key[new]), self.popularity.likes, -np.inf)
        return key

    def rate(self, people: Ratings, tasted: np.ndarray | None = None) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        others = [self.neighbours.rate(people), self.taste.rate(people) if tasted is None else tasted]
        count = np.bincount(people.user[people.rated], minlength=people.n_users)
        return self.liking.blend(self.bias.rate(people), others, count)

    def save(self, folder: Path) -> None:
        """One folder for each member, written beside and renamed: `folder` is always whole."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=folder.name + ".saving-", dir=folder.parent))
        for field in fields(self):
            if getattr(self, field.name) is not None:
                files.save(getattr(self, field.name), new / field.name)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(new, folder)


def load_ensemble(folder: Path) -> Ensemble:
    """What `save` wrote, mapped; ValueError, in a sentence, if a part is missing or damaged."""
    kinds = {"popularity": Popularity, "bias": Bias, "neighbours": Neighbours, "taste": Taste,
             "ease": Ease, "ials": Ials, "walks": Walks, "facts": Facts, "liking": liking.Weights, "forest": Forest,
             "beginners": Forest}
    return Ensemble(**{name: files.load(kind, folder / name) if kind is not Forest or (folder / name).is_dir() else None
                       for name, kind in kinds.items()})


def fit_ensemble(data: Ratings, *, seed: int = 2002, executor: Executor | None = None) -> Ensemble:
    """Learn the heads on rows hidden inside `data` from members that never saw them; then fit the members on everything.
    The heavy parts go to `executor` in blocks (`blocks.py`), to the same numbers. One BLAS thread here: on small machines the
    spinning of more costs more than they gain."""
    with threadpool_limits(1):
        case = watching.inner(data, seed)
        train = case.split.train
        taste = fit_taste(train, executor=executor)
        weights = liking.learn(case.split, fit_bias(train), (fit_neighbours(train, executor=executor), taste))
        first = fit_members(train, taste, executor=executor)
        forest, beginners, _ = watching.learn(case, first, seed=seed, executor=executor)
        start = first.ials
        del taste, train, case, first
        members = fit_members(data, ials=start, executor=executor)
        return Ensemble(fit_popularity(data), fit_bias(data), fit_neighbours(data, executor=executor), members.taste,
                        members.ease, members.ials, members.walks, members.facts, weights, forest, beginners)
