"""Without a model: what messages ask for, by rules, and what goes on from what was said before."""

import pytest

from flaskr.talk.understand import Before, Words, understand
from flaskr.talk.wish import merged, singular
from tests.flaskr.talk.conftest import DEGREES, EPISODES, PHRASES, Search

WORDS = Words({singular(phrase): meant for phrase, meant in PHRASES.items()}, DEGREES, list(Search.model_fields))


def meant(names, message, before=None):
    before = before or Before()
    facts = {one: {"episodes": EPISODES[one]} for one in before.named}
    found = understand(message, before, names, WORDS, facts)
    return (found.call.tool, found.call.arguments, found.missing) if found.call else (None, found.wish, found.missing)


@pytest.mark.parametrize(("message", "tool", "arguments"), [
    ("hello", None, {}), ("Thanks!", None, {}), ("recommend something", "search", {}), ("what should I watch?", "search", {}),
    ("Something like Cowboy Bebop, but short", "search", {"like": ["Cowboy Bebop"], "lt_episodes": 14}),
    ("like cowbow bebop and naruto", "search", {"like": ["Cowboy Bebop", "Naruto"]}),
    ("I loved Naruto; not too long please", "search", {"like": ["Naruto"], "lt_episodes": 50}),
    ("nothing like Naruto", "search", {"not_like": ["Naruto"]}),
    ("similar to “Monster”", "search", {"like": ["Monster"]}),
    ("A funny movie, not Ecchi", "search", {"genre": ["Comedy"], "type": ["Movie"], "not_genre": ["Ecchi"]}),
    ("comedies without romance", "search", {"genre": ["Comedy"], "not_genre": ["Romance"]}),
    ("no romance, harem or ecchi", "search", {"not_genre": ["Romance", "Harem", "Ecchi"]}),
    ("no romance, but comedy", "search", {"not_genre": ["Romance"], "genre": ["Comedy"]}),
    ("not ecchi, short", "search", {"not_genre": ["Ecchi"], "lt_episodes": 14}),
    ("I don't want a movie", "search", {"not_type": ["Movie"]}), ("not long", "search", {"lt_episodes": 50}),
    ("I'd like a comedy", "search", {"genre": ["Comedy"]}), ("I would like movies", "search", {"type": ["Movie"]}),
    ("tv with more than 20 episodes rated above 8.5", "search", {"type": ["TV"], "mt_episodes": 20.0, "mt_rating": 8.5}),
    ("three funny movies", "search", {"k": 3, "genre": ["Comedy"], "type": ["Movie"]}), ("top 10", "search", {"k": 10}),
    ("something about space pirates", "search", {"genre": ["Space"], "words": "space pirates"}),
    ("Compare Steins;Gate and Monster", "compare", {"names": ["Steins;Gate", "Monster"]}),
    ("naruto or monster?", "compare", {"names": ["Naruto", "Monster"]}),
    ("which is better, cowboy bebop or naruto", "compare", {"names": ["Cowboy Bebop", "Naruto"]}),
    ("is steins;gate good?", "explain", {"name": "Steins;Gate"}), ("Would I like Monster?", "explain", {"name": "Monster"}),
    ("tell me about cowboy bebop", "explain", {"name": "Cowboy Bebop"}),
    ("why Cowboy Bebop?", "explain", {"name": "Cowboy Bebop"})])
def test_messages(names, message, tool, arguments):
    assert meant(names, message) == (tool, arguments, [])


@pytest.mark.parametrize(("message", "missing"), [
    ("something like Space Dandy", ["Space Dandy"]), ("what about attack on titan", ["attack on titan"]),
    ("similar to “No Such Thing”", ["No Such Thing"]), ("like that", []), ("is there a good movie", [])])
def test_names_that_are_none_are_said(names, message, missing):
    assert meant(names, message)[2] == missing


def test_it_goes_on_from_what_was_said(names):
    before = Before({"like": ["Naruto"], "type": ["TV"]}, [1, 2, 3], [1, 2, 3, 7])
    assert meant(names, "shorter ones", before)[1] == {"like": ["Naruto"], "type": ["TV"], "lt_episodes": 26}
    assert meant(names, "more", before)[1] == {"like": ["Naruto"], "type": ["TV"], "without": [1, 2, 3, 7]}
    assert meant(names, "and no romance", before)[1] == {"like": ["Naruto"], "type": ["TV"], "not_genre": ["Romance"]}
    assert meant(names, "movies instead", before)[1] == {"like": ["Naruto"], "type": ["Movie"]}
    assert meant(names, "a comedy", before)[1] == {"genre": ["Comedy"]}
    assert meant(names, "something like Monster", before)[1] == {"like": ["Monster"]}
    assert meant(names, "why the second one?", before)[:2] == ("explain", {"name": "Steins;Gate"})
    assert meant(names, "why?", before)[:2] == ("explain", {"name": "Cowboy Bebop"})
    assert meant(names, "shorter ones")[1] == {}


def test_the_newer_wish_wins():
    assert merged({"genre": ["Comedy"], "k": 3}, {"not_genre": ["Comedy"]}) == {"not_genre": ["Comedy"]}
    assert merged({"mt_episodes": 49}, {"lt_episodes": 14}) == {"lt_episodes": 14}
    assert merged({"lt_episodes": 14}, {"mt_episodes": 5}) == {"lt_episodes": 14, "mt_episodes": 5}
