"""A taste as a file: what is in it, that it predicts elsewhere, and that anything else is refused and changes nothing."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select

from flaskr.embeddings.store import stream
from flaskr.evaluator import cards, files, load
from flaskr.extensions import db
from flaskr.jobs import learning, portable
from flaskr.jobs.learn import predict, train
from flaskr.progress import Stopped
from flaskr.tables import Embedding, next_revision


@pytest.fixture
def run(app):
    return lambda function, *arguments, timeout=None, tick=None: function(*arguments)


@pytest.fixture
def learned(rated_songs, music, settings, run):
    """Even songs are loved; the folder of the evaluators."""
    rated_songs(lambda at: None if at >= 36 else 8.0 + at % 3 * 0.5 if at % 2 == 0 else 2.0 + at % 3 * 0.5)
    train(music, settings.project, run=run)
    return cards.folder_of(settings.project, "music")


def packed(module, project, **named):
    with portable.export(module, project, **named) as made:
        return made.read()


def changed(content, **parts):
    """The zip with some parts replaced (None: left out), others added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        whole = {name: old.read(name) for name in old.namelist()}
        for name, part in (whole | {name.replace("__", "."): part for name, part in parts.items()}).items():
            if part is not None:
                new.writestr(name, part)
    return made.getvalue()


def bring(music, content, settings, run):
    return portable.bring(music, io.BytesIO(content), settings.project, run=run)


def test_nothing_private_is_in_it(learned, music, settings):
    content = packed(music, settings.project)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {"evaluator.safetensors", "card.json", "projection.safetensors"}
        card, arrays = json.loads(archive.read("card.json")), archive.read("evaluator.safetensors")
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert card["report"]["points"] == [] and card["report"]["mae"]
    for secret in (b"Song ", b"songs", b"Artist", b".mp3", str(settings.project).encode()):
        assert secret not in everything
    assert b'"ids"' not in arrays and b'"ratings"' not in arrays
    with zipfile.ZipFile(io.BytesIO(packed(music, settings.project, with_ratings=True))) as archive:
        assert len(json.loads(archive.read("card.json"))["report"]["points"]) == 36
        arrays = archive.read("evaluator.safetensors")
    assert b'"ids"' not in arrays and b'"ratings"' in arrays


def test_it_comes_back_as_a_new_version(learned, music, settings, run):
    words = bring(music, packed(music, settings.project), settings, run)
    card = cards.current_card(learned)
    assert "36 ratings" in words and card["version"] == "000002" and card["report"]["imported"]
    assert not len(cards.ids(learned, "000002")) and not list(learned.glob("import*"))
    before, after = load(learned / "000001"), load(learned / "000002")
    rows = np.eye(before.dim, dtype=np.float32)[:5]
    assert np.array_equal(before.predict(rows)[0], after.predict(rows)[0])


def test_it_predicts_at_once_where_the_library_has_another_projection(learned, rated_songs, music, settings, run):
    content = packed(music, settings.project)
    predict(music, settings.project, run=run)
    asked = select(music.Item.prediction).order_by(music.Item.id)
    there = list(db.session.scalars(asked))
    ids = list(db.session.scalars(select(music.Item.id).order_by(music.Item.id)))
    # another machine: the same sounds, their vectors made by another projection, its own file never seen
    for path in (settings.project / "models" / "music").glob("projection-*"):
        path.unlink()
    for row in db.session.scalars(select(Embedding)):
        row.vector, row.projection = np.roll(np.frombuffer(row.vector, np.float16), 3).tobytes(), "0" * 12
    next_revision(stream(music))
    db.session.commit()
    bring(music, content, settings, run)
    assert predict(music, settings.project, run=run).counts["predicted"] == len(ids)
    db.session.expire_all()
    assert list(db.session.scalars(asked)) == pytest.approx(there, abs=0.02)


WRONG = [
    (lambda content: b"", "not a file that was exported"),
    (lambda content: b"PK\3\4 rubbish" * 9, "not a file that was exported"),
    (lambda content: content[:-30], "not a file that was exported"),
    (lambda content: changed(content, card__json=None), "not a file that was exported"),
    (lambda content: changed(content, **{"../../evil": b"x"}), "not a file that was exported"),
    (lambda content: changed(content, evil__pkl=b"x"), "not a file that was exported"),
    (lambda content: changed(content, **{f"{at}": b"" for at in range(100)}), "not a file that was exported"),
    (lambda content: changed(content, card__json=b"[" * 100_000), "not readable"),
    (lambda content: changed(content, card__json=b"{}"), "damaged"),
    (lambda content: changed(content, card__json=b"0" * (portable.CARD_LARGEST + 1)), "not a file that was exported"),
    (lambda content: changed(content, evaluator__safetensors=b"\0" * 99), "damaged"),
    (lambda content: changed(content, evaluator__safetensors=b"\0" * (portable.UNPACKED + 1)), "larger than 160 MB")]


def test_anything_else_is_refused_and_changes_nothing(learned, music, settings, run):
    content = packed(music, settings.project)
    for spoil, reason in WRONG:  # one library for all: making it takes longer than the rest
        with pytest.raises(Stopped, match=reason):
            bring(music, spoil(content), settings, run)
        assert cards.current_version(learned) == "000001"
        assert not [path for path in learned.iterdir() if path.name.startswith("import")]


def sealed(learned, tmp_path, **about):
    """The zip of an evaluator that was changed and sealed again: its checksums are right."""
    evaluator = load(learned / "000001")
    replace(evaluator, **about).save(tmp_path / "made")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in (files.ARRAYS, files.CARD):
            archive.write(tmp_path / "made" / name, name)
    return made.getvalue()


def test_another_embedder_is_refused(learned, music, settings, run, tmp_path):
    for space in ("siglip-2/abcabcabcabc", "../../x", ""):
        with pytest.raises(Stopped, match="another embedder"):
            bring(music, sealed(learned, tmp_path, space=space), settings, run)
    space = f"{load(learned / '000001').space.split('/')[0]}/abcabcabcabc"
    with pytest.raises(Stopped, match="lacks the projection"):
        bring(music, sealed(learned, tmp_path, space=space), settings, run)


def test_numbers_that_are_none_are_refused(learned, music, settings, run, tmp_path):
    broken = load(learned / "000001").predictors[0]
    with pytest.raises(Stopped, match="damaged"):
        bring(music, sealed(learned, tmp_path, predictors=(replace(broken, bias=float("nan")),)), settings, run)
    with pytest.raises(Stopped, match="damaged"):
        bring(music, sealed(learned, tmp_path, predictors=(replace(broken, centre=broken.centre * np.nan),)), settings, run)


def test_a_hostile_report_shows_no_trouble(learned, music, settings, run, tmp_path, client):
    report = {"sentence": "<script>alert(1)</script>", "mae": "x", "baselines": {"mean": {"mae": 3}}, "points": [["a"]],
              "curve": {"twice": {"n": "x"}}, "n": 10**400, "verdict": {}}
    bring(music, sealed(learned, tmp_path, report=report), settings, run)
    page = client.get("/train")
    assert page.status_code == 200 and "<script>alert" not in page.text and "imported" in page.text


def test_no_import_while_a_training_runs(learned, music, settings, run):
    learning.teller(learned)(0.1, "Learning")
    with pytest.raises(Stopped, match="A training runs"):
        bring(music, packed(music, settings.project), settings, run)
    with pytest.raises(Stopped, match="Choose a file"):
        portable.bring(music, None, settings.project, run=run)


def test_nothing_to_export_before_the_first_training(rated_songs, music, settings):
    with pytest.raises(Stopped, match="Nothing was learned yet"):
        portable.export(music, settings.project)


def test_ratings_stay_as_they_are(learned, music, settings, run):
    before = list(db.session.execute(select(music.Item.id, music.Item.rating)))
    bring(music, packed(music, settings.project, with_ratings=True), settings, run)
    assert list(db.session.execute(select(music.Item.id, music.Item.rating))) == before
    assert predict(music, settings.project, run=run).counts["predicted"] == len(before)
