"""How a verb tells how far it is, and what it counted when it ends."""

import time
from dataclasses import dataclass, field
from typing import Any, Protocol


class Cancelled(Exception):
    """The person cancelled this job. What was done until then stays done."""


class Stopped(Exception):
    """The work can't go on; the message says why and what to do. Nothing was lost. `report`: what was done before."""

    def __init__(self, words: str, report: "Report | None" = None) -> None:
        super().__init__(words)
        self.report = report


class Unavailable(Exception):
    """What this needs (a model's weights, a program) is not here, or busy. The message says what, and what to do."""


class Progress(Protocol):
    def __call__(self, done: int, total: int, words: str = "") -> None:
        """Called at each batch; may wait (pause) and may raise Cancelled."""


def silent(done: int, total: int, words: str = "") -> None:
    """Progress for callers that want none."""


@dataclass
class Report:
    """What a verb did: counts by name, seconds, and each unreadable file with its reason."""

    verb: str
    module: str
    counts: dict[str, int] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by

    def end(self, words: str = "") -> "Report":
        self.seconds = round(time.monotonic() - self.started, 3)
        self.words = words or self.words
        return self

    def as_dict(self) -> dict[str, Any]:
        return {"verb": self.verb, "module": self.module, "counts": self.counts, "seconds": self.seconds,
                "unreadable": [{"path": path, "reason": reason} for path, reason in self.unreadable],
                "words": self.words}
