"""What a message asks for where no language model reads it: the tool and its arguments, from this message and those before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from flaskr.talk.contract import Call
from flaskr.talk.examples import Examples, examples, is_plain, title_at
from flaskr.talk.names import Names
from flaskr.talk.wish import merged, wish

COMPARE = re.compile(r"\b(?:compare|comparison|versus|vs\.?|differences? between|better)\b|\bor\b", re.IGNORECASE)
BETWEEN = re.compile(r"\s+(?:and|or|with|to|versus|vs\.?)\s+|,\s*", re.IGNORECASE)
ALTERNATIVES = re.compile(r"\s+(?:or|versus|vs\.?|than)\s+", re.IGNORECASE)
EXPLAIN = re.compile(r"\b(?:why(?: is| did you (?:recommend|name|suggest)| should i (?:watch|see))?|tell me (?:more )?about|"
                     r"what(?:'s| is)|(?:what|how) about|(?:would|will|do you think) i(?:'d)? (?:like|enjoy|love)|"
                     r"should i (?:watch|see|try)|how (?:good|much)(?: is)?|explain|do you know|is)\b\s*", re.IGNORECASE)
FOLLOW = re.compile(r"\b(?:more|others?|another|else|different|ones?|those|these|them|instead|also|again|too|same)\b|"
                    r"^\s*(?:and|but|not|no|without|only|or)\b", re.IGNORECASE)
FURTHER = re.compile(r"\b(?:more|others?|another|else|different|further|next)\b", re.IGNORECASE)
GREETING = re.compile(r"\s*(?:hi|hello|hey|good (?:morning|evening|day)|thanks?(?: you)?|help|what can you do|how do(?:es)? "
                      r"(?:this|it) work)\b[\W_]*(?:there|you|again|so much)?[\W_]*", re.IGNORECASE)
NTH = ("first", "second", "third", "fourth", "fifth")
MOST_LIKE, MOST_COMPARED = 5, 4


@dataclass(frozen=True)
class Before:
    """What was said: the wish as it stands, the ids that the last answer named, and those that any did."""

    wish: dict[str, Any] = field(default_factory=dict)
    named: Sequence[int] = ()
    shown: Sequence[int] = ()


@dataclass(frozen=True)
class Words:
    """What words mean here: phrases by their `singular` form, degrees as a Voice has them, and the arguments of `search`."""

    phrases: Mapping[str, tuple[str, Any]]
    degrees: Mapping[str, tuple[str, str]]
    arguments: Sequence[str]


@dataclass(frozen=True)
class Meant:
    """call: the tool to ask, None for a greeting. wish: what is wished for from now on. missing: names that are no title."""

    call: Call | None
    wish: dict[str, Any]
    missing: list[str] = field(default_factory=list)


def understand(message: str, before: Before, names: Names, words: Words,
               facts: Mapping[int, Mapping[str, Any]]) -> Meant:
    """The call that answers a message. facts: what is known of the titles that the last answer named."""
    if GREETING.fullmatch(message):
        return Meant(None, before.wish)
    given = examples(message, names, words.phrases)
    if about := _compared(message, given, names):
        return Meant(about, before.wish)
    about, gone = _explained(message, given, before, names, words.phrases)
    if about:
        return Meant(about, before.wish)
    degrees = "|".join(map(re.escape, words.degrees)) or r"\b\B"
    asked = wish(re.sub(rf"\b(?:{degrees})\b", " ", given.rest, flags=re.IGNORECASE), words.phrases, words.arguments)
    for argument, titles in (("like", given.liked), ("not_like", given.denied)):
        if titles:
            asked[argument] = [title.name for title in titles[:MOST_LIKE]]
    degree = _degree(message, words.degrees, facts)
    asked |= degree
    goes_on = bool(before.named) and bool(degree or FOLLOW.search(given.rest)) and not given.liked
    whole = merged(before.wish, asked) if goes_on else asked
    further = {"without": list(before.shown)} if goes_on and FURTHER.search(given.rest) else {}
    return Meant(Call("search", whole | further), whole, [*given.missing, *gone])


def _compared(message: str, given: Examples, names: Names) -> Call | None:
    found = COMPARE.search(message)
    if found is None:
        return None
    titles, word = list(given.liked), found[0].lower()
    if len(titles) < 2:
        text = message.strip(" ?.!")
        parts = BETWEEN.split(text[found.end():].strip()) if word.startswith(("comp", "diff")) else ALTERNATIVES.split(
            re.split(r"\bbetter\W+|[,:]\s+", text)[-1])
        ends = [(len(part), *title_at(part, names, exact=word == "or")) for part in map(str.strip, parts) if part]
        titles = [title for whole, length, title in ends if title and length == whole] if len(ends) > 1 else []
    titles = list(dict.fromkeys(titles))[:MOST_COMPARED]
    sure = word != "better" or ALTERNATIVES.search(message)
    return Call("compare", {"names": [title.name for title in titles]}) if len(titles) > 1 and sure else None


def _explained(message: str, given: Examples, before: Before, names: Names,
               phrases: Mapping[str, tuple[str, Any]]) -> tuple[Call | None, list[str]]:
    """(the call, a name that it would be about and that is none)."""
    found = EXPLAIN.search(message)
    if found is None:
        return None, []
    tail, why = message[found.end():], "why" in found[0].lower()
    length, title = title_at(tail, names, exact=found[0].strip().lower() == "is")
    if title is None and len(given.liked) == 1 and not re.search(r"\b(?:something|anything|similar|more)\b", message.lower()):
        title = given.liked[0]
    if title is None and why and before.named:
        nth = next((at for at, word in enumerate(NTH) if word in message.lower()), 0)
        title = names.by_id.get(before.named[min(nth, len(before.named) - 1)])
    if title:
        return Call("explain", {"name": title.name}), []
    name, sure = tail[:length].strip(), not (why or given.liked or found[0].strip().lower() == "is")
    return None, [name] if name and sure and not is_plain(name, phrases) else []


def _degree(message: str, degrees: Mapping[str, tuple[str, str]], facts: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """"shorter": a bound from what was named last."""
    found: dict[str, Any] = {}
    for word, (argument, fact) in degrees.items():
        values = [one[fact] for one in facts.values() if one.get(fact) is not None]
        if values and re.search(rf"\b{re.escape(word)}\b", message, re.IGNORECASE):
            found[argument] = max(median(values), min(values) + 1) if argument.startswith("lt_") else median(values)
    return found
