"""The ensemble keeps the contract, is not worse than its members, knows newcomers, and says why."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import evaluate, leaderboard, liking, order, watching
from flaskr.collaborative.data import LIKED, person
from flaskr.collaborative.ease import fit_ease
from flaskr.collaborative.ensemble import fit_ensemble, load_ensemble
from flaskr.collaborative.evidence import COLUMNS, fit_members, gather
from flaskr.collaborative.ials import fit_ials
from flaskr.collaborative.neighbours import fit_neighbours
from flaskr.collaborative.protocols import liked_or_not, next_liked, some_ratings
from flaskr.collaborative.reasons import reasons
from flaskr.collaborative.simple import fit_bias, fit_popularity, fit_random
from flaskr.collaborative.taste import fit_taste
from tests.contract.collaborative_contract import CollaborativeContract


class TestEnsemble(CollaborativeContract):
    fit, ndcg, rmse = staticmethod(fit_ensemble), 0.50, 1.26

    def again(self, model, folder):
        model.save(folder)
        return load_ensemble(folder)


@pytest.fixture(scope="module")
def data():
    return people()


@pytest.fixture(scope="module")
def fitted(data):
    return fit_ensemble(data)


def figures(fit, split, measure):
    return {name: evaluate.Figure("", "", name, *rest) for name, *rest in measure(fit(split.train), split)}


@pytest.mark.parametrize(("protocol", "measure", "name", "members", "sign"), [
    (next_liked, evaluate.ranking, "ndcg10", (fit_ease, fit_ials, fit_popularity), 1),
    (liked_or_not, evaluate.liking, "auc", (fit_taste, fit_neighbours, fit_bias), 1),
    (some_ratings, evaluate.rating, "rmse", (fit_taste, fit_neighbours, fit_bias), -1)])
def test_it_is_not_worse_than_its_best_member(data, protocol, measure, name, members, sign):
    split = protocol(data)
    ours = figures(fit_ensemble, split, measure)[name]
    for member in members:
        difference, low, high = evaluate.difference(ours, figures(member, split, measure)[name])
        assert sign * difference > -0.004 and max(sign * low, sign * high) > 0


def test_what_was_seen_is_never_recommended(fitted, data):
    some = data.of_users(np.arange(20))
    score = fitted.score(some)
    assert np.isneginf(score[some.user, some.item]).all()
    assert np.isneginf(score).sum() == len(some)


def test_one_row_gives_popularity_and_five_are_personal(fitted, data):
    usual = np.argsort(-fitted.popularity.likes, kind="stable")
    one = fitted.score(person([usual[50]], [9.0], data))[0]
    assert np.array_equal(np.argsort(-one, kind="stable")[:10], usual[:10])
    tops = [set(np.argsort(-fitted.score(person(usual[start:start + 5], [9.0] * 5, data))[0])[:10].tolist())
            for start in (20, 60, 100)]
    assert len(set.union(*tops)) > 15


def test_somebody_who_saw_everything_gets_nothing(fitted, data):
    score = fitted.score(person(np.arange(data.n_items), np.full(data.n_items, 8.0), data))
    assert np.isneginf(score).all() and len(order.page(score[0], fitted.taste.story, 10)) == 0


def test_too_few_people_make_a_model_without_trees():
    few = people(12, 40, each=8)
    model = fit_ensemble(few)
    assert model.forest is None and np.isfinite(model.rate(few)).all()
    assert (np.isfinite(model.score(few)).sum(1) == 40 - np.bincount(few.user)).all()


def test_newcomers_are_wholly_out_of_the_inner_training(data):
    case = watching.inner(data, 5)
    out = case.newcomers.user_ids
    assert len(out) > 10 and not np.isin(case.split.train.user_ids[case.split.train.user], out).any()
    assert not np.isin(data.user_ids[case.split.hidden.user], out).any()
    assert case.likes.rating.min() >= LIKED
    assert len(out) == 3 * len(set(out)) and np.bincount(case.newcomers.user).max() <= 30


def test_evidence_has_its_columns_and_no_gaps(data):
    train = data.of_users(np.arange(200))
    chosen, rows, key = gather(data.of_users(np.arange(3)), fit_members(train))
    assert rows.shape == (3, 200, len(COLUMNS)) and np.isfinite(rows).all()
    assert key.shape == (3, data.n_items) and all(len(set(row)) == 200 for row in chosen.tolist())


def test_liking_weights_prefer_the_model_that_knows(data):
    split = some_ratings(data)
    noise = replace(fit_bias(split.train), item=np.random.default_rng(0).normal(0, 2, data.n_items).astype(np.float32))
    weights = liking.learn(split, fit_bias(split.train), (noise, fit_taste(split.train)))
    assert weights.always[1] + weights.much[1] > 0.7 and weights.always[0] + weights.much[0] < 0.1
    assert min(*weights.always, *weights.much) >= 0


# Order and reasons


def test_a_page_holds_at_most_two_of_a_story_until_others_run_out():
    story = np.array([0, 0, 0, 0, 1, 2])
    assert order.page(np.array([6.0, 5, 4, 3, 2, 1]), story, 6).tolist() == [0, 1, 4, 5, 2, 3]
    assert order.page(np.array([6.0, 5, -np.inf, 3, 2, 1]), story, 3, most=1).tolist() == [0, 4, 5]


def test_the_promise_grows_with_both_of_its_parts():
    logit = np.array([-4.0, 0, 3, -1000, -np.inf])
    base = order.promise(logit, np.full(5, 7.0))
    assert (np.diff(base[:3]) > 0).all() and base[3] < base[0] and base[4] == -np.inf
    assert order.promise(logit, np.full(5, 9.0))[0] > base[0]


def test_reasons_name_what_was_watched_and_not_disliked(fitted, data):
    found = 0
    for user in range(30):
        one = data.of_users(np.array([user]))
        item = int(fitted.score(one)[0].argmax())
        given = dict(zip(one.item.tolist(), one.rating.tolist(), strict=True))
        mean = one.rating[one.rated].mean()
        for reason in reasons(one, item, fitted.ease, fitted.taste):
            assert given[reason.item] == reason.rating and 0 < reason.part <= 1
            assert reason.rating < 0 or reason.rating >= mean
            found += 1
    assert found > 40
    assert reasons(person([], [], data), 3, fitted.ease, fitted.taste) == []


def test_a_sequel_is_explained_by_its_story(fitted, data):
    story = fitted.taste.story
    first, second = np.flatnonzero(story == story[0])[:2]
    told = reasons(person([first], [10.0], data), second, fitted.ease, fitted.taste)
    assert [(reason.item, reason.kind) for reason in told] == [(first, "story")]


def test_a_missing_part_is_refused(fitted, tmp_path):
    fitted.save(tmp_path / "e")
    (tmp_path / "e" / "ease" / "card.json").unlink()
    with pytest.raises(ValueError, match="no model"):
        load_ensemble(tmp_path / "e")


# The leaderboard


def test_the_leaderboard_has_every_figure_and_its_json(data):
    told = []
    found = list(evaluate.leaderboard(data, {"random": fit_random, "bias": fit_bias}, tell=told.append))
    names = {(figure.model, figure.protocol, figure.name) for figure in found}
    assert {("random", "P1", "auc"), ("bias", "P3", "rmse"), ("bias", "P2", "ndcg10"), ("bias", "P2", "coverage"),
            ("bias", "P2", "novelty")} <= names
    assert ("random", "P3", "rmse") not in names and told[0] == "P1: random"
    json = leaderboard.as_json(found)["models"]
    low, high = json["random"]["intervals"]["auc"]
    assert low < 0.5 < high and low < json["random"]["auc"] < high


def test_errors_are_told_on_the_data_s_own_scale(data):
    half = replace(data, unit=0.5)
    rmse = [next(f.value for f in evaluate.on_files(some_ratings(some), {"bias": fit_bias}) if f.name == "rmse")
            for some in (data, half)]
    assert rmse[1] == pytest.approx(rmse[0] / 2)


def test_cold_people_are_measured_at_each_step():
    many = people(200, 240, each=110)
    found = {f.name: f for f in evaluate.leaderboard(many, {"ials": partial(fit_ials, width=16)}, protocols=["Cold"])}
    assert list(found) == [f"ndcg10 after {count}" for count in (0, 1, 5, 10, 20)]
    assert found["ndcg10 after 20"].value > found["ndcg10 after 1"].value
