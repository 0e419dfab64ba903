"""Twenty groups of taste by non-negative factors, as the first version of this project had them; and their product."""
from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from flaskr.collaborative.data import Ratings

GROUPS, ROUNDS, ASK_ROUNDS = 20, 200, 30


@dataclass(frozen=True)
class Nmf:
    """X ~ W H. X: ratings 0..10, nothing where there is none. items: float32 [groups, m], the H. `whole`: rank by W H; else
    by the row of H of the person's strongest group."""

    name: ClassVar[str] = "nmf"
    items: np.ndarray
    whole: bool = True

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]."""
        strength = self.groups(people)
        return strength @ self.items if self.whole else self.items[strength.argmax(1)]

    def rate(self, people: Ratings) -> np.ndarray | None:
        """float32 [people, items]: W H read as ratings. Far off, as every gap was read as 0: shown for comparison."""
        return np.clip(self.groups(people) @ self.items, 0, 10) if self.whole else None

    def groups(self, people: Ratings) -> np.ndarray:
        """float32 [people, groups]: each person's part in each group, H given, by multiplicative steps (Lee and Seung
        1999)."""
        H, rated = self.items, people.rated
        told = people.matrix(people.rating, rated) @ H.T
        among = H @ H.T
        found = np.full((people.n_users, len(H)), 0.1, np.float32)
        for _ in range(ASK_ROUNDS):
            found *= told / (found @ among + 1e-9)
        return found


def fit_nmf(data: Ratings, *, whole: bool = True, groups: int = GROUPS, seed: int = 0) -> Nmf:
    """scikit-learn's NMF, n_components = 20, on rated rows. It is here for comparison: that 200 rounds were not enough on
    an odd set is no news to anybody."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    X = data.matrix(data.rating, data.rated)
    groups = min(groups, *X.shape)
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = NMF(n_components=groups, init="nndsvda", max_iter=ROUNDS, tol=1e-3, random_state=seed).fit(X)
    return Nmf(model.components_.astype(np.float32), whole)
