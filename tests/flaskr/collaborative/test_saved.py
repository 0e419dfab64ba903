"""What serves: on the data's own scale, by ids, reloaded when there is a newer one; rows of tables as arrays; features."""

import numpy as np
import pytest

from benchmarks._watchers import people
from flaskr.collaborative.coding import coded
from flaskr.collaborative.people import features
from flaskr.collaborative.saved import fit_and_save, serving


@pytest.fixture(scope="module")
def stars():
    """Rows of people on a scale of five stars, and what is known of the items."""
    data = people(80, 80, each=20)
    known = data.catalogue
    told = {int(item): (str(known.names[code]), ", ".join(f"G{one}" for one in known.genres[[code]].indices),
                        ("TV", "Movie", None, "OVA")[known.kind[code]], float(known.episodes[code]) if code % 3 else None,
                        float(known.score[code]), float(known.members[code])) for code, item in enumerate(data.item_ids)}
    rating = np.where(data.rating < 0, -1, data.rating / 2)
    rows = list(zip(data.user_ids[data.user].tolist(), data.item_ids[data.item].tolist(), rating.tolist(), strict=True))
    return rows, told


def test_rows_of_five_stars_are_stretched_and_told_in_stars(stars, tmp_path):
    rows, told = stars
    data, genres, kinds = coded(rows, len(rows), told)
    assert data.unit == 0.5 and data.rating.max() == 10 and set(data.rating[~data.rated]) == {-1}
    assert kinds == ["Movie", "OVA", "TV"] and genres == sorted(genres) and data.catalogue.kind.min() == -1
    assert serving(tmp_path / "models") is None
    first = fit_and_save(data, tmp_path / "models")
    served = serving(tmp_path / "models")
    assert served.card == first and served is serving(tmp_path / "models")
    user = rows[0][0]
    mine = {item: rating for one, item, rating in rows if one == user}
    picks = served.recommend([*mine, 999_999], [*mine.values(), 5.0], 5)
    assert len(picks) == 5 and all(pick.item in told and pick.item not in mine and 0 <= pick.rating <= 5 for pick in picks)
    assert all(mine[reason.item] == pytest.approx(reason.rating) for pick in picks for reason in pick.reasons)
    again = served.recommend([*mine, 999_999], [*mine.values(), 5.0], 5)
    assert again == picks and again is not picks  # remembered, and nobody can change it
    assert served.recommend([*mine], [0.5] * len(mine), 5) != picks
    assert served.recommend([], [], 3) and served.recommend([999_999], [5.0], 3)


def test_features_are_what_they_say(stars):
    rows, told = stars
    data, genres, kinds = coded(rows, len(rows), told)
    found = features(data)
    for code in (0, 7, 40):
        mine = {item: rating for user, item, rating in rows if user == data.user_ids[code]}
        given = np.array([rating for rating in mine.values() if rating >= 0]) * 2
        assert (found.watched[code], found.rated[code]) == (len(mine), len(given))
        assert found.mean[code] == pytest.approx(given.mean()) and found.scale[code] == pytest.approx(given.std())
        long = [told[item][3] for item, rating in mine.items() if rating * 2 >= given.mean() and told[item][3]]
        assert found.length[code] == pytest.approx(np.median(long))
        assert found.kinds[code, kinds.index("TV")] == pytest.approx(np.mean([told[item][2] == "TV" for item in mine]))
        counts = {genre: np.mean([genre in told[item][1].split(", ") for item in mine]) for genre in genres}
        assert found.shares[code][0] == pytest.approx(max(counts.values()))
        assert found.shares[code][0] == pytest.approx(counts[genres[found.genres[code][0]]])
        assert 0 < found.popularity[code] <= 1


def test_nothing_is_coded_as_nothing():
    data, genres, kinds = coded([], 0, {})
    assert (len(data), data.n_users, data.n_items, genres, kinds) == (0, 0, 0, [], [])
