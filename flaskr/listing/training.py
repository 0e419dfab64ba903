"""What the Train page shows of one evaluator, of a module or of whatever else learns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flaskr.embedders import embedder_for
from flaskr.evaluator import cards
from flaskr.listing import figures
from flaskr.listing.live import Live, live
from flaskr.listing.overview import Overview, overview
from flaskr.media.contract import Module


@dataclass(frozen=True)
class Learned:
    """An evaluator for a page. name: its part of the address; one: what an item is called; group: what near items share, ""
    for nothing; card, versions: of now, and all that are kept, newest first; words: sentences by what they are about;
    live: what the log tells, None where there is none; seconds: how long a training will take."""

    name: str
    title: str
    one: str
    group: str
    card: dict[str, Any] | None
    versions: list[dict[str, Any]]
    words: Mapping[str, str] = field(default_factory=dict)
    live: Live | None = None
    seconds: float = 0.0

    @property
    def report(self) -> dict[str, Any]:
        return (self.card or {}).get("report") or {}


def learned(name: str, *, title: str, one: str, project: Path, group: str = "", log: Live | None = None, n: int = 0,
            dim: int = 0) -> Learned:
    """The evaluator called `name` of a project folder; `n` ratings of `dim` numbers wait to be learned from."""
    versions = cards.cards(cards.folder_of(project, name))
    card = next((one_ for one_ in versions if one_["current"]), None)
    report = (card or {}).get("report") or {}
    words = {}
    if card:
        words["more"] = figures.more_ratings(report, one)
    if card and log:
        words |= {"foreseen": figures.foreseen(log, one), "chance": figures.by_chance(log, one),
                  "reachable": figures.reachable(log, report, one)}
    return Learned(name, title, one, group, card, versions, words, log, cards.estimate(versions, n, dim))


def of_module(module: Module, settings: Any) -> tuple[Overview, Learned]:
    """A module at a glance, and its evaluator."""
    seen = overview(module, settings)
    return seen, learned(module.name, title=module.title, one=module.one, project=settings.project, group=module.group or "",
                         log=live(module), n=seen.rated, dim=embedder_for(module.embedder).dim)
