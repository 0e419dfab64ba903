import dataclasses

import pytest

from flaskr.evaluator import load_current, publish, restore, store, versions


@pytest.fixture
def named(trained):
    """named(seed): the trained evaluator under another seed, so that versions can be told apart."""
    return lambda seed: dataclasses.replace(trained, seed=seed)


def test_nothing_published_is_none(tmp_path):
    assert load_current(tmp_path / "none") is None
    assert versions(tmp_path / "none") == []


def test_the_last_three_are_kept_and_the_newest_is_current(named, tmp_path):
    names = [publish(named(seed), tmp_path) for seed in range(5)]
    assert names == ["000001", "000002", "000003", "000004", "000005"]
    assert [(v.name, v.current) for v in versions(tmp_path)] == [
        ("000005", True), ("000004", False), ("000003", False)]
    assert load_current(tmp_path).seed == 4
    assert versions(tmp_path)[0].sentence == named(0).report["sentence"]


def test_an_older_version_returns_and_is_never_pruned(named, tmp_path):
    for seed in range(3):
        publish(named(seed), tmp_path)
    assert restore(tmp_path, "000001").seed == 0
    assert load_current(tmp_path).seed == 0
    publish(named(3), tmp_path)
    assert load_current(tmp_path).seed == 3
    assert [v.name for v in versions(tmp_path)] == ["000004", "000003", "000002"]


@pytest.mark.parametrize("name", ["000009", "../x", "", "current"])
def test_a_version_that_is_not_there_is_refused(named, tmp_path, name):
    publish(named(0), tmp_path)
    with pytest.raises(ValueError, match="no version"):
        restore(tmp_path, name)


def test_a_damaged_version_is_not_made_current(named, tmp_path):
    publish(named(0), tmp_path)
    publish(named(1), tmp_path)
    (tmp_path / "000001" / "evaluator.safetensors").write_bytes(b"no")
    with pytest.raises(ValueError, match="damaged"):
        restore(tmp_path, "000001")
    assert load_current(tmp_path).seed == 1


def test_leftovers_of_a_killed_save_are_ignored_and_removed(named, tmp_path):
    publish(named(0), tmp_path)
    for name in ("000002.saving-abc", "000000.gone", "000001.previous"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.json").write_text("half")
    (tmp_path / "current.new").write_text("00")
    assert [v.name for v in versions(tmp_path)] == ["000001"]
    assert load_current(tmp_path).seed == 0
    publish(named(1), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["000001", "000002", "current"]


def test_killed_before_the_pointer_moved_the_old_one_serves(named, tmp_path, monkeypatch):
    publish(named(0), tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(store, "_point", lambda folder, name: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(named(1), tmp_path)
    assert load_current(tmp_path).seed == 0
    assert publish(named(2), tmp_path) == "000003"
    assert load_current(tmp_path).seed == 2
