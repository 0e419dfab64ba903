"""Rows to arrays: codes, order, duplicates, scales, and the hidden rows of each protocol."""

import csv

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative import data as data_module
from flaskr.collaborative import metrics, protocols
from flaskr.collaborative.data import WATCHED, person, ratings
from flaskr.collaborative.franchise import franchises, stem


@pytest.fixture(scope="module")
def some():
    return people()


def test_rows_are_sorted_and_the_last_of_a_pair_counts():
    found = ratings(np.array([7, 3, 7, 7]), np.array([50, 20, 10, 50]), np.array([4.0, -1, 9, 6]))
    assert found.user.tolist() == [0, 1, 1] and found.item.tolist() == [1, 0, 2]
    assert found.rating.tolist() == [WATCHED, 9, 6]
    assert found.user_ids.tolist() == [3, 7] and found.item_ids.tolist() == [10, 20, 50]


@pytest.mark.parametrize(("values", "top", "unit", "found"), [
    ([0.5, 5.0], 0, 0.5, [1, 10]), ([1, 10], 0, 1.0, [1, 10]), ([20, 100], 0, 10.0, [2, 10]), ([3, 4], 10, 1.0, [3, 4])])
def test_any_scale_is_stretched_to_ten(values, top, unit, found):
    data = ratings(np.array([1, 1]), np.array([1, 2]), np.array(values), top=top)
    assert data.unit == unit and np.allclose(data.rating, found)


def test_rows_of_unknown_items_and_no_numbers_are_refused():
    with pytest.raises(ValueError, match="catalogue"):
        ratings(np.array([1]), np.array([99]), np.array([5.0]), items=np.array([1, 2]))
    with pytest.raises(ValueError, match="number"):
        ratings(np.array([1]), np.array([1]), np.array([np.nan]))


def test_of_users_keeps_their_rows_and_only_theirs(some):
    two = some.of_users(np.array([4, 9]))
    assert two.n_users == 2 and two.user_ids.tolist() == some.user_ids[[4, 9]].tolist()
    assert np.array_equal(two.item[two.user == 1], some.item[some.user == 9])
    assert (some.matrix()[[4, 9]] != two.matrix()).nnz == 0


def test_a_person_s_last_word_counts(some):
    one = person([5, 2, 5], [3.0, 8.0, 9.0], some)
    assert one.item.tolist() == [2, 5] and one.rating.tolist() == [8, 9] and one.n_users == 1


def test_liked_or_not_hides_five_of_each_end(some):
    split = protocols.liked_or_not(some)
    hidden = split.hidden
    assert (np.bincount(hidden.user, minlength=some.n_users)[split.users] == 10).all()
    for user in split.users[:20]:
        mine = some.rating[(some.user == user) & some.rated]
        theirs = np.sort(hidden.rating[hidden.user == user])
        assert len(mine) > 20
        assert theirs[4] <= np.quantile(mine, 0.25, method="lower") < np.quantile(mine, 0.75, method="higher") <= theirs[5]
    assert len(split.train) + len(split.held) == len(some)


def test_next_liked_hides_a_fifth_of_the_likes(some):
    split = protocols.next_liked(some)
    assert split.hidden.rating.min() >= 8
    for user in split.users[:20]:
        likes = ((some.user == user) & (some.rating >= 8)).sum()
        assert (split.hidden.user == user).sum() == round(0.2 * likes) >= 1
    assert (split.train.rating == WATCHED).sum() == (some.rating == WATCHED).sum()


def test_some_ratings_hides_a_tenth_of_the_rated(some):
    split = protocols.some_ratings(some)
    assert len(split.held) == round(0.1 * some.rated.sum()) and split.hidden.rated.all()


def test_splits_are_the_same_each_time_and_differ_by_seed(some):
    first, again, other = (protocols.next_liked(some, seed).held for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_cold_people_are_out_of_training_and_their_ratings_are_nested():
    cold = protocols.cold_start(people(200, 240, each=110))
    assert len(cold.known) > 10 and not np.isin(cold.people.user_ids[cold.people.user],
                                                cold.train.user_ids[cold.train.user]).any()
    before = cold.after(0)
    for count in (1, 5, 10, 20):
        now = cold.after(count)
        assert (np.bincount(now.user, minlength=now.n_users) == count).all() and now.rated.all()
        pairs = set(zip(now.user.tolist(), now.item.tolist(), strict=True))
        assert pairs >= set(zip(before.user.tolist(), before.item.tolist(), strict=True))
        before = now
    assert len(cold.rest) + 20 * len(cold.known) == len(cold.people)


def test_a_train_and_a_test_file_make_a_split():
    train = (np.array([1, 1, 2]), np.array([5, 6, 5]), np.array([4.0, 2.0, 5.0]))
    test = (np.array([3, 1]), np.array([7, 6]), np.array([3.0, 5.0]))
    split = protocols.train_and_test(train, test)
    assert split.data.unit == 0.5 and split.users.tolist() == [0, 2]
    assert split.hidden.rating.tolist() == [10, 6] and split.train.rating.tolist() == [8, 10]
    assert split.train.n_items == 3


def test_protocols_of_too_little_data_are_empty():
    few = ratings(np.array([1, 1]), np.array([1, 2]), np.array([5.0, 9.0]))
    for protocol in (protocols.liked_or_not, protocols.next_liked, protocols.some_ratings):
        assert len(protocol(few).held) == 0
    assert len(protocols.cold_start(few).known) == 0


def test_the_real_set_gives_the_numbers_of_users_that_were_counted_before(test_data):
    with (test_data / "anime" / "rating.csv").open(encoding="utf-8", newline="") as file:
        rows = np.array([list(map(int, row)) for row in list(csv.reader(file))[1:]])
    data = ratings(*rows.T)
    assert (len(data), data.n_users, data.n_items) == (520_609, 5_000, 7_390)
    assert len(protocols.liked_or_not(data).users) == 3_025
    split = protocols.next_liked(data)
    assert (len(split.users), len(split.held)) == (3_418, 49_436)
    assert protocols.cold_start(data).known.shape == (500, 20)


# Figures


def test_auc_counts_pairs_and_halves_of_ties():
    score, rating = np.array([1.0, 2, 2, 3]), np.array([2.0, 4, 9, 10])
    users, values = metrics.pair_auc(score, rating, np.zeros(4, int))
    assert values.tolist() == [(1 + 1 + 0.5 + 1) / 4] and users.tolist() == [0]


def test_ranking_figures_of_a_known_order():
    score = -np.arange(30.0)[None].repeat(2, 0)
    found = metrics.ranking(score, [np.array([0, 1]), np.array([2, 25])], np.linspace(1, 0.1, 30))
    assert found["ndcg10"][0] == 1 and found["mrr"].tolist() == [1, 1 / 3] and found["recall20"].tolist() == [1, 0.5]
    assert found["ndcg10"][1] == pytest.approx((1 / np.log2(4)) / (1 + 1 / np.log2(3)))
    assert metrics.coverage(found["top"], 30) == pytest.approx(1 / 3)


def test_ndcg_is_scikit_learn_s():
    from sklearn.metrics import ndcg_score
    rng = np.random.default_rng(0)
    score, truth = rng.normal(size=(20, 60)), rng.random((20, 60)) < 0.1
    truth[:, 0] = True
    found = metrics.ranking(score, [np.flatnonzero(row) for row in truth], np.ones(60))
    assert np.allclose(found["ndcg10"].mean(), ndcg_score(truth, score, k=10))


def test_intervals_hold_the_mean_and_shrink_with_users():
    rng = np.random.default_rng(0)
    few, many = rng.normal(size=40), rng.normal(size=4000)
    assert metrics.interval(few)[1] < few.mean() < metrics.interval(few)[2]
    assert np.ptp(metrics.interval(many)[1:]) < np.ptp(metrics.interval(few)[1:]) / 5
    value, low, high = metrics.rmse_interval(np.array([4.0, 0, 2]), np.array([2, 1, 1]))
    assert value == pytest.approx(1.5**0.5) and low <= value <= high


# Stories


@pytest.mark.parametrize(("one", "other"), [
    ("Naruto", "Naruto: Shippuuden Movie 2 - Kizuna"), ("Gintama°", "Gintama&#039; (2015)"), ("Code Geass", "Code Geass R2"),
    ("K-On!", "K-On!! Movie"), ("Mushishi", "Mushishi Zoku Shou 2nd Season"), ("Clannad", "Clannad: After Story")])
def test_sequels_belong_to_one_story(one, other):
    names = np.array([one, other.replace("&#039;", "'"), "Steins;Gate"])
    story = franchises(names)
    assert story[0] == story[1] != story[2]


@pytest.mark.parametrize("name", ["", "!!!", "86", "X", "The Movie", "\u202e\U0001f600", "a" * 10_000, "Season"])
def test_odd_names_have_a_stem_of_their_own(name):
    assert len(franchises([name, "Bleach"])) == 2 and franchises([name, "Bleach"])[0] != franchises([name, "Bleach"])[1]
    assert stem(name) or name == ""


def test_the_constants_are_those_of_the_protocols():
    assert (data_module.LIKED, data_module.TOP, metrics.BOOTSTRAPS, metrics.SEED) == (8.0, 10.0, 1000, 7)
