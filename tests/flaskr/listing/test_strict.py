"""Lists that are asked for by their parameters: counted and paged within bounds."""

import pytest

from flaskr.extensions import db
from flaskr.listing import strict


@pytest.fixture
def chosen(app):
    """A query of 25 numbers."""
    some = db.select(db.literal(1).label("n")).cte("some", recursive=True)
    some = some.union_all(db.select(some.c.n + 1).where(some.c.n < 25))
    return db.select(some.c.n).order_by(some.c.n)


@pytest.mark.parametrize(("counted", "page", "total", "more", "first", "pages"), [
    (100, 1, 25, False, 1, 3), (25, 3, 25, False, 21, 3), (12, 2, 12, True, 11, 2), (12, 3, 12, True, None, 2)])
def test_a_list_is_counted_up_to_a_bound(chosen, monkeypatch, counted, page, total, more, first, pages):
    monkeypatch.setattr(strict, "COUNTED", counted)
    found = strict.rows(chosen, {"page": str(page), "per_page": "10"}, ())
    assert (found.total, found.more, found.pages) == (total, more, pages)
    assert (found.rows[0].n if found.rows else None) == first


def test_many_rows_are_walked_in_their_order_and_few_are_sorted(app, chosen, monkeypatch):
    used = []

    def parameter(name):
        return strict.Parameter("most", "", lambda value: (used.append(name), chosen.selected_columns.n <= int(value))[1])

    monkeypatch.setattr(strict, "SHORT", 10)
    for most, wanted in ((5, ["known"]), (20, ["known", "long"])):
        used.clear()
        found = strict.rows(chosen, {"most": str(most)}, (parameter("known"),), (parameter("long"),))
        assert found.total == len(found.rows) == most and used == wanted
