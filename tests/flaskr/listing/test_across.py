"""What one medium teaches another, in words: each state has its sentence, and none promises what was not measured."""

import json

import pytest

from flaskr.evaluator import cards
from flaskr.evaluator.blend import OWN
from flaskr.evaluator.signals import Head
from flaskr.evaluator.universal import UNIVERSAL
from flaskr.listing.across import across

SURE, UNSURE = {"value": 0.3, "low": 0.1, "high": 0.5}, {"value": 0.1, "low": -0.1, "high": 0.3}
NAMES = ("plays", "skips", "dwell")


@pytest.fixture
def told(app, settings):
    """told({medium: ...}, verdict): what the section says when the card of the universal evaluator says that."""
    def run(said, verdict="better", own=("music",), pooling=None):
        for name in (UNIVERSAL, *own):
            folder = cards.folder_of(settings.project, name)
            (folder / "000001").mkdir(parents=True, exist_ok=True)
            (folder / "current").write_text("000001")
            (folder / "000001" / "card.json").write_text(json.dumps({
                "n": 80, "created": "2026-01-02T03:04:05+00:00", "space": "text",
                "report": {"n": 80, "verdict": verdict, "sentence": "A sentence."},
                "hyperparameters": {"across": said, "wide": 1.0, "order": [],
                                    "pooling": pooling or {"kind": "mean", "tried": 0, "gain": 0.0}}}))
        return across([app.extensions["modules"][name] for name in ("music", "images")], settings.project)
    return run


def medium(**named):
    return {"n": 60, "version": "000001", "blend": OWN.as_dict(), "gain": {"mae": SURE, "spearman": SURE},
            "transfer": {"mae": UNSURE, "spearman": UNSURE}, "signals": None} | named


def words(found, at=0):
    return " ".join(found.media[at].words)


def test_nothing_before_the_first(app, settings):
    assert across([], settings.project) is None


def test_a_blend_and_what_was_taught(told):
    found = told({"music": medium(blend=OWN.as_dict() | {"universal": 0.4, "own": 0.9}, transfer={
        "mae": SURE, "spearman": UNSURE})})
    assert found.n == 80 and found.sentence == "A sentence."
    assert "tells something of your songs" in words(found) and "weight 0.40, its own with 0.90" in words(found)
    assert found.media[0].universal == 0.4


def test_no_gain_is_said_as_plainly(told):
    said = words(told({"music": medium()}))
    assert "tells nothing certain of your songs" in said and "own evaluator's alone" in said
    assert "Too little is rated" in words(told({"music": medium(transfer=None)}))


def test_media_without_an_evaluator_of_their_own(told):
    found = told({"music": medium(), "images": medium(n=3, version=None)})
    assert "moved by the 3 you rated here" in words(found, 1) and found.media[1].universal == 1
    assert "They are vague" in words(told({"music": medium()}), 1)
    nothing = told({"music": medium()}, verdict="no_better")
    assert "No predictions yet" in words(nothing, 1) and nothing.media[1].universal is None


def test_a_newer_own_evaluator_guesses_alone(told):
    found = told({"music": medium(version="000000", blend=OWN.as_dict() | {"universal": 0.4})})
    assert "weighed at the next training" in words(found) and found.media[0].universal == 0


def test_signals_say_their_weight_and_why(told):
    def heard(**named):
        return words(told({"music": medium(signals=Head(NAMES, (0.1, -0.1, 0.2), (0, 0, 0), **named).as_dict())}))
    assert "Plays, skips and how much was heard move predictions with weight 0.80" in heard(share=0.8, saved=0.12, n=50)
    assert "saved 0.02 points, no more than chance" in heard(share=0.0, saved=0.02, n=50)
    assert "would have saved nothing" in heard(share=0.0, saved=-0.02, n=50)
    assert "1 song was played before you rated it, and 10 are needed" in heard(n=1)
    assert "switched off" in words(told({"music": medium(signals=Head().as_dict())}))


def test_attention_is_told_only_where_it_was_tried(told):
    assert told({}).texts == ""
    assert "takes their mean" in told({}, pooling={"kind": "mean", "tried": 40, "gain": -0.1}).texts
    assert "0.10 points nearer" in told({}, pooling={"kind": "attention", "tried": 40, "gain": 0.1}).texts


def test_the_train_page_shows_it(told, client):
    assert 'id="across-media"' not in client.get("/train").text
    told({"music": medium(), "images": medium(n=3, version=None, gain=None, transfer=None)}, own=())
    page = client.get("/train").text
    assert 'id="across-media"' in page and "From the others alone" in page and "10&nbsp;% to 50&nbsp;%" in page
    assert page.count("60 rated") == 1 and "A sentence." in page
