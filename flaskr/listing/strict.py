"""What a program asks for in a URL, read strictly: a wrong word is answered with a sentence, never passed over."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, true

from flaskr.extensions import db

WHOLE = re.compile(r"(-?[0-9]{1,18})(?:\.0{0,9})?")
MOST = 200
USUAL = 50
LAST, HUGE = 1_000_000, 1e15
ALWAYS = {"page": f"which page of the list, from 1; default 1, at most {LAST:,}",
          "per_page": f"rows on a page, 1 to {MOST}; default {USUAL}",
          "format": "json or html; default: what your program accepts"}
COUNTED = 1_000_000  # rows of a list that are counted, and paged through; counting ten times as many takes a second
SHORT = 20_000  # rows that are sorted in a moment


class InvalidQuery(Exception):
    """Something in the address is not as it must be. The message says what, and what is possible."""


class Unknown(Exception):
    """What the address names is not here. The message says what."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address: its meaning in words, and the condition that its value makes; ValueError inside
    `condition` is answered with the words of the error. kind: "words", "number" or "whole" (a whole number, 0 or more)."""

    key: str
    words: str
    condition: Callable[[str], ColumnElement[bool]]
    kind: str = "words"


@dataclass(frozen=True)
class Rows:
    """A page of rows. `given`: the parameters as they were asked for; `more`: there are more rows than `total`, uncounted."""

    rows: Sequence[Any]
    total: int
    number: int
    size: int
    given: Mapping[str, str]
    more: bool = False

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / self.size))

    def to(self, number: int) -> dict[str, str | int]:
        """URL arguments of another page of the same."""
        return dict(self.given) | {"page": number}


def bounds(name: str, column: ColumnElement, words: str, *also: ColumnElement[bool]) -> tuple[Parameter, Parameter]:
    """mt_<name> and lt_<name>: more than, less than; strictly. `also`: what must hold beside."""
    def more(value: str) -> ColumnElement[bool]:
        return (column > decimal(value, f"mt_{name}")) & _all(also)

    def less(value: str) -> ColumnElement[bool]:
        return (column < decimal(value, f"lt_{name}")) & _all(also)

    return Parameter(f"mt_{name}", f"more than so many {words}", more, "number"), Parameter(
        f"lt_{name}", f"less than so many {words}", less, "number")


def given(args: Mapping[str, str], known: Iterable[Parameter]) -> dict[str, str]:
    """The parameters that are not empty; InvalidQuery for one that is not known."""
    names = [parameter.key for parameter in known]
    for key, value in args.items():
        if key not in names and key not in ALWAYS:
            raise InvalidQuery(f"There is no parameter “{key[:40]}” here; there are: {', '.join((*names, *ALWAYS))}.")
        if len(value) > 500:
            raise InvalidQuery(f"“{key}” is longer than 500 characters.")
    if args.get("format", "").strip() not in ("", "json", "html"):
        raise InvalidQuery(f"“format” must be json or html, not “{args['format'][:40]}”.")
    return {key: value.replace("\0", " ").strip() for key, value in args.items() if value.strip() and key != "format"}


def rows(chosen: Select, args: Mapping[str, str], known: Sequence[Parameter], long: Sequence[Parameter] = ()) -> Rows:
    """The page of a query that the address asks for. long: the same parameters for pages of many rows, by conditions that
    leave the order to an index; those of `known` may use an index of their own, to count."""
    asked = given(args, known)
    number, size = whole(asked.get("page", "1"), "page", 1, LAST), whole(asked.get("per_page", str(USUAL)), "per_page", 1, MOST)
    short = chosen.where(*(one.condition(asked[one.key]) for one in known if one.key in asked))
    some = short.order_by(None).with_only_columns(literal(1).label("one"), maintain_column_froms=True).limit(COUNTED + 1)
    count, start = db.session.scalar(select(func.count()).select_from(some.subquery())), (number - 1) * size
    total = min(count, COUNTED)
    if long and count > SHORT:
        short = chosen.where(*(one.condition(asked[one.key]) for one in long if one.key in asked))
    found = db.session.execute(short.limit(size).offset(start)).all() if start < total else []
    return Rows(found, total, number, size, asked, count > COUNTED)


def whole(value: str, name: str, least: int, most: int) -> int:
    """A whole number within bounds, as 5 or 5.0; InvalidQuery otherwise."""
    found = WHOLE.fullmatch(value.strip())
    if not found or not least <= int(found[1]) <= most:
        within = f"from {least:,} to {most:,}" if most < HUGE else f"from {least:,} upwards"
        raise InvalidQuery(f"“{name}” must be a whole number {within}, not “{value[:40]}”.")
    return int(found[1])


def decimal(value: str, name: str) -> float:
    """Any number of at most 10^15, up or down; InvalidQuery otherwise."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not abs(number) <= HUGE:  # NaN is not
        bound = " of at most 10^15" if math.isfinite(number) else ""
        raise InvalidQuery(f"“{name}” must be a number{bound}, not “{value[:40]}”.")
    return number


def columns(row: Any) -> dict[str, Any]:
    """A row of a table as it is stored."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def contains(column: ColumnElement, value: str) -> ColumnElement[bool]:
    """Whether a text holds a value, whatever its case; no sign of it is special."""
    return column.icontains(value, autoescape=True)


def _all(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    return and_(true(), *conditions)
