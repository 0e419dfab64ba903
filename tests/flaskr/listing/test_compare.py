"""Two versions side by side: what changed most, what was rated in between, and when nothing can be compared."""

import pytest

from flaskr.evaluator import cards
from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.jobs.learn import train
from flaskr.listing import compare
from flaskr.listing.compare import compare as compared


@pytest.fixture
def two(rated_songs, music, settings, app):
    """Two versions: the second one knows ten more ratings and that five even songs are loved no more."""
    ids = rated_songs(lambda at: None if at >= 30 else 9.0 - at % 3 * 0.5 if at % 2 == 0 else 2.0 + at % 3 * 0.5)
    run = app.extensions["compute"].run
    train(music, settings.project, run=run)
    for id_ in ids[30:]:
        ratings.rate(music, id_, 1)
    for id_ in ids[:10:2]:
        ratings.rate(music, id_, 1)
    train(music, settings.project, run=run)
    return ids


def test_what_changed_and_what_was_added(two, music, settings, app, client):
    found = compared(music, "000001", "000002", settings.project, app.extensions["compute"].run)
    assert (found.n, found.dropped, found.rerated) == (40, 0, 5) and len(found.added) + found.more_added == 10
    assert found.apart > 0.3 and found.alike < 1
    sizes = [abs(one.second - one.first) for one in found.changed]
    assert sizes == sorted(sizes, reverse=True) and found.changed[0].second < found.changed[0].first
    page = client.get("/train/music/compare?a=000001&b=000002").text
    assert f'href="/music/{found.changed[0].item.id}"' in page and "Go back to version 1" in page and "10 songs" in page
    assert "Compare" in client.get("/train").text


def test_unknown_versions_are_not_there(two, client):
    for a, b in (("000001", "000009"), ("../x", "000002"), ("", "")):
        assert client.get("/train/music/compare", query_string={"a": a, "b": b}).status_code == 404


def test_another_space_leaves_the_figures(two, music, settings, app, monkeypatch):
    real = cards.cards
    monkeypatch.setattr(compare.cards, "cards", lambda folder: [card | {"space": "else"} for card in real(folder)])
    found = compared(music, "000001", "000002", settings.project, app.extensions["compute"].run)
    assert "another embedding space" in found.note and not found.changed and found.first["report"]
    db.session.rollback()
