"""One model of the person over all media, in the space of descriptions, and what each medium gets from it; arrays only."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flaskr.evaluator import blend, signals
from flaskr.evaluator.blind import Blind, blind, learnable, places
from flaskr.evaluator.choice import NORMAL, conformal
from flaskr.evaluator.evaluator import Evaluator
from flaskr.evaluator.fit import fit
from flaskr.evaluator.folds import join_alike
from flaskr.evaluator.pooling import Passages, choose_pooling

UNIVERSAL = "universal"  # its folder beside those of the media, see cards.folder_of
MEDIUM = 0.3  # length of what tells the media apart, beside a description of length 1: own averages, shared words
MOST = 4000  # ratings from which weights and comparisons are made


@dataclass(frozen=True)
class Medium:
    """The rated items of one kind of media. X: float32 [n, own dim], its own vectors; D: float32 [n, dim], those of the
    descriptions; y: [n]; groups: int [n]. passages: of the items in D that have several. heard: what had been played before
    it was rated, or None. library: float32 [m, own dim], a sample of its items for the graph, or None. version: its own
    evaluator, None where it has none."""

    name: str
    X: np.ndarray
    D: np.ndarray
    y: np.ndarray
    groups: np.ndarray
    passages: Passages | None = None
    heard: signals.Heard | None = None
    library: np.ndarray | None = None
    version: str | None = None

    def some(self, rows: np.ndarray) -> Medium:
        """Of some rows, ascending."""
        passages = heard = None
        if self.passages is not None:
            kept = np.isin(self.passages.owner, rows)
            passages = Passages(self.passages.rows[kept], np.searchsorted(rows, self.passages.owner[kept]))
        if self.heard is not None:
            heard = signals.Heard(self.heard.finished[rows], self.heard.skipped[rows], self.heard.share[rows])
        return replace(self, X=self.X[rows], D=self.D[rows], y=self.y[rows], groups=self.groups[rows], passages=passages,
                       heard=heard)


def with_medium(D: np.ndarray, medium: str, order: Sequence[str]) -> np.ndarray:
    """Descriptions float32 [n, dim] and which of the media of `order` they are of: float32 [n, dim + len(order)]; the same
    for all where the medium is not among them."""
    told = np.zeros((len(D), len(order)), np.float32)
    if medium in order:
        told[:, list(order).index(medium)] = MEDIUM
    return np.concatenate([D.astype(np.float32), told], axis=1)


def learn(media: Sequence[Medium], order: Sequence[str], *, space: str, library: np.ndarray | None = None,
          listen_to: Sequence[str] = (), seed: int = 0) -> Evaluator:
    """The universal evaluator of all `media`; `order`: names of all media there are; library: float32 [m, dim + len(order)],
    as with_medium gives. listen_to: which signals may speak (signals.SIGNS).

    Its hyperparameters hold, beside those of fit: order; pooling; `across` {medium: {"n", "version", "blend" (of
    blend.Blend), "gain" (of the blend over the own guess), "transfer" (what the other media alone teach it, over their
    average), "signals" (of signals.Head)}}, gain and transfer as blend.gains or None. No rating had a part in what is
    measured on it. ValueError as fit.
    """
    chosen = _some(media, seed)
    units = [join_alike(join_alike(np.unique(one.groups, return_inverse=True)[1], one.D), one.X) for one in chosen]
    folds = [places(mine, seed) for mine in units]
    y, passages = np.concatenate([one.y for one in chosen]), _passages(chosen)
    pooling, crossed, pooled = choose_pooling(np.concatenate([one.D for one in chosen]), y, passages, np.concatenate(folds))
    evaluator = fit(_rows(media, [pooling(one.D, one.passages) for one in media], order),
                    np.concatenate([one.y for one in media]), groups=_groups(media), space=space, library=library, seed=seed)
    ends = np.cumsum([len(one.y) for one in chosen])
    where = [np.arange(end - len(one.y), end) for one, end in zip(chosen, ends, strict=True)]
    rows = _rows(chosen, [crossed[at] for at in where], order)
    which = np.repeat(np.arange(len(chosen)), [len(at) for at in where])
    told = np.concatenate([mine + 1_000_000 * at for at, mine in enumerate(units)])
    guesses = blind(rows, y, np.concatenate(folds), units=told, seed=seed) if learnable(y, told) else None
    others = _others(rows, y, which, told, seed)
    wide = _widened(chosen, others)
    across = {one.name: _of_medium(one, mine, place, guesses and guesses.of(at), others.get(number), wide, listen_to, seed)
              for number, (one, mine, place, at) in enumerate(zip(chosen, units, folds, where, strict=True))}
    said = {"order": list(order), "pooling": pooling.as_dict() | pooled, "across": across, "wide": wide}
    return replace(evaluator, hyperparameters=evaluator.hyperparameters | said)


def _of_medium(one: Medium, units: np.ndarray, place: np.ndarray, universal: Blind | None, others: Blind | None, wide: float,
               listen_to: Sequence[str], seed: int) -> dict[str, Any]:
    """What is said of one medium, see learn."""
    said = {"n": len(one.y), "version": one.version, "blend": blend.OWN.as_dict(), "gain": None, "transfer": None,
            "signals": None}
    if others is not None:
        said["transfer"] = blend.gains(one.y, others, blend.constant(others), units, seed)
    if one.version is None or universal is None or not learnable(one.y, units):
        if one.version is None:
            said["blend"] = replace(blend.few(one.y, universal), factor=wide).as_dict()
        return said
    own = blind(one.X, one.y, place, units=units, seed=seed, library=one.library)
    shown = blend.blended(one.y, own, universal, place)
    said["blend"] = blend.weigh(one.y, own, universal).as_dict()
    said["gain"] = blend.gains(one.y, shown, own, units, seed)
    if one.heard is not None:
        said["signals"] = signals.listen(one.y, shown.mean, one.heard, listen_to, place).as_dict()
    return said


def _others(rows: np.ndarray, y: np.ndarray, which: np.ndarray, units: np.ndarray, seed: int) -> dict[int, Blind]:
    """{medium: guesses of its ratings by what was learned from all other media alone}, of media with enough ratings."""
    able = [one for one in np.unique(which) if learnable(y[which == one], units[which == one])]
    if len(able) < 2:
        return {}
    kept = np.flatnonzero(np.isin(which, able))
    found = blind(rows[kept], y[kept], which[kept], units=units[kept], seed=seed)
    return {int(one): found.of(np.flatnonzero(which[kept] == one)) for one in able}


def _widened(media: Sequence[Medium], others: Mapping[int, Blind]) -> float:
    """By what spreads must be multiplied in a medium that was never rated, from how it went where that is known; 1 or more."""
    scores = [np.abs(media[at].y - found.mean) / found.spread for at, found in others.items()]
    return max(1.0, conformal(np.concatenate(scores)) / NORMAL) if scores else 1.0


def _some(media: Sequence[Medium], seed: int) -> list[Medium]:
    """At most MOST rows of all media together, each with its share."""
    total = sum(len(one.y) for one in media)
    if total <= MOST:
        return list(media)
    rng = np.random.default_rng(seed)
    return [one.some(np.sort(rng.permutation(len(one.y))[:max(1, round(MOST * len(one.y) / total))])) for one in media]


def _rows(media: Sequence[Medium], described: Sequence[np.ndarray], order: Sequence[str]) -> np.ndarray:
    return np.concatenate([with_medium(D, one.name, order) for one, D in zip(media, described, strict=True)])


def _groups(media: Sequence[Medium]) -> np.ndarray:
    """Codes of all groups; those of different media differ."""
    found, next_code = [], 0
    for one in media:
        found.append(np.unique(one.groups, return_inverse=True)[1] + next_code)
        next_code = int(found[-1].max(initial=next_code - 1)) + 1
    return np.concatenate(found)


def _passages(media: Sequence[Medium]) -> Passages | None:
    rows, owner, at = [], [], 0
    for one in media:
        if one.passages is not None:
            rows.append(one.passages.rows)
            owner.append(one.passages.owner + at)
        at += len(one.y)
    return Passages(np.concatenate(rows), np.concatenate(owner)) if rows else None
