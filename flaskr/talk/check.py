"""Every title that an answer names is checked against the catalogue: known ones are marked, others get a note."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flaskr.talk.contract import Entry
from flaskr.talk.names import LETTERS, Names, key

MARK = re.compile(r"\[\[([^\[\]]+)\]\]")
WHOLE = re.compile(r"(\[\[[^\[\]]+\]\])")
TOWER = re.compile(r"\[{2,}|\]{2,}")
# What stands around a title: [[ ]], as models are asked to write; bold, quotes, italics; the beginning of a line of a list.
NAMED = re.compile(r"\[\[([^\[\]\n]{1,120})\]\]|\*\*([^*\n]{1,120})\*\*|“([^”\n]{1,120})”|\"([^\"\n]{1,120})\"|"
                   r"\*([^*\n]{1,120})\*|(?:^|(?<=\n))[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+([^\n:–—(\[*“\"]{2,120}?)"
                   r"(?=[ \t]*(?:[:–—(\n]|\Z)|[ \t]-[ \t])")
MARKS, QUOTES, LINE = (1, 2, 5), (3, 4), 6  # which of its groups is what
SMALL = frozenset("a an and at by de for from in is no of on or the to vs with x".split())
NOTE = " (not in this catalogue)"


@dataclass(frozen=True)
class Checked:
    """words: every title stands in [[ ]], and NOTE behind what is none. titles: ids as they come; unknown: what is none."""

    words: str
    titles: list[int]
    unknown: list[str]


def check(words: str, names: Names, near: Sequence[int] = ()) -> Checked:
    """A model's words, checked. `near`: ids that were just looked up: their names count wherever they stand; other names
    count where they have two words or more, or were written as titles are."""
    titles: list[int] = []
    unknown: list[str] = []

    def link(entry: Entry) -> str:
        if entry.id not in titles:
            titles.append(entry.id)
        return marked(entry)

    def judge(found: re.Match) -> str:
        group = next(number for number in range(1, LINE + 1) if found[number])
        name = found[group].strip()
        if not name:
            return ""
        before = found[0][:-len(found[group])] if group == LINE else ""
        bare = before + name if group in (*MARKS, LINE) else found[0]
        begun = names.named(found.string[found.start(group):][:200], least=1)[:1] if group == LINE else []
        if begun and begun[0][0] == 0 and begun[0][1] > len(name):
            return bare  # a longer name begins there
        if entry := names.exact(name):
            return before + link(entry)
        if group != 1 and (name.endswith(":") or not looks_like_a_title(name)):
            return bare
        unknown.append(name)
        return bare + NOTE

    parts = WHOLE.split(NAMED.sub(judge, TOWER.sub(lambda found: found[0][:2], words)))
    wanted = {key(names.by_id[one].name) for one in near if one in names.by_id}
    for at in range(0, len(parts), 2):  # what stands outside of the marks
        parts[at] = _link_plain(parts[at].replace("[[", "").replace("]]", ""), names, wanted, link)
    return Checked("".join(parts), titles, list(dict.fromkeys(unknown)))


def marked(entry: Entry | str) -> str:
    """A title's name with the marks."""
    return f"[[{_safe(entry if isinstance(entry, str) else entry.name)}]]"


def unmarked(words: str) -> str:
    """Checked words as a person reads them."""
    return MARK.sub(r"\1", words)


def looks_like_a_title(name: str) -> bool:
    """Whether its words are written as those of a title are."""
    words = LETTERS.findall(name)
    return 0 < len(words) <= 12 and words[0] not in SMALL and all(
        not word[0].islower() or word in SMALL for word in words)


def _safe(name: str) -> str:
    """Without signs that would end the marks; names are compared by their letters alone."""
    return name.replace("[", "(").replace("]", ")").replace("\n", " ")


def _link_plain(text: str, names: Names, wanted: set[str], link: Callable[[Entry], str]) -> str:
    done, at = [], 0
    for start, end, entry in names.named(text, least=1):
        plain = key(entry.name)
        if (plain in wanted or " " in plain) and looks_like_a_title(text[start:end]):
            done += [text[at:start], link(entry)]
            at = end
    return "".join([*done, text[at:]])
