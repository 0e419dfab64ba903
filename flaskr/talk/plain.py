"""Results of tools as sentences, for answers without a language model."""

from collections.abc import Sequence
from typing import Any

from flaskr.talk.check import marked
from flaskr.talk.contract import Call

SHOWN = 2  # reasons beside a title of a list
PLACES = 100  # of a person's order that mean something: further down it is hardly likelier that one title is met than another


def greet(about: str, examples: Sequence[str]) -> str:
    """What can be asked."""
    asked = "".join(f"\n- {one}" for one in examples)
    return f"Hello! Ask me for {about}: by what they are like, by genre, type or length, with “not” for what you don't want. " \
           f"I can also compare two and say why one suits you.\n{asked}" if asked else f"Hello! Ask me for {about}."


def tell(call: Call, found: dict[str, Any], missing: Sequence[str]) -> str:
    """The result of a tool in words; titles stand in [[ ]]."""
    gone = "".join(f"There is no title “{_bare(name)}” in this catalogue. " for name in missing)
    if "error" in found:
        return gone + _bare(found["error"])
    if call.tool == "explain":
        return gone + _explained(found["title"])
    if call.tool == "compare":
        return gone + _compared(found)
    return gone + _listed(found)


def ids(found: dict[str, Any]) -> list[int]:
    """Ids of the titles of a result."""
    titles = [found["title"]] if "title" in found else found.get("titles", [])
    return [one["id"] for one in titles]


def _bare(words: str) -> str:
    """Words of others without marks: only what was checked is a title."""
    return words.replace("[[", "").replace("]]", "")


def _listed(found: dict[str, Any]) -> str:
    wish = _bare(found.get("by", "")) or "what you are likely to enjoy next"
    if not found["titles"]:
        return f"Nothing in the catalogue fits: {wish}. Take something of it back, or ask for something else."
    head = f"From {found['total']:,} that fit ({wish}), best for you first:" if found.get("by") else f"Here is {wish}:"
    return "\n".join([head, *(f"{at}. {_line(one)}" for at, one in enumerate(found["titles"], start=1))])


def _line(one: dict[str, Any]) -> str:
    said = f"{marked(one['name'])} ({one['says']})" if one.get("says") else marked(one["name"])
    if one.get("expected") is not None:
        said += f", expected {one['expected']:.1f} from you"
    if one.get("given"):
        said += f", {one['given']}"
    return said + (f"; because of {_because(one['because'][:SHOWN])}" if one.get("because") else "")


def _because(reasons: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{marked(one['name'])} ({one['given']})" for one in reasons)


def _explained(one: dict[str, Any]) -> str:
    said = [f"{marked(one['name'])}: {one['says']}." if one.get("says") else f"{marked(one['name'])}."]
    if one.get("site") is not None:
        known = f", of {one['members']:,} members." if one.get("members") else "."
        said.append(f"The site's mean rating is {one['site']:.2f}{known}")
    if one.get("given"):
        said.append(f"It is among what you know: {one['given']}.")
    if one.get("expected") is not None:
        place = f"; it has place {one['place']} in your order." if 0 < one.get("place", 0) <= PLACES else "."
        said.append(f"From you I expect {one['expected']:.1f}{place}")
    if one.get("because"):
        said.append(f"What speaks for it: {_because(one['because'])}.")
    return " ".join(said)


def _compared(found: dict[str, Any]) -> str:
    lines = [_explained(one) for one in found["titles"]]
    expected = [one for one in found["titles"] if one.get("expected") is not None]
    if len(expected) > 1:
        first, second = sorted(expected, key=lambda one: -one["expected"])[:2]
        gap = first["expected"] - second["expected"]
        lines.append("I expect the same of both." if gap < 0.1 else
                     f"I expect {gap:.1f} points more from you for {marked(first['name'])} than for {marked(second['name'])}.")
    return "\n\n".join(lines)
