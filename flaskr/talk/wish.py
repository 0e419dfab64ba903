"""What a message wishes for, as arguments of `search`: phrases, negation, bounds, counts; by rules, no model."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flaskr.talk.names import key

NOT = frozenset("not no without except nothing never neither nor dont doesnt isnt arent wont cant hate avoid excluding unlike "
                "dislike skip minus less".split())
BREAK = frozenset("but only just please instead though rather want like love give show with and or some".split())
ONE_OF = "type"  # a title has one of these, so another one replaces it
REACH = 3  # words that may stand between "not" and what it means
CHAIN = re.compile(r"\s*(?:,\s*(?:or|and|nor)?|or|and|nor|/)\s*(?:no|any|too much)?\s*")
NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)}
COUNT = re.compile(rf"\b(?:top|give me|show me|name|recommend(?: me)?|suggest(?: me)?|find(?: me)?)\s+(?:the\s+)?(\d{{1,2}}|"
                   rf"{'|'.join(NUMBERS)})\b|\b(\d{{1,2}}|{'|'.join(list(NUMBERS)[1:])})(?=\s+(?:\w+\s+)?(?:\w+[^s\W]s|more)\b)")
LESS = "under|below|less than|fewer than|at most|up to|shorter than|max(?:imum)?|lower than"
MORE = "over|above|more than|at least|longer than|min(?:imum)?|higher than|better than"
NUMBER = r"(\d+(?:\.\d+)?)"
FILL = frozenset(
    "a about adored again all also am an and another any anything are as at be been best better but by can cant "
    "could d did different do does dont else enjoy enjoyed ever fan fans find for from further get give good great "
    "had has have hello help hey hi how i id if im in instead is isnt it its ive just kind know less let lets like "
    "liked little ll looking lot love loved m make maybe me might mood more most much my name need next nice no not "
    "now of ok on one ones only or other others please re really recommend recommendation same say see seen should "
    "show shows similar so some something sort stuff such suggest tell than thank thanks that thats the their them "
    "then there these they thing things think this those title titles to today tonight too top try ve very want was "
    "watch watched watching we what whats when where which who why will with would yes you your".split())


def single(word: str) -> str:
    """A word and its plural as one, roughly: comedy and comedies, movie and movies."""
    if word.endswith(("ies", "ie")) and len(word) > 4:
        return word[:-3 if word.endswith("s") else -2] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def singular(phrase: str) -> str:
    """A phrase by its letters, each word as its singular."""
    return " ".join(map(single, key(phrase).split()))


def wish(text: str, phrases: Mapping[str, tuple[str, Any]], arguments: Sequence[str]) -> dict[str, Any]:
    """Arguments of `search` that a text asks for. phrases: by `singular` keys; `arguments`: the names that search takes."""
    text = text.lower().replace("’", "'")
    asked, text = _bounds(text, arguments)
    if (found := COUNT.search(text)) and "k" in arguments:
        count = found[1] or found[2]
        asked["k"] = max(1, min(20, NUMBERS.get(count) or int(count)))
        text = text.replace(found[0], " " * len(found[0]))
    words = [(found.start(), found.end(), found[0].replace("'", "")) for found in re.finditer(r"\w+(?:'\w+)*", text)]
    matches, denied = _matches(words, phrases), set()
    for place, (first, last, argument, value) in enumerate(matches):
        negated = _negated(words, first, denied) or (place > 0 and _chained(text, words, matches, place, denied))
        if negated:
            denied |= set(range(first, last))
        _put(asked, *(_opposite(argument, value, arguments) if negated else (argument, value)))
    taken = {at for first, last, *_ in matches for at in range(first, last)}
    rest = [word for at, (_, _, word) in enumerate(words) if at not in denied and word not in FILL and word not in NOT]
    fresh = [word for at, (_, _, word) in enumerate(words) if at not in taken and word not in FILL and word not in NOT]
    if fresh and "words" in arguments:
        asked["words"] = " ".join(rest)[:300]
    return asked


def merged(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """A wish and what was added to it: lists grow, other values are replaced, the newer "not" wins."""
    whole = {name: list(value) if isinstance(value, list) else value for name, value in before.items() if name != "k"}
    for name, value in now.items():
        if not isinstance(value, list):
            whole[name] = value
            continue
        before_it = [] if name == ONE_OF else whole.get(name, [])
        whole[name] = [*before_it, *(one for one in value if one not in before_it)]
        other = name.removeprefix("not_") if name.startswith("not_") else f"not_{name}"
        if other in whole:
            whole[other] = [one for one in whole[other] if one not in value]
    for name in [name for name in whole if name.startswith("mt_")]:  # bounds that leave nothing: the newer one stands
        other = "lt_" + name[3:]
        if other in whole and whole[other] <= whole[name]:
            whole.pop(other if name in now else name)
    return {name: value for name, value in whole.items() if value not in ([], None, "")}


def in_words(asked: Mapping[str, Any], bounds: Mapping[str, str]) -> str:
    """The arguments of a search as a person would say them. bounds: "more than so many episodes", by argument."""
    said = [value for name in ("genre", "not_genre", ONE_OF, f"not_{ONE_OF}") for value in _each(name, asked.get(name, []))]
    said += [words.replace("less than so many", "fewer than so many").replace("so many ", f"{asked[name]:g} ")
             for name, words in bounds.items() if asked.get(name) is not None]
    said += [f"{no}like {one}" for name, no in (("like", ""), ("not_like", "not ")) for one in asked.get(name, [])]
    return ", ".join([*said, *([f"about “{asked['words']}”"] if asked.get("words") else [])])


def _each(name: str, values: Sequence[str]) -> list[str]:
    if name == ONE_OF:
        return [" or ".join(values)] if values else []
    return [f"not {value}" if name.startswith("not_") else value for value in values]


def _bounds(text: str, arguments: Sequence[str]) -> tuple[dict[str, Any], str]:
    asked: dict[str, Any] = {}
    for noun in {name[3:] for name in arguments if name[:3] in ("mt_", "lt_")}:
        stem = noun[:3]
        for prefix, words in (("lt", LESS), ("mt", MORE)):
            behind = rf"\b(?:{words})\s+{NUMBER}\s+{stem}\w*"
            before = rf"\b{stem}\w*\s+(?:is\s+|of\s+)?(?:{words})\s+{NUMBER}"
            if found := re.search(f"{behind}|{before}", text):
                asked[f"{prefix}_{noun}"] = float((found[1] or found[2])[:9])
                text = text.replace(found[0], " " * len(found[0]))
    return asked, text


def _matches(words: Sequence[tuple[int, int, str]], phrases: Mapping[str, tuple[str, Any]]) -> list[tuple[int, int, str, Any]]:
    """(first word, behind the last, argument, value) of every phrase, the longest at each place."""
    single_words = [single(word) for _, _, word in words]
    longest, found, at = max((phrase.count(" ") + 1 for phrase in phrases), default=0), [], 0
    while at < len(words):
        for count in range(min(longest, len(words) - at), 0, -1):
            if meant := phrases.get(" ".join(single_words[at:at + count])):
                found.append((at, at + count, *meant))
                at += count - 1
                break
        at += 1
    return found


def _negated(words: Sequence[tuple[int, int, str]], first: int, denied: set[int]) -> bool:
    for at in range(first - 1, max(-1, first - 2 - REACH), -1):
        word = words[at][2]
        if word in NOT:
            return True
        if word in BREAK and not (at and words[at - 1][2] in NOT) or at in denied:
            return False
    return False


def _chained(text: str, words: Sequence[tuple[int, int, str]], matches: Sequence[tuple], place: int, denied: set[int]) -> bool:
    """Whether it goes on with a "not": "no romance, harem or ecchi". A comma alone needs an "or" further on."""
    before, this = matches[place - 1], matches[place]
    if before[0] not in denied or before[2] != this[2]:
        return False
    between = text[words[before[1] - 1][1]:words[this[0]][0]]
    if not CHAIN.fullmatch(between):
        return False
    return bool(re.search(r"or|and|nor|/", between)) or (
        place + 1 < len(matches) and matches[place + 1][2] == this[2]
        and bool(re.fullmatch(r"\s*,?\s*(?:or|nor|and)\s*", text[words[this[1] - 1][1]:words[matches[place + 1][0]][0]])))


def _opposite(argument: str, value: Any, arguments: Sequence[str]) -> tuple[str, Any]:
    if argument[:3] == "lt_":
        return f"mt_{argument[3:]}", value - 1
    if argument[:3] == "mt_":
        return f"lt_{argument[3:]}", value + 1
    return (f"not_{argument}", value) if f"not_{argument}" in arguments else ("", value)


def _put(asked: dict[str, Any], argument: str, value: Any) -> None:
    if argument[:3] in ("lt_", "mt_"):
        asked[argument] = value
    elif argument and value not in asked.setdefault(argument, []):
        asked[argument].append(value)
