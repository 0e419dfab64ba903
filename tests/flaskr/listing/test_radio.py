"""The radio's queue and the folder tree, on rows."""

from pathlib import Path

from flaskr.feedback import plays, ratings
from flaskr.listing import folders, radio


def ids(picks):
    return [pick.item.id for pick in picks]


def test_a_seed_repeats_a_queue_and_recent_ones_stay_out(fill, music):
    fill([{"artist": f"A{at}"} for at in range(40)])
    first = ids(radio.queue(music, seed=5, count=8, now=1e9))
    assert first == ids(radio.queue(music, seed=5, count=8, now=1e9)) != ids(radio.queue(music, seed=6, count=8, now=1e9))
    assert not set(first) & set(ids(radio.queue(music, seed=5, count=8, recent=first, now=1e9)))


def test_every_pick_says_why(fill, music):
    known = fill([{"prediction": 8.0, "spread": 1.0} for _ in range(5)])
    ratings.rate(music, known[0], 9)
    for pick in radio.queue(music, seed=1, count=5, now=1e9):
        product = 1.0
        for reason in pick.reasons:
            product *= reason.factor
            assert reason.words
        assert abs(product - pick.score) < 1e-3 * max(1.0, pick.score)
    assert "You rated it 9" in [reason.words for reason in radio.why(music, known[0])]


def test_a_play_cools_a_song(fill, music):
    known = fill([{} for _ in range(3)])
    before = {reason.name: reason.factor for reason in radio.why(music, known[0])}
    plays.record(music, known[0], heard=100, duration=100, token="x", ended=True)
    after = {reason.name: reason.factor for reason in radio.why(music, known[0])}
    assert after["freshness"] < 0.1 < before["freshness"]


def test_an_empty_library_plays_nothing(fill, music):
    assert radio.queue(music, seed=1, count=5) == [] and radio.why(music, 1) == []


def test_the_tree_opens_to_the_current_folder(fill, music, tmp_path):
    root = str(tmp_path)
    fill([{"folder": f"{root}/{name}/"} for name in ("a", "a/b", "a/b", "c", "d/e")])
    closed = folders.tree(music, [tmp_path])
    assert [(node.name, node.depth, node.count) for node in closed] == [
        (tmp_path.name, 0, 5), ("a", 1, 3), ("c", 1, 1), ("d", 1, 1)]
    opened = folders.tree(music, [tmp_path], f"{root}/a")
    assert [(node.name, node.current) for node in opened if node.depth == 2] == [("b", False)]


def test_roots_that_can_not_be_read_say_why(fill, music, tmp_path, monkeypatch):
    roots = [tmp_path / "full", tmp_path / "bare" / "same", tmp_path / "other" / "same", Path("/nowhere/at/all")]
    for root in roots[:3]:
        root.mkdir(parents=True)
    (roots[0] / "song.mp3").touch()
    fill([{"folder": f"{roots[0]}/"}, {"folder": f"{roots[1]}/"}])
    said = {node.name: node.trouble for node in folders.tree(music, roots)}
    assert said == {"full": "", str(roots[1]): "empty now", str(roots[2]): "", "all": "not there"}

    def refuse(path):
        raise PermissionError(path)
    monkeypatch.setattr(folders.os, "scandir", refuse)
    assert folders.tree(music, roots[:1])[0].trouble == "can't be read"
