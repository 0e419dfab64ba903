"""What every collaborative model keeps: inherit, give `fit` and `data`, and these tests run for your model too."""

import dataclasses

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import evaluate, files
from flaskr.collaborative.contract import Model
from flaskr.collaborative.data import Ratings, person
from flaskr.collaborative.protocols import next_liked, some_ratings


class CollaborativeContract:
    """A subclass gives `fit`, and the least NDCG@10 (and the greatest RMSE, if it rates) on generated people, whose popular
    items alone reach 0.17, and whose item and user means an RMSE of 1.34."""

    ndcg, rmse = 0.0, np.inf

    @pytest.fixture(scope="class")
    @classmethod
    def data(cls) -> Ratings:
        return people()

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls, data) -> Model:
        return cls().fit(data)

    def test_it_is_a_frozen_model_with_a_name(self, model):
        assert isinstance(model, Model) and model.name
        with pytest.raises(dataclasses.FrozenInstanceError):
            model.name = "other"

    def test_scores_have_one_finite_row_for_each_person(self, model, data):
        some = data.of_users(np.arange(7))
        score = model.score(some)
        assert score.shape == (7, data.n_items) and score.dtype == np.float32
        left = score.copy()
        left[some.user, some.item] = 0
        assert np.isfinite(left).all()

    def test_ratings_are_between_0_and_10_or_there_are_none(self, model, data):
        rates = model.rate(data.of_users(np.arange(7)))
        if rates is not None:
            assert rates.shape == (7, data.n_items) and rates.dtype == np.float32
            assert rates.min() >= 0 and rates.max() <= 10

    def test_a_new_person_is_answered_as_one_who_was_there(self, model, data):
        known = data.of_users(np.array([5]))
        new = person(known.item[::-1], known.rating[::-1], data)
        assert np.allclose(model.score(new), model.score(known), atol=1e-3)

    def test_neighbours_in_the_call_do_not_matter(self, model, data):
        both = model.score(data.of_users(np.array([3, 9])))
        alone = model.score(data.of_users(np.array([9])))
        assert np.allclose(both[1], alone[0], atol=1e-3)

    @pytest.mark.parametrize("rows", [([], []), ([4], [10.0]), ([4, 9], [-1.0, -1.0])])
    def test_little_or_no_history_is_no_error(self, model, data, rows):
        new = person(*rows, data)
        score, rates = model.score(new), model.rate(new)
        assert score.shape == (1, data.n_items) and not np.isnan(score).any()
        assert rates is None or np.isfinite(rates).all()

    def test_nobody_gives_no_rows(self, model, data):
        assert model.score(data.of_users(np.arange(0))).shape == (0, data.n_items)

    def test_asking_changes_nothing(self, model, data):
        some = data.of_users(np.arange(4))
        before = model.score(some).copy()
        model.rate(some)
        assert np.array_equal(model.score(some), before)

    def test_a_fit_is_repeatable(self, model, data):
        some = data.of_users(np.arange(5))
        assert np.allclose(self.fit(data).score(some), model.score(some), atol=1e-4)

    def test_it_survives_the_disk_mapped_and_without_pickles(self, model, data, tmp_path):
        loaded = self.again(model, tmp_path / "model")
        some = data.of_users(np.arange(5))
        assert np.array_equal(loaded.score(some), model.score(some))
        assert model.rate(some) is None or np.array_equal(loaded.rate(some), model.rate(some))
        assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} == {".safetensors", ".json"}

    def again(self, model, folder):
        files.save(model, folder)
        return files.load(type(model), folder)

    def test_a_catalogue_is_not_needed(self, data):
        bare = dataclasses.replace(data, catalogue=None)
        assert np.isfinite(self.fit(bare).score(bare.of_users(np.arange(2)))).any()

    def test_it_finds_what_people_go_on_to_like(self, data):
        split = next_liked(data)
        found = {name: value for name, value, *_ in evaluate.ranking(self.fit(split.train), split)}
        assert found["ndcg10"] >= self.ndcg

    def test_it_guesses_hidden_ratings(self, data):
        split = some_ratings(data)
        found = {name: value for name, value, *_ in evaluate.rating(self.fit(split.train), split)}
        assert found.get("rmse", 0) <= self.rmse
