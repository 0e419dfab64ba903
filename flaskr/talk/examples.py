"""Which titles a message gives as examples ("like X and Y, not like Z"), and which names in it are none of the catalogue."""

import re
from collections.abc import Container
from dataclasses import dataclass

from flaskr.talk.check import SMALL, looks_like_a_title
from flaskr.talk.contract import Entry
from flaskr.talk.names import WORD, Names, key
from flaskr.talk.wish import FILL, singular

LIKE = re.compile(r"\b(?:similar to|reminds me of|same as|resembl\w+|in the (?:style|vein|mood) of|fans? of|as good as|loved|"
                  r"enjoyed|liked|adored|(?<!would )(?<!'d )(?<!\bi )(?<!you )(?<!we )(?<!feel )like)\s+", re.IGNORECASE)
QUOTED = re.compile(r"[\"“]([^\"“”\n]{1,120})[\"”]")
AND = re.compile(r"\s*(?:,\s*(?:and|or)|,|and|or|&)\s+", re.IGNORECASE)
END = re.compile(r"[,.;!?\n]|\b(?:but|with|that|without|and|or|not|except|only|in|for|from)\b", re.IGNORECASE)
DENIED = re.compile(r"(?:\bnot(?:hing)?|n't|\bnever|\bno)(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
MOST_WORDS = 16


@dataclass(frozen=True)
class Examples:
    """liked, denied: titles; missing: what stands where a title would and is none; rest: the message without all these."""

    liked: list[Entry]
    denied: list[Entry]
    missing: list[str]
    rest: str


def examples(message: str, names: Names, phrases: Container[str]) -> Examples:
    """The examples of a message; `phrases`: words that mean something else, as `singular` gives them."""
    spans: list[tuple[int, int, Entry | None, bool]] = []
    for found in QUOTED.finditer(message):
        spans.append((found.start(), found.end(), names.find(found[1]), bool(DENIED.search(message[:found.start()]))))
    for trigger in LIKE.finditer(message):
        spans += _after(message, trigger, names, phrases, spans)
    for start, end, entry in names.named(message):
        if looks_like_a_title(message[start:end]) and singular(message[start:end]) not in phrases and _free(start, end, spans):
            spans.append((start, end, entry, bool(DENIED.search(message[:start]))))
    rest = message
    for start, end, *_ in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    liked = [entry for *_, entry, no in sorted(spans, key=lambda span: span[0]) if entry and not no]
    denied = [entry for *_, entry, no in spans if entry and no]
    return Examples(list(dict.fromkeys(liked)), list(dict.fromkeys(denied)),
                    [message[start:end].strip(" \"“”") for start, end, entry, _ in spans if entry is None], rest)


def title_at(text: str, names: Names, *, exact: bool = False) -> tuple[int, Entry | None]:
    """(letters it takes, the title) that a text begins with; without `exact` also one that is mistyped or only begun."""
    words = list(WORD.finditer(text[:300]))[:MOST_WORDS]
    for count in range(len(words), 0, -1):
        entry = names.exact(text[words[0].start():words[count - 1].end()])
        if entry and (count > 1 or key(words[0][0]) not in FILL):
            return words[count - 1].end(), entry
    clause = END.split(text[:300])[0].rstrip()
    entry = None if exact or not clause or key(clause) in FILL else names.find(clause)
    return len(clause), entry


def _after(message: str, trigger: re.Match, names: Names, phrases: Container[str], taken: list) -> list[tuple]:
    """Spans of the titles behind "like": several may be joined."""
    no, at, spans = bool(DENIED.search(message[:trigger.start()])), trigger.end(), []
    while _free(at, at + 1, taken):
        length, entry = title_at(message[at:], names, exact=bool(spans))
        if entry is None:
            clause = message[at:at + length].strip()
            if not spans and clause and not is_plain(clause, phrases):
                spans.append((at, at + length, None, no))
            break
        spans.append((at, at + length, entry, no))
        joined = AND.match(message, at + length)
        if joined is None:
            break
        at = joined.end()
    return spans


def is_plain(clause: str, phrases: Container[str]) -> bool:
    """Whether it is no name: common words, phrases, or a long description."""
    words = [word for word in key(clause).split() if word not in SMALL]
    return not 0 < len(words) <= 6 or singular(clause) in phrases or any(
        word in FILL or singular(word) in phrases for word in words) and not looks_like_a_title(clause)


def _free(start: int, end: int, spans: list[tuple]) -> bool:
    return all(end <= span[0] or start >= span[1] for span in spans)
