"""Columns in memory are what the database says, however often rows changed, and hold on to what did not."""

import numpy as np

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.listing import columns
from flaskr.tables import next_revision


def afresh(module):
    columns._held.clear()
    return columns._columns(module)


def test_row_by_row_is_the_same_as_all_at_once(fill, music):
    ids, rng = fill([{"prediction": float(at % 10), "spread": 1.0} for at in range(40)]), np.random.default_rng(0)
    columns._columns(music)
    for step in range(30):
        one = db.session.get(music.Item, int(rng.choice(ids)))
        if step % 3 == 0:
            ratings.rate(music, one.id, float(step % 11))
        elif step % 3 == 1:
            one.missing, one.revised = not one.missing, next_revision(music.name)
        else:
            ids += fill([{"rating": 3.0, "last_played": float(step), "fingerprint": f"new {step}", "path": f"/new/{step}.mp3"}])
        db.session.commit()
        held, new = columns._columns(music), afresh(music)
        for name in columns.NAMES:
            np.testing.assert_array_equal(held.values[name], new.values[name])
            there, found = columns.values(music, name)
            assert len(there) == len(found) == held.counts[0]
        for name in ("id", "rating", "mean", "spread", "finished", "skipped", "last_played", "added", "group"):
            np.testing.assert_array_equal(getattr(held.candidates, name), getattr(new.candidates, name))
        assert held.counts == new.counts and held.alive_sum == new.alive_sum


def test_a_rating_copies_only_what_it_changes(fill, music):
    ids = fill([{"prediction": 5.0, "spread": 1.0}] * 20)
    before = columns._columns(music)
    ratings.rate(music, ids[3], 7)
    after = columns._columns(music)
    assert after.number > before.number and after.values["rating"][3] == 7 and np.isnan(before.values["rating"][3])
    assert after.values["prediction"] is before.values["prediction"] and after.candidates.mean is before.candidates.mean
