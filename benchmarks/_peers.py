"""Models of other libraries behind our contract, to be measured in the same process: implicit and Surprise."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np

from flaskr.collaborative.data import Ratings


def peers() -> dict:
    """name -> fit, of those libraries that are installed (requirements-dev.txt)."""
    found = {"implicit ALS d128": fit_implicit_als, "implicit cosine": fit_implicit_cosine} if find_spec("implicit") else {}
    return found | ({"Surprise SVD": fit_surprise_svd} if find_spec("surprise") else {})


@dataclass(frozen=True)
class Implicit:
    """A model of implicit; people are folded in by its own recalculation."""

    name: ClassVar[str] = "implicit"
    model: Any
    n_items: int

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]; 0 where the library gives none."""
        from scipy.sparse import csr_matrix
        X, found = csr_matrix(people.matrix()), np.zeros((people.n_users, self.n_items), np.float32)
        if people.n_users:
            if hasattr(self.model, "item_factors"):
                place = self.model.recalculate_user(np.arange(people.n_users), X)
                return (place @ self.model.item_factors.T).astype(np.float32)
            found[:] = (X @ self.model.similarity.T).toarray()
        return found

    def rate(self, people: Ratings) -> None:
        """No opinion."""


def fit_implicit_als(data: Ratings) -> Implicit:
    """Its alternating least squares, d = 128, on what was watched; of alpha 1, 5 and 20 the best on inner rows."""
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix
    model = AlternatingLeastSquares(128, alpha=5, iterations=15, random_state=0, num_threads=1)
    model.fit(csr_matrix(data.matrix()), show_progress=False)
    return Implicit(model, data.n_items)


def fit_implicit_cosine(data: Ratings) -> Implicit:
    """Its item neighbours by cosine, K = 100, each item by its own neighbours (better here than the other way round)."""
    from implicit.nearest_neighbours import CosineRecommender
    from scipy.sparse import csr_matrix
    model = CosineRecommender(100, num_threads=1)
    model.fit(csr_matrix(data.matrix()), show_progress=False)
    return Implicit(model, data.n_items)


@dataclass(frozen=True)
class Surprise:
    """Surprise's SVD. It can't fold anybody in: people are found again by their ids, others get the items' means."""

    name: ClassVar[str] = "surprise"
    model: Any
    user_ids: np.ndarray

    def score(self, people: Ratings) -> np.ndarray:
        """float32 [people, items]: the expected rating as an order."""
        return self.rate(people)

    def rate(self, people: Ratings) -> np.ndarray:
        """float32 [people, items] in 0..10."""
        model, train = self.model, self.model.trainset
        items = np.array([train._raw2inner_id_items.get(item, -1) for item in range(people.n_items)])
        place = np.searchsorted(self.user_ids, people.user_ids)
        users = np.array([train._raw2inner_id_users.get(int(user), -1) for user in place])
        known, there = (users >= 0)[:, None], items >= 0
        found = np.full((len(users), len(items)), train.global_mean)
        found += np.where(there, model.bi[items], 0) + np.where(known, model.bu[users][:, None], 0)
        found += np.where(known & there, model.pu[users] @ model.qi[items].T, 0)
        return np.clip(found, 1, 10).astype(np.float32)


def fit_surprise_svd(data: Ratings) -> Surprise:
    """Its SVD with its defaults."""
    from surprise import SVD, Dataset, Reader
    rated = data.rated
    rows = zip(data.user[rated].tolist(), data.item[rated].tolist(), data.rating[rated].tolist(), strict=True)
    train = Dataset(Reader(rating_scale=(1, 10))).construct_trainset([(*row, None) for row in rows])
    return Surprise(SVD(random_state=0).fit(train), data.user_ids)
