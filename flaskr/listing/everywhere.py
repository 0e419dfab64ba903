"""One search through all media: the best of each, and how many more there are."""

from collections.abc import Callable, Iterable
from typing import Any

from flaskr.listing.page import Page, page
from flaskr.listing.query import read
from flaskr.media.contract import Module

BEST = 12


def everywhere(modules: Iterable[Module], typed: str, by: str, *, run: Callable[..., Any] | None = None,
               count: int = BEST) -> list[Page]:
    """The best `count` of each module for these words; modules without an answer last, so that they can say why."""
    return sorted((page(read(module, {"q": typed, "by": by}), size=count, run=run) for module in modules),
                  key=lambda found: not found.total)
