"""Forgotten gems: what is expected to be liked and was never met, from all over the library."""

from collections import Counter

import numpy as np
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.ranking import Candidates
from flaskr.tables import Place

MOST = 12
LOOKED_AT = 2000  # of the best; more than enough for MOST origins in any but the strangest library
MARGIN = 0.5  # points above the average that a gem must be expected at
CAUTION = 0.5  # spreads by which a guess is lowered: a sure 8 before an unsure one


def gems(module: Module, known: Candidates, where: np.ndarray, *, above: float) -> list[int]:
    """Ids, best first, of items expected well above `above`, never rated, played or opened.

    First one of each origin (artist, folder), of each group of the map at most a third of all; then further ones.
    """
    open_ = np.isnan(known.rating) & np.isnan(known.last_played) & (known.finished == 0) & (known.skipped == 0)
    rows = np.flatnonzero(open_ & (known.mean >= above + MARGIN))
    if not len(rows):
        return []
    met = set(db.session.scalars(select(Place.item_id).where(Place.module == module.name))) if module.resumes else set()
    worth = known.mean[rows] - CAUTION * np.nan_to_num(known.spread[rows], nan=0.0)
    best = rows[np.lexsort((known.id[rows], -worth))[:LOOKED_AT]]
    best = [int(row) for row in best if int(known.id[row]) not in met]
    return [int(known.id[row]) for row in sorted(_spread(best, known.group, where), key=lambda row: -known.mean[row])]


def _spread(rows: list[int], origins: np.ndarray, where: np.ndarray) -> list[int]:
    """MOST rows in rounds: in round r at most r of one origin and r thirds of one group."""
    chosen: list[int] = []
    for most in range(1, MOST + 1):
        of_origin, of_group = Counter(int(origins[row]) for row in chosen), Counter(int(where[row]) for row in chosen)
        for row in rows:
            if len(chosen) == MOST:
                break
            origin, group = int(origins[row]), int(where[row])
            if row not in chosen and (origin < 0 or of_origin[origin] < most) and of_group[group] < most * MOST // 3:
                chosen.append(row)
                of_origin[origin] += 1
                of_group[group] += 1
        if len(chosen) == MOST or len(chosen) == len(rows):
            break
    return chosen
