"""The person at the browser as a user of the catalogue: what they said of titles, and what is expected of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flaskr.feedback import catalogue
from flaskr.feedback.catalogue import NOTHING, Guess, Said
from flaskr.feedback.ratings import events
from flaskr.tables import RatingEvent
from modules.anime import find
from modules.anime.tables import Anime

ALIKE = 8


@dataclass(frozen=True)
class Mine:
    """One title and the person: what they said, and the rating that is expected; None before the first training."""

    said: Said
    expected: float | None


@dataclass(frozen=True)
class Page:
    """A title with all that its page tells."""

    title: Anime
    mine: Mine
    because: list[dict[str, Any]]
    similar: Sequence[Anime]
    events: list[RatingEvent]


def module() -> Any:
    """The declaration, which itself imports what imports this."""
    from modules.anime import MODULE
    return MODULE


def mine(ids: Collection[int], project: Path) -> dict[int, Mine]:
    """What the person said of these titles, and the rating that is expected of each."""
    said, expected = catalogue.said(module(), ids), find.expected(list(ids), project)
    return {id_: Mine(said.get(id_, NOTHING), expected.get(id_)) for id_ in ids}


def page(title: Anime, project: Path) -> Page:
    """All that is known of one title for the person."""
    because, alike = find.because(title.id, ALIKE, project)
    named = find.named(alike)
    return Page(title, mine([title.id], project)[title.id], because, [named[id_] for id_ in alike if id_ in named],
                events(module(), title.id, 20))


def guess(anime_id: int, project: Path) -> Guess | None:
    """What is expected of a title at this moment, to stand beside the rating that comes."""
    expected = find.expected([anime_id], project).get(anime_id)
    return None if expected is None else Guess(round(expected, 3), find.version(project))


def hidden() -> Sequence[Anime]:
    """Titles that the person is not interested in, by name."""
    ids = [id_ for id_, said in catalogue.said(module()).items() if said.mark == catalogue.HIDDEN]
    return sorted(find.named(ids).values(), key=lambda title: title.name.lower())
