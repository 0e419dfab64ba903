"""What is here, what was learned, what to do next: the facts of the home page and of each module's Train page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from flaskr.embedders import embedder_for
from flaskr.evaluator import cards
from flaskr.extensions import db
from flaskr.listing.columns import counts
from flaskr.media.contract import Module
from flaskr.tables import Embedding, File, Job, Play, RatingEvent

ENOUGH = 20  # ratings from which a first evaluator can say something on most people's taste


@dataclass(frozen=True)
class Overview:
    """One module at a glance. `next` is the step that helps most now: folder, scan, embed, rate, train, radio."""

    module: Module
    folders: list[str]
    total: int
    missing: int
    unreadable: int
    rated: int
    predicted: int
    embedded: int
    plays: int
    hours: float
    card: dict[str, Any] | None
    unlearned: int
    next: str


def overview(module: Module, settings: Any) -> Overview:
    """Counts of one module, each from an index."""
    name = module.name
    total, missing, rated, predicted = counts(module)
    space = embedder_for(module.embedder).space
    embedded = _count(Embedding, Embedding.module == name, Embedding.space == space)
    card = current_card(settings, module)
    since = cards.learned_at(card) if card else 0.0
    unlearned = db.session.scalar(select(func.count(RatingEvent.item_id.distinct())).where(
        RatingEvent.module == name, RatingEvent.at > since))
    folders = [str(folder) for folder in settings.module(name).media_directory]
    heard = db.session.scalar(select(func.total(Play.heard) if db.engine.dialect.name == "sqlite" else
                                     func.coalesce(func.sum(Play.heard), 0)).where(Play.module == name))
    return Overview(
        module=module, folders=folders, total=total, missing=missing,
        unreadable=_count(File, File.module == name, File.error.is_not(None), File.missing.is_(False)), rated=rated,
        predicted=predicted, embedded=embedded,
        plays=_count(Play, Play.module == name), hours=float(heard) / 3600, card=card, unlearned=unlearned,
        next=_next(bool(folders), total, embedded, rated, card, unlearned))


def current_card(settings: Any, module: Module) -> dict[str, Any] | None:
    """The card of the evaluator that predicts now; None before the first training."""
    return cards.current_card(cards.folder_of(settings.project, module.name))


def unreadable(module: Module, limit: int = 500) -> list[tuple[str, str]]:
    """(path, reason) of the files that could not be read."""
    rows = db.session.execute(select(File.path, File.error).where(
        File.module == module.name, File.error.is_not(None), File.missing.is_(False)).order_by(File.path).limit(limit))
    return [tuple(row) for row in rows]


def busy() -> list[Job]:
    """Jobs that run or wait."""
    return list(db.session.scalars(select(Job).where(Job.state.in_(("queued", "running", "paused")))
                                   .order_by(Job.id)))


def _next(folders: bool, total: int, embedded: int, rated: int, card: dict | None, unlearned: int) -> str:
    if not folders:
        return "folder"
    if not total:
        return "scan"
    if rated < ENOUGH:
        return "rate"
    if embedded < total:
        return "embed"
    return "train" if card is None or unlearned >= ENOUGH else "radio"


def _count(table: type, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where))
