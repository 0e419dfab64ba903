"""A small generated catalogue as files, and the application with it imported."""

import json

import pytest

from benchmarks._watchers import people
from flaskr.collaborative.saved import fit_and_save

TITLES = """anime_id,name,genre,type,episodes,rating,members
1,Cowboy Bebop,"Action, Drama, Space",TV,26,8.82,486824
2,Tom &amp;amp; Jerry&#039;s <b>Film</b>,"Comedy, comedy, Drama ",Movie,1,7.5,1000
3,"Long, longer",Drama,TV,Unknown,,
x,No number,Drama,TV,1,5,5
4,,Drama,TV,1,5,5
5,Too,many,columns,1,5,5,5,5
3,"Long, longest",Drama,TV,250,7.1,1200
"""
RATINGS = """user_id,anime_id,rating
7,1,8
7,2,-1
7,1,9
8,1,10
8,3,5.5
7,99,6
9,1,11
nobody,1,5
9,,5
9,3,-2
9,2
"""


@pytest.fixture
def files(tmp_path):
    """write(titles, ratings): the two files."""
    def write(titles=TITLES, ratings=RATINGS):
        paths = tmp_path / "anime.csv", tmp_path / "rating.csv"
        for path, text in zip(paths, (titles, ratings), strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return paths
    return write


@pytest.fixture
def bring(app, runner, files):
    """bring(titles, ratings): import them with the command; its report."""
    def go(*texts, paths=None):
        done = runner.invoke(args=["anime", "import", *map(str, paths or files(*texts)), "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output.splitlines()[-1])
    return go


@pytest.fixture(scope="session")
def generated():
    """Generated people, and their two files as texts."""
    data = people(120, 120, each=25)
    known = data.catalogue
    titles = "anime_id,name,genre,type,episodes,rating,members\n" + "".join(
        f'{item},{known.names[code]},"{", ".join(f"Genre {one}" for one in known.genres[[code]].indices)}",'
        f'{("TV", "Movie", "OVA", "Special")[known.kind[code]]},{known.episodes[code]:.0f},{known.score[code]:.2f},'
        f"{known.members[code]:.0f}\n" for code, item in enumerate(data.item_ids))
    ratings = "user_id,anime_id,rating\n" + "".join(
        f"{data.user_ids[user]},{data.item_ids[item]},{rating:.0f}\n"
        for user, item, rating in zip(data.user, data.item, data.rating, strict=True))
    return data, titles, ratings


@pytest.fixture(scope="session")
def fitted(generated, tmp_path_factory):
    """A folder with the model of the generated people."""
    folder = tmp_path_factory.mktemp("models") / "anime"
    fit_and_save(generated[0], folder)
    return folder


@pytest.fixture(autouse=True)
def made(monkeypatch):
    """The fixture `app` made the tables; the upgrade has its own test."""
    monkeypatch.setattr("flaskr.cli.ready", lambda: None)
