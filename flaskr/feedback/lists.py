"""The person's own list from MyAnimeList, XML or gz: hostile until read, bounded, taken over as one, to be undone as one."""

import gzip
import zlib
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from sqlalchemy import select

from flaskr.extensions import db
from flaskr.feedback import catalogue
from flaskr.feedback.catalogue import WATCHED, Brought, Said
from flaskr.media.contract import Module, Unreadable

LARGEST = 64 << 20  # bytes, unpacked: a list of 50,000 titles
LONGEST = 300
NAMED = 500  # unknown titles that the sentences of a report name
SEEN = {"watching", "completed", "on-hold", "dropped", "1", "2", "3", "4"}
PLANNED = {"plan to watch", "6"}
TWICE, NUMBERLESS, SCORELESS, ODD, NOT_YET = (
    "twice in the list, of which the last counts", "without the number of a title", "with a score that is not 0 to 10",
    "with a status that MyAnimeList does not have", "only planned")


@dataclass
class MyList:
    """What the list says of each title by its number, their names as the list has them, and rows left out by reason."""

    said: dict[int, Said] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Report:
    """What became of a list. unknown: names of titles that the catalogue does not hold; left: rows left out by reason;
    names: of the titles in the list, by id."""

    brought: Brought
    unknown: list[str]
    left: dict[str, int]
    names: dict[int, str]

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"new": self.brought.new, "changed": self.brought.changed, "same": self.brought.same,
                "taken": self.brought.taken, "unknown": self.unknown, "left_out": self.left,
                "differ": [{"id": id_, "name": self.names[id_], "mine": mine.value, "file": other.value}
                           for id_, (mine, other) in self.brought.differ.items()]}

    def lines(self) -> list[str]:
        """For a terminal."""
        found, differ = self.brought, len(self.brought.differ)
        said = [f"{found.new:,} new, {found.changed:,} changed, {found.same:,} as they were."]
        if differ:
            said.append(f"{differ:,} that you rated otherwise by hand: " + (
                "the file's ratings were taken." if found.taken else "yours stay; --take-file takes the file's."))
        said += [f"  left out: {times:,} {reason}" for reason, times in self.left.items()]
        if self.unknown:
            said.append(f"  not in the catalogue: {len(self.unknown):,}: {'; '.join(self.unknown[:NAMED])}")
        return said


def bring(module: Module, source: BinaryIO, *, take: bool = False) -> Report:
    """Take a list over into what the person says of a catalogue; Unreadable for what is no list, and nothing is changed."""
    found = read(source, module.name)
    known = set(db.session.scalars(select(module.Item.id)))
    brought = catalogue.bring(module, {id_: said for id_, said in found.said.items() if id_ in known}, take=take)
    unknown = sorted((found.names[id_] for id_ in found.said if id_ not in known), key=str.lower)
    return Report(brought, unknown, dict(+found.left), found.names)


def read(source: BinaryIO, one: str) -> MyList:
    """The list in a file, whose titles are elements `one`; Unreadable, in a sentence, for what is none."""
    found, rows = MyList(), 0
    try:
        root = None
        for event, element in iterparse(BytesIO(_unpacked(source)), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            if event == "end" and element.tag == one:
                rows += 1
                _row(element, found)
                root.clear()  # what is read is let go
    except DefusedXmlException:
        raise Unreadable("The file defines entities or a document type, which a list never does, so it was refused.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(f"The file can't be read as a list of MyAnimeList: {str(error)[:200]}.") from None
    if not rows:
        raise Unreadable(f"There is no {one} in this file. It must be the {one} list that MyAnimeList exports, as XML or gz.")
    return found


def _unpacked(source: BinaryIO) -> bytes:
    """The bytes of the file, at most LARGEST: a small gz may unpack to anything."""
    try:
        packed = source.read(2) == b"\x1f\x8b"
        source.seek(0)
        content = (gzip.GzipFile(fileobj=source) if packed else source).read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(f"The file can't be unpacked: {str(error)[:200]}.") from None
    if len(content) > LARGEST:
        raise Unreadable(f"The list is larger than {LARGEST >> 20} MB, so it was not read.")
    return content


def _row(row: Element, found: MyList) -> None:
    def text(name: str) -> str:
        return " ".join((row.findtext(name) or "").split())[:LONGEST]

    number, score, status = text(f"series_{row.tag}db_id"), text("my_score") or "0", text("my_status").lower()
    if not number.isascii() or not number.isdecimal() or len(number) > 15 or int(number) == 0:
        found.left[NUMBERLESS] += 1
        return
    rating = _score(score)
    if rating is None:
        found.left[SCORELESS] += 1
    elif rating > 0:  # a score counts whatever the status: the person gave it
        _keep(found, int(number), text("series_title"), Said(rating))
    elif status in PLANNED:
        found.left[NOT_YET] += 1
    elif status in SEEN:
        _keep(found, int(number), text("series_title"), Said(None, WATCHED))
    else:
        found.left[ODD] += 1


def _keep(found: MyList, number: int, name: str, said: Said) -> None:
    found.left[TWICE] += number in found.said
    found.said[number], found.names[number] = said, name or str(number)


def _score(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 10 else None
