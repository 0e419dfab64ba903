import numpy as np

from flaskr.evaluator.folds import assign, units_of


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
