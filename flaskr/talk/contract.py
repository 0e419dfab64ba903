"""What takes part in a conversation: the voice of a catalogue with its tools, and a model that may call them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class NoAnswer(Exception):
    """The language model gave no answer. The message says why, in a sentence for the person."""


class Arguments(BaseModel):
    """What a tool takes; a subclass declares it. What is not declared is refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=300, allow_inf_nan=False)


# For arguments: up to ten words, which a model may also give joined by commas; a bound of a number.
Many = Annotated[list[str], BeforeValidator(
    lambda given: [one.strip() for one in given.split(",") if one.strip()] if isinstance(given, str) else given or []),
    Field(max_length=10)]
Bound = Annotated[float | None, Field(ge=0, le=1e12)]


@dataclass(frozen=True)
class Entry:
    """A title of the catalogue. `words`: what it is, for meaning; `known`: larger = known to more people."""

    id: int
    name: str
    words: str
    known: float = 0


@dataclass(frozen=True)
class Tool:
    """Something that a model may ask for. `run(person, arguments)` only reads, and gives what JSON can hold; what it can't
    do it answers by raising InvalidQuery, Unknown or Stopped."""

    name: str
    words: str
    takes: type[Arguments]
    run: Callable[[Any, Any], dict[str, Any]]


@dataclass(frozen=True)
class Voice:
    """What a module declares so that one can talk about it.

    about: what it is a catalogue of, "anime titles". person(user id as in the address): whom the tools answer for, raises
    Unknown. entries(): all titles. facts(ids): what is known of titles, by id, each with its `name`. tools: among them
    `search`, `explain` and `compare`, which serve where there is no language model, too.

    Words that a person may use: phrases(): "movie" -> ("type", "Movie"), an argument of `search` and its value;
    degrees: "shorter" -> ("lt_episodes", "episodes"): less of that fact than what was named last. link(name): address of
    a title.
    """

    module: str
    about: str
    person: Callable[[str], Any]
    entries: Callable[[], Sequence[Entry]]
    facts: Callable[[Iterable[int]], Mapping[int, Mapping[str, Any]]]
    tools: tuple[Tool, ...]
    phrases: Callable[[], Mapping[str, tuple[str, Any]]]
    link: Callable[[str], str]
    degrees: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """A tool that is asked for. `id` as the model gave it, "" if it gave none."""

    tool: str
    arguments: Any
    id: str = ""


@dataclass(frozen=True)
class Said:
    """One part of what a model reads. role: system, user, assistant, or tool (the result of `call`)."""

    role: str
    words: str
    call: Call | None = None


class Model(Protocol):
    """A language model. `name` as the person knows it."""

    name: str

    def reply(self, said: Sequence[Said], tools: Sequence[Tool], tokens: int, seconds: float) -> Said:
        """What it says next, with a call where it asked for a tool in a way of its own; NoAnswer when nothing came."""


@dataclass(frozen=True)
class Limits:
    """Of one answer: calls of tools, tokens of each reply, seconds in all."""

    steps: int = 6
    tokens: int = 500
    seconds: float = 120


@dataclass(frozen=True)
class Answer:
    """words: titles of the catalogue stand in [[ ]]. titles: their ids. unknown: what was named and is no title here.
    by: the model's name, "" without. note: what the person should know of how it was made. steps: what was looked up."""

    words: str
    titles: list[int]
    unknown: list[str]
    by: str = ""
    note: str = ""
    steps: list[Call] = field(default_factory=list)
