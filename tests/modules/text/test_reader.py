"""The reader: pages, places, marks at passages; and the item's page around it."""

import numpy as np
import pytest
from sqlalchemy import select, update

from flaskr.embeddings.embed import embed
from flaskr.extensions import db
from flaskr.feedback import places, ratings
from flaskr.jobs.learn import train
from flaskr.listing.passages import Verdict
from flaskr.tables import Embedding, Place

SHIPS = "The keeper counted the ships that sailed past in the night and wrote their names into his book of ships. "
AT_SEA = (
    "The harbour slept under fog.", "A gale tore the sails of the schooner.", "Gulls followed the fishing fleet home.",
    "The captain drew a chart of the reef.", "Sailors sang while the anchor rose.", "A whale surfaced beside the steamer.",
    "The lighthouse lamp burned all winter.", "The tide carried the raft past the island.")
IN_OFFICE = (
    "Auditors examined the annual accounts.", "The budget committee postponed its vote.", "Interest rates rose by a quarter.",
    "The chancellor defended the new levy.", "Pension funds lost money on bonds.", "Exporters asked for cheaper credit.",
    "The bank published its quarterly results.", "Inflation worried the finance department.")
TAXES = "The ministry announced another increase of the tax on income and on the income from taxed property. "


@pytest.fixture
def book(library, bring):
    (library / "book.txt").write_text("\n\n".join(f"{number} {SHIPS * 3}" for number in range(300)))
    return bring()["book.txt"]


def test_pages_are_turned(client, book):
    first = client.get(f"/text/{book.id}/read").text
    assert "Page 1 of 5" in first and f'href="/text/{book.id}/read?page=2"' in first and 'rel="prev"' not in first
    assert "data-rating-main" in first and 'lang="en"' in first and "<p>0 The keeper" in first
    last = client.get(f"/text/{book.id}/read?page=99").text
    assert "Page 5 of 5" in last and "<p>299 The keeper" in last and 'rel="next"' not in last
    assert client.get("/text/99/read").status_code == 404
    assert client.get(f"/text/{book.id}/read?page=x").status_code == 200


def test_the_place_is_kept_and_taken_up(client, book):
    page = f"/text/{book.id}"
    assert "Continue reading" not in client.get(page).text and ">Read<" in client.get(page).text
    answer = client.post(f"{page}/place", data={"at": "3.42"}, headers={"Accept": "application/json"})
    assert answer.json == {"at": 3.42}
    assert "Continue reading" in client.get(page).text
    again = client.get(f"{page}/read").text
    assert "Page 3 of 5" in again and 'data-reader-share-value="0.4' in again
    assert 'data-reader-share-value="0"' in client.get(f"{page}/read?page=3").text
    assert client.post(f"{page}/place", data={"at": "2", "back": page}).location == page
    assert db.session.scalar(select(Place.at)) == 2.0


@pytest.mark.parametrize("at", ["", "here", "nan"])
def test_a_place_is_a_number(client, book, at):
    assert client.post(f"/text/{book.id}/place", data={"at": at}).status_code == 400
    assert places.place(type("M", (), {"name": "text"}), book.id) is None


def test_a_place_in_nothing_is_refused(client, book):
    assert client.post("/text/77/place", data={"at": "1"}).status_code == 404
    assert client.post(f"/text/{2**70}/place", data={"at": "1"}).status_code == 404


def test_only_what_resumes_keeps_places(client, app):
    assert client.post("/music/1/place", data={"at": "1"}).status_code == 404


def test_a_hostile_page_is_tame(client, library, bring):
    (library / "evil.html").write_text(
        "<title><b>Evil</title><h1 id=player data-controller=player>Hi</h1><script>alert(1)</script><a href='/text/undo'>x</a>"
        "<img src=http://evil.example/x.png onerror=alert(1)><form action=/text/undo method=post><button>b</button></form>")
    item = bring()["evil.html"]
    shown = client.get(f"/text/{item.id}/read").text
    words = shown[shown.index('class="reading"'):shown.index("reader-foot")]
    assert "Hi" in words
    assert not any(part in words for part in ("script", "evil.example", "<form", "data-controller", 'id="player', "/undo"))
    assert "script-src 'self'" in client.get(f"/text/{item.id}/read").headers["Content-Security-Policy"]
    assert client.get(f"/text/{item.id}/file").mimetype == "application/octet-stream"


@pytest.fixture
def learned(library, bring, module, app, settings, embedder):
    """Ships are loved, taxes are not; a text of both, its passages embedded."""
    for number in range(8):
        (library / f"ship{number}.txt").write_text(f"{AT_SEA[number]} {SHIPS}")
        (library / f"tax{number}.txt").write_text(f"{IN_OFFICE[number]} {TAXES}")
    (library / "both.txt").write_text("\n\n".join([SHIPS * 8, TAXES * 8]))
    items, compute = bring(), app.extensions["compute"]
    embed(module, settings.project, each=compute.each, run=compute.run)
    for name, item in items.items():
        if name != "both.txt":
            ratings.rate(module, item.id, 9 if name.startswith("ship") else 2)
    train(module, settings.project, run=compute.run)
    both = items["both.txt"]
    parts = embedder.parts([SHIPS * 8, TAXES * 8]).astype(np.float16).tobytes()
    db.session.execute(update(Embedding).where(Embedding.item_id == both.id).values(parts=parts))
    db.session.commit()
    return both


def test_passages_speak_for_and_against(client, learned):
    shown = client.get(f"/text/{learned.id}/read").text
    assert shown.index("passage is-for") < shown.index("passage is-against") and "Hide the marks" in shown
    assert 'aria-label="Speaks for it: expected' in shown
    plain = client.get(f"/text/{learned.id}/read?passages=off").text
    assert "passage is-" not in plain and "Mark the passages" in plain
    quotes = client.get(f"/text/{learned.id}/passages").text
    assert f'/text/{learned.id}/read?page=1#b0"' in quotes and "above your average" in quotes
    assert f'src="/text/{learned.id}/passages"' in client.get(f"/text/{learned.id}").text


@pytest.mark.parametrize(("change", "words"), [
    ({"fingerprint": "other"}, "not embedded yet"), ({"parts": None}, "the whole only"),
    ({"projection": "other"}, "train again"),
    ({"parts": b"\0" * 64 * 2 * 3}, "have changed since"), ({"error": "It is damaged."}, "It is damaged.")])
def test_why_there_are_no_marks_is_said(client, learned, change, words):
    db.session.execute(update(Embedding).where(Embedding.item_id == learned.id).values(**change))
    db.session.commit()
    assert words in client.get(f"/text/{learned.id}/passages").text
    assert words in client.get(f"/text/{learned.id}/read").text


def test_before_the_first_training_it_is_said_too(client, book, module, app, settings):
    assert "not embedded yet" in client.get(f"/text/{book.id}/passages").text
    assert Verdict("why").carrying() == []


def test_a_title_stands_there_once_and_the_contents_lead_to_headings(client, library, bring):
    (library / "note.md").write_text(f"# The note\n\n{SHIPS * 5}\n\n## Winter\n\n{SHIPS * 5}")
    item = bring()["note.md"]
    shown = client.get(f"/text/{item.id}/read").text
    assert shown.count("<h1") == 1 and f'/text/{item.id}/read?page=1#h2"' in shown and 'id="h2"' in shown


def test_lists_show_the_first_words_and_the_language(client, book):
    grid = client.get("/text/").text
    assert "leaf-words" in grid and "The keeper counted" in grid
    for sort in ("author", "words", "year", "pages"):
        assert client.get(f"/text/?sort={sort}&view=list").status_code == 200
    assert client.get("/text/?language=en&format=TXT").text.count('class="card-item"') == 1
    assert "English" in client.get(f"/text/{book.id}").text
    assert client.get(f"/text/{book.id}/thumbnail").status_code == 422
