"""The only writer of plays: how long something was heard, and whether it was finished or skipped."""

import time

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Play, next_revision

LONGEST = 7 * 24 * 3600.0


def record(module: Module, item_id: int, *, heard: float, duration: float | None, token: str,
           ended: bool, now: float | None = None) -> Play | None:
    """Add one play; None when this token was already recorded (a page may send it twice) or nothing was heard.

    Skipped: left before half of it. Finished: reached its end, or nine tenths were heard. `heard` in seconds.
    KeyError when there is no such item.
    """
    heard = min(max(heard, 0.0), LONGEST)
    number = next_revision(module.name)
    item = db.session.get(module.Item, item_id, populate_existing=True)
    if item is None:
        db.session.rollback()
        raise KeyError(item_id)
    if db.session.scalar(select(Play.id).where(Play.token == token)) or heard <= 0 and not ended:
        db.session.rollback()
        return None
    now = time.time() if now is None else now
    finished = ended or bool(duration) and heard >= 0.9 * duration
    skipped = not finished and bool(duration) and heard < 0.5 * duration
    play = Play(module=module.name, item_id=item_id, started=now - heard, heard=heard, finished=finished,
                skipped=skipped, token=token)
    db.session.add(play)
    item.finished += finished
    item.skipped += skipped
    item.last_played, item.revised = now, number
    db.session.commit()
    return play


def history(module: Module, limit: int = 50) -> list[tuple[Play, object]]:
    """The last plays with their items, newest first."""
    rows = db.session.execute(
        select(Play, module.Item).join(module.Item, module.Item.id == Play.item_id)
        .where(Play.module == module.name).order_by(Play.started.desc()).limit(limit))
    return [tuple(row) for row in rows]
