"""The contract of a media module: what each kind of media MUST declare and MAY add."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


class Unreadable(Exception):
    """This file could not be read. The message is the reason, one sentence, shown to the person."""


@dataclass(frozen=True)
class Later:
    """A function named "package.module:function", imported when it is first called: decoders cost start-up and memory."""

    where: str

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        module, _, name = self.where.partition(":")
        return getattr(import_module(module), name)(*arguments, **named)


@dataclass(frozen=True)
class Sort:
    """An order a page may ask for: `key` in the URL, an indexed `column` of the module's table."""

    key: str
    title: str
    column: str
    descending: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter a page may ask for: `key` in the URL, an indexed `column`, compared for equality.

    `range`: a number that may also be asked for from ... to ... (`key_from`, `key_to` in the URL).
    """

    key: str
    title: str
    column: str
    range: bool = False


@dataclass(frozen=True)
class Module:
    """One kind of media. The first block MUST be given, the second MAY; defaults change nothing."""

    name: str
    title: str
    Item: type
    extensions: frozenset[str]
    embedder: str
    describe: Callable[[Path], dict[str, Any]]
    samples: Callable[[Path], list]

    one: str = "item"
    sorts: tuple[Sort, ...] = ()
    filters: tuple[Filter, ...] = ()
    thumbnail: Callable[[Path], bytes | Path | None] | None = None
    playable: Callable[[Path, Path], None] | None = None
    playable_suffix: str = "mp3"
    direct: frozenset[str] | None = None
    view: str = "cover"
    strip: Callable[[Path], bytes | None] | None = None
    plays: bool = False
    resumes: bool = False
    best: tuple[str, ...] = ()
    group: str | None = None
    words: tuple[str, ...] = ("title", "path")
    card: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    routes: Callable[[Any], None] | None = None
    demo: Callable[..., Iterator[Path]] | None = None
    kind: str = "files"
    commands: Callable[[Any], None] | None = None
    verbs: tuple[tuple[str, Callable[[Any], Any]], ...] = ()

    def step(self, verb: str) -> Callable[[Any], Any] | None:
        """What this module does itself when a verb is asked of it."""
        return dict(self.verbs).get(verb)

    @property
    def queued(self) -> bool:
        """Whether the player in the bar plays it: what is heard and not seen."""
        return self.plays and self.view == "cover"


def catalogue(*, name: str, title: str, Item: type, **given: Any) -> Module:  # noqa: N803  as Module names it
    """A module without files: its table, its routes, its commands and its verbs are all that there is to declare."""
    return Module(name=name, title=title, Item=Item, extensions=frozenset(), embedder="", describe=_no_file,
                  samples=_no_file, kind="catalogue", **given)


def _no_file(path: Path) -> Any:
    raise Unreadable(f"A catalogue reads no files, and so not {path.name}.")
