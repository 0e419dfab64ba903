"""Names for groups of items: the tags, folders and words that stand in one group more than in the others."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from flaskr.describing.facts import FOLDERS, PROSE, columns
from flaskr.library.paths import shown
from flaskr.media.contract import Module

WORD = re.compile(r"[^\W\d_]{3,}")
WEIGHT = {"genre": 1.2, "folder": 1.0, "tag": 0.85, "group": 0.75, "word": 0.7}  # a genre says more than a camera
MOST = 3  # parts of a name
TOLD = 0.15  # of the group that a further part must add
LONGEST = 32  # letters of a part
READ = 300  # letters of a prose column
SURE = 2.0  # standard errors by which a part must stand out
HELD, SHARE = 2, 0.2  # items of a group, and share of it, that must have a part
HELD_WORD, SHARE_WORD = 3, 0.34  # the same for a word of a title or a text
COMMON, COMMON_WORD = 0.7, 0.5  # what a larger share of all items has names nothing
Term = tuple[str, str]  # (kind, as it is written)
Key = tuple[str, str]  # (kind, folded)


def terms(module: Module, facts: Mapping[str, Any]) -> list[Term]:
    """What one item could give to the name of its group, each once."""
    return list(dict.fromkeys(_terms(module, facts)))


def names(items: Sequence[tuple[int, Sequence[Term]]], groups: int) -> list[str]:
    """The name of each group from (group, terms) of its items; "" for one that nothing sets apart. No name stands twice.

    A term is weighed by how surely the share of the group that has it exceeds that of all others, in standard errors (the test
    of two proportions), and by that share.
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    written: dict[Key, Counter] = {}
    holders: list[dict[Key, set[int]]] = [{} for _ in range(groups)]
    sizes = Counter(group for group, _ in items)
    for row, (group, said) in enumerate(items):
        for kind, words in said:
            key = kind, words.casefold()
            if kind != "word" or key[1] not in ENGLISH_STOP_WORDS:
                written.setdefault(key, Counter())[words] += 1
                holders[group].setdefault(key, set()).add(row)
    everywhere = {key: sum(spelled.values()) for key, spelled in written.items()}
    found: list[str] = []
    for group in range(groups):
        counts = {key: len(rows) for key, rows in holders[group].items()}
        ranked = _ranked(counts, sizes[group], everywhere, len(items))
        told = [(key[0], written[key].most_common(1)[0][0], holders[group][key]) for key in ranked]
        found.append(_name(told, sizes[group], found))
    return found


def _terms(module: Module, facts: Mapping[str, Any]) -> Iterator[Term]:
    tags = {one.column: "tag" for one in module.filters} | {module.group: "group", "genre": "genre"}
    for key in columns(module):
        value = facts.get(key)
        if not value or key == "path":
            continue
        if key == "year":
            yield "tag", f"{int(value) // 10 * 10}s"
        elif key in tags and isinstance(value, str):
            yield tags[key], _short(value)
        elif key in ("title", *PROSE):
            yield from (("word", word.lower()) for word in WORD.findall(str(value)[:READ]))
    for part in PurePath(shown(facts.get("path") or "")).parent.parts[-FOLDERS:]:
        if WORD.search(part):
            yield "folder", _short(part)


def _ranked(own: Mapping[Key, int], size: int, everywhere: Mapping[Key, int], total: int) -> list[Key]:
    """Terms that set a group apart, the strongest first."""
    scored, rest = [], total - size
    for key, here in own.items():
        there = everywhere[key] - here
        word = key[0] == "word"
        least = max(HELD_WORD, SHARE_WORD * size) if word else max(HELD, SHARE * size)
        if here < least or everywhere[key] > (COMMON_WORD if word else COMMON) * total:
            continue
        share = everywhere[key] / total
        sure = (here / size - there / max(rest, 1)) / (share * (1 - share) * (1 / size + 1 / max(rest, 1))) ** 0.5
        if sure >= SURE:
            scored.append((-sure * WEIGHT[key[0]] * (here / size) ** 0.5, key))
    return [key for _, key in sorted(scored)]


def _name(ranked: Sequence[tuple[str, str, set[int]]], size: int, taken: Sequence[str]) -> str:
    """Parts that don't repeat each other, each telling of further items of the group; more parts if the name is taken.

    After a tag or a folder single words come only where the name is taken: there they are mostly chance.
    """
    parts, told, tagged = [], set(), False
    for kind, words, rows in ranked:
        free = not parts or _as_name(parts) in taken or (
            len(rows - told) >= TOLD * size and len(parts) < MOST and not (tagged and kind == "word"))
        if free and not any(_same(words, part) for part in parts):
            parts.append(words)
            told |= rows
            tagged |= kind != "word"
    name = _as_name(parts)
    return "" if name in taken else name


def _as_name(parts: Sequence[str]) -> str:
    name = " · ".join(parts)
    return name[:1].upper() + name[1:]


def _same(one: str, other: str) -> bool:
    """Whether two parts share a word, or one word begins another: sea, seas."""
    return any(a.startswith(b) or b.startswith(a) for a in WORD.findall(one.casefold()) for b in WORD.findall(other.casefold()))


def _short(words: str) -> str:
    words = " ".join(words.replace("_", " ").split())
    return words if len(words) <= LONGEST else words[:LONGEST - 1].rstrip() + "…"
