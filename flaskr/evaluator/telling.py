"""What fit tells its caller on the way, and how the caller says that it is enough."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

Progress = Callable[..., None]


class Enough(Exception):  # noqa: N818 (no error: a wish)
    """Raised by a caller's `progress`: stop learning, finish with the best that is ready. fit ends normally."""


class Telling:
    """Passes on progress(fraction, words, figures=None) until the caller has heard enough; any other exception of the
    caller's goes through and cancels. A caller that takes no figures gets none, and they cost nothing then."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.wants_figures = progress is not None and _takes_three(progress)
        self.enough = False

    def __call__(self, fraction: float, words: str, figures: Mapping[str, Any] | None = None) -> bool:
        """Tell; True from when the caller raised Enough on."""
        if self._progress is not None:
            try:
                self._progress(fraction, words, *([figures] if self.wants_figures else []))
            except Enough:
                self.enough = True
        return self.enough


def _takes_three(progress: Progress) -> bool:
    try:
        inspect.signature(progress).bind(0.0, "", None)
    except (TypeError, ValueError):
        return False
    return True
