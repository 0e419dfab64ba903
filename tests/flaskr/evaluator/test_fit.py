"""From ratings to an evaluator: learns what is there, claims nothing that is not, refuses what can't be."""

import importlib
import time

import numpy as np
import pytest

from flaskr.evaluator import fit

inside = importlib.import_module("flaskr.evaluator.fit")  # the name in the package is the function


def test_a_clear_taste_is_learned(person):
    X, y = person(400, seed=1)
    evaluator = fit(X[:200], y[:200])
    mean, spread = evaluator.predict(X[200:])
    assert evaluator.report["verdict"] == "better"
    assert evaluator.report["spearman"]["low"] > 0.4
    assert np.abs(mean - y[200:]).mean() < 0.75 * np.abs(y[:200].mean() - y[200:]).mean()
    assert evaluator.report["mae"]["low"] < np.abs(mean - y[200:]).mean() < evaluator.report["mae"]["high"] + 0.1
    assert mean.dtype == spread.dtype == np.float32
    assert evaluator.report["mae"]["value"] < 1.05 * evaluator.report["baselines"]["ridge"]["mae"]["value"]


def test_shuffled_ratings_teach_nothing(person):
    """No hidden rating can touch what is chosen: if one did, noise would look like skill somewhere here."""
    ranks, pairs, ratios, words = [], [], [], []
    for seed in range(16):
        X, y = person(80, seed=seed)
        y = np.random.default_rng(seed).permutation(y)
        evaluator = fit(X[:50], y[:50], seed=seed, library=X)
        mean, _ = evaluator.predict(X[50:])
        ranks.append(evaluator.report["spearman"]["value"])
        pairs.append(evaluator.report["pairs"]["value"])
        ratios.append(np.abs(mean - y[50:]).mean() / np.abs(y[:50].mean() - y[50:]).mean())
        words.append(evaluator.report["sentence"])
    assert abs(np.mean(ranks)) < 3 * np.std(ranks) / 16**0.5 + 0.03
    assert abs(np.mean(pairs) - 0.5) < 3 * np.std(pairs) / 16**0.5 + 0.02
    assert np.mean(ratios) < 1.02
    assert sum("no better than your average yet" in said for said in words) >= 14


def test_what_is_not_known_is_not_dared(person):
    """Noise may not make anybody worse off than their average: the mean over people hides those it does."""
    worse = []
    for seed in range(30):
        X, _ = person(140, seed=seed)
        y = np.random.default_rng(seed).integers(3, 11, 140).astype(float)
        mean, _ = fit(X[:40], y[:40]).predict(X[40:])
        worse.append(np.abs(mean - y[40:]).mean() > 1.02 * np.abs(y[:40].mean() - y[40:]).mean())
    assert np.mean(worse) <= 0.1


def test_intervals_cover_what_they_say_on_new_items(person):
    inside, reported = [], []
    for seed in range(12):
        X, y = person(240, seed=seed)
        evaluator = fit(X[:40], y[:40])
        mean, spread = evaluator.predict(X[40:])
        inside.append(np.mean(np.abs(mean - y[40:]) <= 1.2816 * spread))
        reported.append(evaluator.report["coverage80"]["value"])
    assert 0.74 < np.mean(inside) < 0.87
    assert 0.74 < np.mean(reported) < 0.87


def test_the_spread_grows_away_from_what_was_rated(person):
    X, y = person(150, seed=1, noise=0.3)
    evaluator = fit(X, y)
    near = evaluator.predict(X)[1].mean()
    far = evaluator.predict(-X)[1].mean()
    assert far > 1.2 * near


def test_same_arguments_same_numbers(person):
    X, y = person(70)
    one, two = fit(X, y, seed=4), fit(X, y, seed=4)
    assert one.report == two.report
    assert one.hyperparameters == two.hyperparameters
    np.testing.assert_array_equal(one.predict(X), two.predict(X))
    assert fit(X, y, seed=5).report != one.report


@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_too_few_ratings_give_a_wide_guess_of_the_average(person, n):
    X, y = person(10)
    evaluator = fit(X[:n], y[:n])
    mean, spread = evaluator.predict(X)
    assert evaluator.report["verdict"] == "too_few"
    assert mean[0] == pytest.approx((5 + y[:n].sum()) / (n + 1))
    assert (spread > 1.3).all()


def test_five_ratings_have_a_report(person):
    X, y = person(5)
    report = fit(X, y).report
    assert report["verdict"] in ("no_better", "better")
    assert report["folds"] == 5


def test_equal_ratings_say_so(person):
    X, _ = person(30)
    evaluator = fit(X, np.full(30, 8.0))
    assert evaluator.report["verdict"] == "too_few"
    assert "All 30 ratings are 8" in evaluator.report["sentence"]
    assert evaluator.predict(X)[0][0] == pytest.approx(8, abs=0.15)
    assert (evaluator.predict(X)[1] > 0.3).all()


def test_duplicate_rows_are_no_problem(person):
    X, y = person(30)
    for rows in (np.repeat(np.arange(15), 2), np.zeros(30, int)):
        mean, spread = fit(X[rows], y).predict(X)
        assert np.isfinite(mean).all()
        assert (spread > 0).all()


@pytest.mark.parametrize("spoil", ["nan", "inf", "above", "below", "length", "shape", "groups"])
def test_what_can_not_be_is_refused(person, spoil):
    X, y = person(10)
    groups = None
    if spoil in ("nan", "inf"):
        X[3, 2] = float(spoil)
    elif spoil in ("above", "below"):
        y[2] = 10.5 if spoil == "above" else -1
    elif spoil == "length":
        y = y[:-1]
    elif spoil == "shape":
        X = X[0]
    else:
        groups = np.arange(9)
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        fit(X, y, groups=groups)


def test_a_library_that_is_not_finite_is_refused(person):
    X, y = person(30)
    library = X.copy()
    library[3, 2] = np.nan
    with pytest.raises(ValueError, match="library"):
        fit(X, y, library=library)


def test_a_rating_that_is_not_a_number_is_refused(person):
    X, y = person(10)
    y[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        fit(X, y)


def test_groups_stop_near_duplicates_from_flattering(person):
    rng = np.random.default_rng(0)
    base = rng.normal(size=(25, 32))
    groups = np.repeat(np.arange(25), 4)
    X = base[groups] + 0.01 * rng.normal(size=(100, 32))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    y = rng.integers(2, 11, 25)[groups].astype(float)  # an album is liked or not; nothing carries over to others
    assert fit(X, y).report["verdict"] == "no_better"  # near duplicates are found without being named
    honest = fit(X, y, groups=groups).report
    assert honest["verdict"] == "no_better"
    assert honest["spearman"]["value"] < 0.3
    assert fit(X, y, groups=np.repeat([0, 1, 2, 3], 25)).report["verdict"] == "too_few"


def test_a_group_is_a_baseline_beside_the_others(person):
    X, y = person(60)
    said = fit(X, y, groups=np.arange(60) // 3).report
    assert set(said["baselines"]) == {"mean", "ridge", "knn", "group"}
    assert "group" not in fit(X, y).report["baselines"]
    assert said["units"] <= 20


def test_groups_of_one_are_no_groups(person):
    X, y = person(40)
    assert fit(X, y, groups=np.full(40, -1)).report == fit(X, y).report


def test_progress_rises_and_may_cancel(person):
    X, y = person(60)
    told = []
    fit(X, y, progress=lambda fraction, words: told.append((fraction, words)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert all(words for _, words in told)

    def cancel(fraction, words):
        if fraction > 0.3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fit(X, y, progress=cancel)


def test_ratings_of_any_type_and_order_are_taken(person):
    X, y = person(30)
    same = fit(X, y.astype(np.float32)).predict(X)[0]
    np.testing.assert_array_equal(same, fit(X.astype(np.float64), y.tolist()).predict(X)[0])


def test_two_hundred_ratings_take_moments(person):
    X, y = person(200, dim=256)
    fit(X, y)
    best = min(_seconds(fit, X, y) for _ in range(3))
    assert best < 5  # 0.2 s on a quiet machine; a machine that runs the tests is not quiet


def test_many_ratings_of_few_groups_have_few_folds(person, monkeypatch):
    X, y = person(400)
    monkeypatch.setattr(inside, "EXACT", 300)
    assert fit(X, y, groups=np.arange(400) % 12).report["folds"] == 5
    assert fit(X[:200], y[:200], groups=np.arange(200) % 12).report["folds"] == 12


def _seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


@pytest.mark.parametrize("grouped", [False, True])
def test_many_ratings_take_the_other_path_to_the_same_taste(person, monkeypatch, grouped):
    X, y = person(900, seed=3)
    groups = np.arange(700) // 2 if grouped else None
    exact = fit(X[:700], y[:700], groups=groups)
    monkeypatch.setattr(inside, "EXACT", 300)
    many = fit(X[:700], y[:700], groups=groups)
    (a, s), (b, t) = exact.predict(X[700:]), many.predict(X[700:])
    assert np.abs(a - b).mean() < 0.2  # it chooses by what was guessed without two folds of five, so a little more timidly
    assert np.corrcoef(a, b)[0, 1] > 0.98
    assert t.mean() == pytest.approx(s.mean(), rel=0.1)
    for figure in ("mae", "spearman", "pairs", "coverage80"):
        assert many.report[figure]["value"] == pytest.approx(exact.report[figure]["value"], abs=0.05)
