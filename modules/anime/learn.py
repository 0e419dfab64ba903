"""Learns from all ratings of the catalogue: what `train` means here, as a command and as a job; how old the model is."""

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flaskr.extensions import db
from flaskr.progress import Report, Stopped
from flaskr.tables import revision
from modules.anime import arrays, find

NOTHING = "There are no ratings to learn from: bring some in with `flask anime import`."


@dataclass(frozen=True)
class Learning:
    """What could be learned from, the card of what was, and whether ratings came since then."""

    ratings: int
    users: int
    card: dict[str, Any] | None
    stale: bool


def learning(project: Path) -> Learning:
    """How the model and the ratings of the catalogue stand; the person's own need no training."""
    counts, card = find.counts(), arrays.current_card(project)
    now = revision(arrays.ROWS)
    stale = card is not None and (card.get("revision", now) != now or card["rows"] != counts["ratings"])
    return Learning(counts["ratings"], counts["users"], card, stale)


def train(work: Any) -> Report:
    """Fit the ensemble in a worker, which sends blocks to `compute.scheduler` if that is set, and make it current; Stopped
    without ratings, and without the cluster. Cancelled, it leaves the old one."""
    from flaskr.collaborative.cluster import fit_on
    from flaskr.collaborative.saved import fit_and_save

    report, project = Report("train", work.module.name), work.settings.project
    number, before, (data, _, _) = revision(arrays.ROWS), arrays.current_card(project), arrays.everything()
    db.session.rollback()
    if data.n_users < 2 or not data.rated.any():
        raise Stopped(NOTHING)
    usual = f"the last time took {before['seconds']:.0f} s" if before else "a minute or two is usual"
    scheduler = work.settings.compute.scheduler
    where = f" with the Dask cluster at {scheduler}" if scheduler else ""
    words = f"Learning from {len(data):,} ratings of {data.n_users:,} users{where}; {usual}"
    started = time.monotonic()

    def tell() -> None:
        work.progress(0, 1, f"{words}; {time.monotonic() - started:.0f} s so far")

    tell()
    how = partial(fit_on, scheduler) if scheduler else fit_and_save
    fit = partial(how, folder=arrays.folder_of(project), revision=number)
    card = work.compute.run(fit, data, tick=tell)
    report.count("ratings", len(data))
    return report.end(f"Learned from {len(data):,} ratings of {data.n_users:,} users; version {card['version']} is in use.")
