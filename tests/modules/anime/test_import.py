"""The import: cleaned, the last of duplicates kept, bad rows told, what is broken named; it can be started again."""

import gzip

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from flaskr.extensions import db
from modules.anime import importing
from modules.anime.tables import Anime, AnimeGenre, AnimeRating, AnimeUser


def rated():
    return {(row.user_id, row.anime_id): row.rating for row in db.session.scalars(db.select(AnimeRating))}


def test_rows_are_cleaned_and_bad_ones_told(bring):
    report = bring()
    film, series = db.session.get(Anime, 2), db.session.get(Anime, 3)
    assert film.name == "Tom & Jerry's <b>Film</b>" and film.genre == "comedy, Drama" and film.episodes == 1
    assert (series.name, series.episodes, series.rating, series.members) == ("Long, longest", 250, 7.1, 1200)
    assert {row.anime_id for row in db.session.scalars(db.select(AnimeGenre).where(AnimeGenre.genre == "DRAMA"))} == {1, 2, 3}
    assert rated() == {(7, 1): 9, (7, 2): -1, (8, 1): 10, (8, 3): 5.5}
    assert report["left_out"] == {
        "titles": {"without an anime_id or a name": 2, "with another number of columns": 1},
        "ratings": {"of titles that the catalogue does not hold": 1, "with another number of columns": 1,
                    "without three numbers": 2, "with a rating that is neither -1 nor 0 to 10, or a negative user": 2}}
    assert report["users"] == 2 and report["ratings"] == 5


def test_unknown_episodes_are_null(bring):
    bring("anime_id,name,genre,type,episodes,rating,members\n1,A,,,Unknown,,\n2,B,,Unknown,12.0,99,-4\n",
          "user_id,anime_id,rating\n")
    one, two = db.session.get(Anime, 1), db.session.get(Anime, 2)
    assert (one.episodes, one.rating, one.members, one.type, one.genre) == (None, None, None, None, "")
    assert (two.episodes, two.rating, two.members, two.type) == (12, None, None, None)


def test_it_can_be_started_again_and_later_files_add(bring):
    bring()
    before, titles = rated(), db.session.scalar(db.select(db.func.count()).select_from(Anime))
    assert bring()["ratings"] == 5 and rated() == before
    assert db.session.scalar(db.select(db.func.count()).select_from(Anime)) == titles
    bring("anime_id,name\n1,Renamed\n", "user_id,anime_id,rating\n7,1,3\n")
    assert rated() == before | {(7, 1): 3} and db.session.get(Anime, 1).name == "Renamed"


def test_a_killed_import_keeps_what_it_read_and_goes_on(bring, files, generated, monkeypatch):
    data, titles, ratings = generated
    monkeypatch.setattr(importing, "ROWS", 100)
    paths, told = files(titles, ratings), []

    def kill(done, total, words=""):
        told.append(done)
        if len(told) == 5:
            raise KeyboardInterrupt

    importing.import_titles(paths[0])
    with pytest.raises(KeyboardInterrupt):
        importing.import_ratings(paths[1], kill)
    db.session.rollback()
    assert len(rated()) == 500
    assert bring(paths=paths)["ratings"] == len(data) == len(rated())


def test_features_of_a_user(bring):
    bring()
    one = db.session.get(AnimeUser, 7)
    assert (one.watched, one.rated, one.mean, one.scale, one.length) == (2, 1, 9, 0, 26)
    assert (one.tv, one.movie) == (0.5, 0.5) and one.genres[0] == ["Drama", 1.0]
    assert 0 <= one.popularity <= 1


def test_parquet_and_gzip_are_the_same(bring, files, tmp_path):
    bring()
    before = rated()
    db.session.execute(db.delete(AnimeRating))
    db.session.commit()
    table = pa.table({"user_id": [7, 7, 8, 8, None], "anime_id": [1, 2, 1, 3, 1], "rating": [9.0, -1.0, 10.0, 5.5, 1.0]})
    parquet.write_table(table, tmp_path / "r.parquet")
    packed = tmp_path / "anime.csv.gz"
    packed.write_bytes(gzip.compress(files()[0].read_bytes()))
    report = bring(paths=(packed, tmp_path / "r.parquet"))
    assert rated() == before and report["left_out"]["ratings"] == {"without three numbers": 1}


@pytest.mark.parametrize(("titles", "ratings", "words"), [
    ("id,name\n1,A\n", "user_id,anime_id,rating\n", "has no column anime_id"),
    ("", "user_id,anime_id,rating\n", "can't be read"),
    (b"\x00\xff" * 5000, "user_id,anime_id,rating\n", "anime.csv"),
    ("anime_id,name\n1,A\n", "a,b\n1,2\n", "has no column user_id")])
def test_files_that_are_something_else_are_named(app, runner, files, titles, ratings, words):
    done = runner.invoke(args=["anime", "import", *map(str, files(titles, ratings))])
    assert done.exit_code == 1 and words in done.output and "Traceback" not in done.output


def test_a_missing_file_is_named(app, runner, tmp_path):
    done = runner.invoke(args=["anime", "import", str(tmp_path / "none.csv"), str(tmp_path / "none.parquet")])
    assert done.exit_code == 1 and "There is no file" in done.output and "none.csv" in done.output


def test_names_that_are_not_utf8_and_broken_parquet(app, runner, files, bring, tmp_path):
    bring(b"anime_id,name\n1,Caf\xe9\n", "user_id,anime_id,rating\n1,1,5\n1,1,\xe9\n".encode("latin-1"))
    assert db.session.get(Anime, 1).name == "Caf\ufffd"
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1" + bytes(100))
    done = runner.invoke(args=["anime", "import", str(files()[0]), str(broken)])
    assert done.exit_code == 1 and "broken.parquet" in done.output


def test_generated_rows_come_back_as_arrays(bring, generated):
    from modules.anime.arrays import everything

    data, titles, ratings = generated
    report = bring(titles, ratings)
    assert report["ratings"] == len(data) and report["left_out"] == {"titles": {}, "ratings": {}}
    again, genres, types = everything()
    assert np.array_equal(again.user, data.user) and np.array_equal(again.rating, data.rating)
    assert np.array_equal(again.item_ids[again.item], data.item_ids[data.item])
    assert types == ["Movie", "OVA", "Special", "TV"] and len(genres) == 8


def test_the_real_set(bring, test_data):
    report = bring(paths=(test_data / "anime" / "anime.csv", test_data / "anime" / "rating.csv"))
    assert (report["titles"], report["ratings"], report["users"]) == (12_294, 520_609, 5_000)
    assert report["left_out"] == {"titles": {}, "ratings": {}} and report["seconds"] < 60
    assert db.session.get(Anime, 28977).name == "Gintama°"
    assert not db.session.scalar(db.select(Anime.id).where(Anime.name.contains("&#")).limit(1))


STARS = "user_id,anime_id,rating\n" + "".join(f"{user},{anime},{rating}\n" for user in range(40) for anime, rating in (
    (1, (0.5, 3, 5)[user % 3]), (2, -1), (3, 4.5), (1, 2 + user % 2)))


@pytest.mark.parametrize(("options", "scale", "highest"), [
    ((), 5, 9), (("--scale", "10"), 10, 4.5), (("--scale", "100"), 100, 0.45)])
def test_stars_become_points_and_it_says_so(app, runner, files, options, scale, highest):
    done = runner.invoke(args=["anime", "import", *map(str, files(ratings=STARS)), *options])
    assert done.exit_code == 0 and max(rated().values()) == highest and rated()[(1, 2)] == -1
    assert (f"end at {scale}" in done.output) == (scale != 10)


def test_percents_become_points(bring):
    report = bring("anime_id,name\n1,A\n2,B\n", "user_id,anime_id,rating\n1,1,87\n1,2,100\n2,1,-1\n2,2,101\n3,1,0\n3,2,55.5\n")
    assert report["scale"] == 100 and rated() == {(1, 1): 8.7, (1, 2): 10, (2, 1): -1, (3, 1): 0, (3, 2): 5.55}
    assert report["left_out"]["ratings"] == {"with a rating that is neither -1 nor 0 to 100, or a negative user": 1}
