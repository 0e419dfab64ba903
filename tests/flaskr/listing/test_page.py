"""Pages: every order is served by an index, filters and words find what they name, cuts neither lose nor repeat."""

import pytest
from sqlalchemy import select, text

from flaskr.extensions import db
from flaskr.feedback import ratings
from flaskr.listing import arrays, facets
from flaskr.listing import page as pages
from flaskr.listing.query import SORTS, read, sorts
from flaskr.media.discovery import discover
from flaskr.tables import next_revision
from modules.music import MODULE

MODULES = [module for module in discover().modules.values() if module.kind == "files"]


def ask(music, size=60, **args):
    return pages.page(read(music, {key: str(value) for key, value in args.items()}), size=size, now=1e9)


def titles(found):
    return [item.title for item in found.items]


def plan(chosen):
    sql = chosen.compile(db.engine, compile_kwargs={"literal_binds": True})
    return " | ".join(row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_order_is_served_by_an_index(app, module):
    for sort in sorts(module):
        if sort.column:
            chosen, column = arrays.order_select(module, sort.column), getattr(module.Item, sort.column)
            down = chosen.order_by(None).order_by(column.desc(), module.Item.id.desc()).limit(60)
            for one in (chosen, chosen.limit(60), down):
                said = plan(one)
                assert "USING COVERING INDEX" in said and "TEMP B-TREE" not in said, (sort.key, said)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_filter_is_served_by_an_index(app, module):
    asked = [{"folder": "/a"},
             *({one.key: "7"} for one in module.filters),
             *({f"{one.key}_from": "1", f"{one.key}_to": "9"} for one in module.filters if one.range),
             *({f"{one.key}_to": "9"} for one in module.filters if one.range)]
    for args in asked:
        chosen = arrays.filter_selects(read(module, args))
        assert len(chosen) == 1, args
        for _, wanted in chosen.values():
            said = plan(wanted)
            assert "USING COVERING INDEX" in said and "TEMP B-TREE" not in said, (args, said)
    for one in module.filters:
        assert "USING COVERING INDEX" in plan(facets.values_select(module, one)), one


def test_what_ratings_let_through_is_what_the_database_says(fill, music):
    ids = fill([{"rating": [None, 0.0, 2.0, 5.5, 7.0, 10.0][at % 6], "missing": at % 5 == 0} for at in range(60)])
    alive = set(db.session.scalars(select(music.Item.id).where(music.Item.missing.is_(False))))
    rating = dict(db.session.execute(select(music.Item.id, music.Item.rating)).all())
    for args, fits in [({"rated": "no"}, lambda r: r is None), ({"rated": "yes"}, lambda r: r is not None),
                       ({"min": "2", "max": "7"}, lambda r: r is not None and 2 <= r <= 7),
                       ({"max": "5.5"}, lambda r: r is not None and r <= 5.5)]:
        found = arrays.rated(read(music, args))
        assert len(found) == 1 and set(found[0].tolist()) == {i for i in ids if i in alive and fits(rating[i])}, args
    assert arrays.rated(read(music, {})) == []


@pytest.mark.parametrize("key", [sort.key for sort in sorts(MODULE)])
@pytest.mark.parametrize("way", ["", "asc", "desc"])
def test_pages_neither_lose_nor_repeat(fill, music, key, way):
    ids = fill([{"year": 1990 + at % 3 if at % 2 else None, "rating": at % 4 if at % 3 else None,
                 "duration": None if at % 5 else 10.0 * at} for at in range(23)])
    found = [item.id for number in range(1, 6) for item in ask(music, 5, sort=key, dir=way, seed=3, page=number).items]
    assert sorted(found) == ids


def test_items_without_a_value_come_last_both_ways(fill, music):
    fill([{"year": 2000}, {"year": None}, {"year": 1980}])
    assert titles(ask(music, sort="year", dir="asc")) == ["Song 3", "Song 1", "Song 2"]
    assert titles(ask(music, sort="year", dir="desc")) == ["Song 1", "Song 3", "Song 2"]


def test_titles_sort_without_regard_to_case(fill, music):
    fill([{"title": "zebra"}, {"title": "Apple"}, {"title": "banana"}])
    assert titles(ask(music, sort="title")) == ["Apple", "banana", "zebra"]


def test_words_are_found_without_accents_and_by_their_beginning(fill, music):
    fill([{"title": "Déjà vu", "artist": "Björk"}, {"title": "Other"}])
    for typed in ("deja", "bjo", "BJÖRK vu", "  vu  "):
        assert titles(ask(music, q=typed, sort="title")) == ["Déjà vu"], typed
    assert titles(ask(music, q="nothing")) == []


@pytest.mark.parametrize("typed", ['"', "a OR", "NEAR(", "*", "'; DROP TABLE song; --", "title:x", "-", "\0", "^", "(((("])
def test_no_typed_words_break_the_search(fill, music, typed):
    fill([{}])
    ask(music, q=typed)


def test_filters(fill, music):
    ids = fill([{"folder": "/songs/a/", "genre": "Jazz"}, {"folder": "/songs/a/b/"}, {"folder": "/songs/ab/"}, {}])
    ratings.rate(music, ids[0], 8)
    ratings.rate(music, ids[1], 3)
    assert titles(ask(music, sort="title", folder="/songs/a")) == ["Song 1", "Song 2"]
    assert titles(ask(music, sort="title", rated="no")) == ["Song 3", "Song 4"]
    assert titles(ask(music, sort="title", min=5)) == ["Song 1"]
    assert titles(ask(music, sort="title", rated="yes", max=5)) == ["Song 2"]
    assert titles(ask(music, sort="title", genre="Jazz")) == ["Song 1"]
    assert titles(ask(music, folder="/songs/a", rated="no")) == []


def test_a_number_is_filtered_from_and_to(fill, music):
    fill([{"year": 1980}, {"year": 1990}, {"year": 2000}, {"year": None}])
    assert titles(ask(music, sort="title", year_from=1985)) == ["Song 2", "Song 3"]
    assert titles(ask(music, sort="title", year_to=1990)) == ["Song 1", "Song 2"]
    assert titles(ask(music, sort="title", year_from=1985, year_to=1995)) == ["Song 2"]
    assert titles(ask(music, sort="title", year=1990)) == ["Song 2"]
    assert titles(ask(music, sort="title", year_from="x")) == ["Song 1", "Song 2", "Song 3", "Song 4"]


@pytest.mark.parametrize("key", [sort.key for sort in sorts(MODULE)])
@pytest.mark.parametrize("way", ["asc", "desc"])
def test_arrays_and_the_index_give_the_same_order(fill, music, key, way, monkeypatch):
    fill([{"year": 1990 + at % 3 if at % 2 else None, "rating": at % 4 if at % 3 else None} for at in range(23)])
    shallow = [titles(ask(music, 5, sort=key, dir=way, seed=3, page=number)) for number in range(1, 6)]
    monkeypatch.setattr(pages, "SHALLOW", 0)
    assert shallow == [titles(ask(music, 5, sort=key, dir=way, seed=3, page=number)) for number in range(1, 6)]


def test_what_is_kept_knows_of_every_change(fill, music, monkeypatch):
    monkeypatch.setattr(pages, "SHALLOW", 0)
    ids = fill([{"year": 1990}, {"year": 1990}])
    assert titles(ask(music, sort="rating", dir="asc", year=1990)) == ["Song 1", "Song 2"]
    ratings.rate(music, ids[1], 3)
    assert titles(ask(music, sort="rating", dir="asc", year=1990)) == ["Song 2", "Song 1"]
    assert titles(ask(music, rated="yes")) == ["Song 2"]
    db.session.get(music.Item, ids[0]).missing = True
    db.session.get(music.Item, ids[0]).revised = next_revision("music")
    db.session.commit()
    assert titles(ask(music, sort="title", year=1990)) == ["Song 2"] == titles(ask(music, sort="title"))


def test_what_is_kept_stays_within_its_bound(fill, music, monkeypatch):
    fill([{}] * 50)
    monkeypatch.setattr(arrays, "MOST_BYTES", 3 * 50 * 8)
    for column in ("title", "path", "size", "added", "artist", "album"):
        arrays.ordered(music, column)
    assert sum(array.nbytes for _, array in arrays._kept.values()) <= 3 * 50 * 8


def test_recommended_puts_the_loved_first_and_a_seed_repeats(fill, music):
    ids = fill([{"prediction": float(at % 10), "spread": 1.0} for at in range(50)])
    ratings.rate(music, ids[0], 10)
    assert ask(music).items[0].id == ids[0]
    first, again, other = (titles(ask(music, seed=seed)) for seed in (7, 7, 8))
    assert first == again != other


def test_a_rating_is_seen_by_the_next_page(fill, music):
    ids = fill([{} for _ in range(5)])
    ask(music)
    ratings.rate(music, ids[3], 9.5)
    assert ask(music).items[0].id == ids[3]


def test_missing_items_are_on_no_page(fill, music):
    fill([{"missing": True}, {"missing": False}])
    for sort in SORTS:
        assert titles(ask(music, sort=sort.key)) == ["Song 2"]


def test_a_page_too_far_is_the_last(fill, music):
    fill([{}] * 7)
    found = ask(music, 5, sort="title", page=999)
    assert (found.number, len(found.items), found.pages, found.total) == (2, 2, 2, 7)


@pytest.mark.parametrize("args", [{"sort": "evil"}, {"page": "-3"}, {"page": "x"}, {"min": "nan"}, {"seed": "1e99"},
                                  {"view": "x"}, {"folder": "\ufdd0zz"}, {"year": "abc"}])
def test_what_makes_no_sense_is_ignored(fill, music, args):
    fill([{}])
    ask(music, **args)


def test_a_query_gives_its_own_url(music):
    args = {"q": "a b", "sort": "year", "dir": "asc", "rated": "yes", "min": "2.5", "page": "3", "artist": "X & Y",
            "view": "list", "seed": "4", "like": "1,5", "unlike": "7", "year_from": "1990", "by": "meaning"}
    assert read(music, args).args() == args
    assert "page" not in read(music, args).but(sort="title")


def test_the_best_match_is_the_order_while_there_is_one(music):
    plain, like = read(music, {"q": "a"}), read(music, {"like": "1"})
    assert (plain.sort, like.sort, read(music, {"q": "a", "by": "meaning"}).sort) == ("recommended", "match", "match")
    assert read(music, {"sort": "match"}).sort == "recommended"
    assert "sort" not in like.but(like=()) and "sort" not in plain.but(like=(1,)) and "sort" not in like.args()
    assert read(music, {"like": "1", "sort": "recommended"}).args()["sort"] == "recommended"


def test_ids_are_numbers_each_once_and_few(music):
    typed = "1,1,x,-3,99999999999999999999,٣,5," + ",".join(map(str, range(100, 300)))
    assert read(music, {"like": typed}).like[:2] == (1, 5) and len(read(music, {"like": typed}).like) == 50
