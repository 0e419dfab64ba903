"""The demo verb: it makes every file, tells how many, and adds the folder to the settings."""

import dataclasses

from flaskr.config import load_settings
from flaskr.demo.making import Making
from flaskr.jobs.steps import STEPS, Work
from flaskr.media.discovery import names


def test_the_total_is_right_for_every_demo(app, music, tmp_path):
    settings = load_settings(names(), {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "own")})
    told = []
    module = dataclasses.replace(music, demo=lambda folder: Making(
        folder, [(f"{number}.txt", lambda path: path.write_text("made")) for number in range(5)]))
    (tmp_path / "own" / "demo" / "music").mkdir(parents=True)
    (tmp_path / "own" / "demo" / "music" / "0.txt").write_text("there")
    report = STEPS["demo"](Work(settings, None, module, lambda done, total, words="": told.append((done, total))))
    assert report.counts["made"] == 4 and told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert settings.reloaded().music.media_directory == [tmp_path / "own" / "demo" / "music"]
    plain = dataclasses.replace(music, demo=lambda folder: (folder / name for name in "ab"))
    told.clear()
    STEPS["demo"](Work(settings.reloaded(), None, plain, lambda done, total, words="": told.append((done, total))))
    assert told == [(1, 1), (2, 2)]
