import numpy as np

from flaskr.evaluator.folds import assign, join_alike, units_of


def test_folds_are_balanced_and_seeded():
    place = assign(np.arange(103), 10, 0)
    assert set(np.bincount(place)) == {10, 11}
    np.testing.assert_array_equal(place, assign(np.arange(103), 10, 0))
    assert (place != assign(np.arange(103), 10, 1)).any()


def test_no_group_is_torn_apart():
    groups = np.random.default_rng(0).integers(-1, 30, size=200)
    units = units_of(200, groups)
    place = assign(units, 10, 0)
    for group in range(30):
        assert len(set(place[groups == group])) == 1
    assert np.bincount(place).max() <= 30
    lonely = np.flatnonzero(groups == -1)
    assert len(set(units[lonely])) == len(lonely)


def test_rows_without_groups_are_their_own():
    np.testing.assert_array_equal(units_of(3, None), [0, 1, 2])
    assert sorted(units_of(3, np.full(3, -1))) == [0, 1, 2]


def test_near_duplicates_are_one_unit():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 16))
    X[20:30] = X[:10] + 0.01 * rng.normal(size=(10, 16))
    units = join_alike(np.arange(40), X)
    assert (units[20:30] == units[:10]).all()
    assert units.max() == 29
    given = join_alike(np.repeat(np.arange(20), 2), X)
    assert given[20] == given[0] == given[1] == given[21]
