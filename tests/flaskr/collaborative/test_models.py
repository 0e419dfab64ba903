"""Each model keeps the contract; what is its own is tested below."""

from functools import partial

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks._watchers import people
from flaskr.collaborative import files
from flaskr.collaborative.content import fit_content
from flaskr.collaborative.data import person
from flaskr.collaborative.ease import Ease, fit_ease, worth
from flaskr.collaborative.factors import fit_factors
from flaskr.collaborative.forest import Forest, grow
from flaskr.collaborative.ials import fit_ials
from flaskr.collaborative.neighbours import fit_neighbours
from flaskr.collaborative.nmf import fit_nmf
from flaskr.collaborative.simple import Popularity, fit_bias, fit_popularity, fit_random
from flaskr.collaborative.taste import fit_taste
from flaskr.collaborative.walks import fit_walks
from tests.contract.collaborative_contract import CollaborativeContract


class TestRandom(CollaborativeContract):
    fit = staticmethod(fit_random)


class TestPopularity(CollaborativeContract):
    fit, ndcg = staticmethod(fit_popularity), 0.14


class TestBias(CollaborativeContract):
    fit, rmse = staticmethod(fit_bias), 1.37


class TestEase(CollaborativeContract):
    fit, ndcg = staticmethod(fit_ease), 0.40


class TestIals(CollaborativeContract):
    fit, ndcg = staticmethod(partial(fit_ials, width=16)), 0.30


class TestWalks(CollaborativeContract):
    fit, ndcg = staticmethod(partial(fit_walks, beta=0.2)), 0.31


class TestNmf(CollaborativeContract):
    fit, ndcg = staticmethod(fit_nmf), 0.28


class TestNmfGroups(CollaborativeContract):
    fit, ndcg = staticmethod(partial(fit_nmf, whole=False)), 0.09


class TestTaste(CollaborativeContract):
    fit, ndcg, rmse = staticmethod(fit_taste), 0.12, 1.26


class TestNeighbours(CollaborativeContract):
    fit, ndcg, rmse = staticmethod(fit_neighbours), 0.28, 1.31


class TestContent(CollaborativeContract):
    fit, ndcg, rmse = staticmethod(fit_content), 0.06, 1.34


class TestFactors(CollaborativeContract):
    fit, ndcg, rmse = staticmethod(fit_factors), 0.06, 1.34


@pytest.fixture(scope="module")
def data():
    return people(120, 80)


def test_ease_is_steck_s_closed_form(data):
    X = data.matrix(worth(data.rating)).toarray().astype(np.float64)
    seen = (X > 0).sum(0) >= 3
    P = np.linalg.inv(X[:, seen].T @ X[:, seen] + 200 * np.eye(seen.sum()))
    B = np.eye(len(P)) - P / np.diag(P)
    ours = fit_ease(data, kept=80).weights.toarray()
    assert np.allclose(ours[np.ix_(seen, seen)], B, atol=1e-4) and not ours[~seen].any()


def test_ease_parts_add_up_to_the_score(data):
    ease, one = fit_ease(data), data.of_users(np.array([4]))
    item = int(ease.score(one)[0].argmax())
    assert ease.parts(one, item).sum() == pytest.approx(ease.score(one)[0, item], abs=1e-5)


def test_taste_is_scikit_learn_s_gaussian_process(data):
    """With the kernel written out in full, the regression of scikit-learn gives the same expected ratings."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import PairwiseKernel
    taste = fit_taste(data, kept=80, width=80)
    story = taste.story[:, None] == taste.story
    K = taste.described @ taste.described.T + taste.close.toarray() + 0.6 * story + 0.5
    kernel = PairwiseKernel(metric=lambda i, j, gamma: K[int(i[0]), int(j[0])])
    one = data.of_users(np.array([8]))
    mine = one.keep(one.rated)
    oracle = GaussianProcessRegressor(kernel, alpha=0.6, optimizer=None)
    oracle.fit(mine.item[:, None], mine.rating - taste.mean - taste.item[mine.item])
    expected = taste.mean + taste.item + oracle.predict(np.arange(data.n_items)[:, None])
    assert np.allclose(taste.rate(one)[0], np.clip(expected, 0, 10), atol=2e-3)


def test_taste_stays_finite_where_cutting_spoils_the_kernel(data):
    from dataclasses import replace
    taste = fit_taste(data)
    bad = replace(taste, close=csr_array(np.where(taste.close.toarray() > 0, -5, 5).astype(np.float32)))
    assert np.isfinite(bad.rate(data.of_users(np.arange(20)))).all()


def test_als_lowers_its_own_loss(data):
    def loss(model):
        X, U = data.matrix(worth(data.rating)).toarray(), model.place(data)
        S, V = U @ model.items.T, model.items
        seen = X > 0
        a, r = model.unseen, model.ridge
        ridge = (r * (seen.sum(1) + a * data.n_items) * (U**2).sum(1)).sum()
        ridge += (r * (seen.sum(0) + a * data.n_users) * (V**2).sum(1)).sum()
        return ((X - S)[seen] ** 2).sum() + a * (S**2).sum() + ridge
    losses = [loss(fit_ials(data, width=8, rounds=rounds)) for rounds in (1, 3, 6)]
    assert losses[0] > losses[1] > losses[2]


def test_trees_answer_as_scikit_learn(monkeypatch):
    from sklearn import ensemble
    grown = []
    kind = ensemble.HistGradientBoostingClassifier
    fit = kind.fit
    monkeypatch.setattr(kind, "fit", lambda self, X, y: grown.append(self) or fit(self, X, y))
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(3000, 5)).astype(np.float32)
    hit = rows[:, 0] * rows[:, 1] + 0.3 * rng.normal(size=3000) > 0.4
    forest = grow(rows, hit, trees=20)
    assert np.allclose(forest.logit(rows), grown[0].decision_function(rows), atol=1e-4)
    assert grow(rows, hit, trees=20, share=0.5).base == pytest.approx(forest.base + np.log(0.5))


def test_trees_survive_the_disk(tmp_path):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(600, 3)).astype(np.float32)
    forest = grow(rows, rows[:, 0] > 0, trees=5)
    files.save(forest, tmp_path / "forest")
    assert np.array_equal(files.load(Forest, tmp_path / "forest").logit(rows), forest.logit(rows))


def test_a_watched_row_counts_in_ease_and_not_in_taste(data):
    ease, taste = fit_ease(data), fit_taste(data)
    watched, nothing = person([3], [-1.0], data), person([], [], data)
    assert np.abs(ease.score(watched)).sum() > 0
    assert np.allclose(taste.rate(watched), taste.rate(nothing))


@pytest.mark.parametrize("spoil", ["another", "cut", "header", "missing", "card"])
def test_a_damaged_model_is_refused_in_a_sentence(data, tmp_path, spoil):
    folder = tmp_path / "m"
    files.save(fit_popularity(data), folder)
    path = folder / files.ARRAYS
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:-8])
    elif spoil == "header":
        path.write_bytes(b"\xff" * 64)
    elif spoil == "missing":
        path.unlink()
    elif spoil == "card":
        (folder / files.CARD).write_text("{")
    with pytest.raises(ValueError, match="model|safetensors|cut off"):
        files.load(Ease if spoil == "another" else Popularity, folder)


def test_loaded_arrays_are_mapped_and_cannot_be_written(data, tmp_path):
    files.save(fit_popularity(data), tmp_path / "m")
    likes = files.load(Popularity, tmp_path / "m").likes
    assert not likes.flags.writeable and not likes.flags.owndata


def test_saving_again_replaces_the_model(data, tmp_path):
    files.save(fit_popularity(data), tmp_path / "m")
    files.save(fit_ease(data), tmp_path / "m")
    assert files.load(Ease, tmp_path / "m").weights.shape == (80, 80)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
