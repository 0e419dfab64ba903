"""What was said with each person: kept in a table, bounded, and forgotten when they wish."""

import time
from collections.abc import Sequence

from sqlalchemy import JSON, Float, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from flaskr.extensions import db


class TalkTurn(db.Model):
    """One thing that was said. `person` as the module names them; role: user or assistant; `titles`: ids that it names;
    `note`: how it was made; `wish`: what the person wishes for from then on."""

    __table_args__ = (Index("ix_talk_turn_person", "module", "person", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    titles: Mapped[list] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    wish: Mapped[dict] = mapped_column(JSON, default=dict)
    at: Mapped[float] = mapped_column(Float)


def remembered(module: str, person: str) -> list[TalkTurn]:
    """What was said with a person, in order."""
    return list(db.session.scalars(select(TalkTurn).where(TalkTurn.module == module, TalkTurn.person == person)
                                   .order_by(TalkTurn.id)))


def remember(module: str, person: str, message: str, words: str, *, titles: Sequence[int], note: str, wish: dict,
             most: int) -> None:
    """Add a message and its answer; only the last `most` turns of this person are kept."""
    now = time.time()
    mine = (TalkTurn.module == module, TalkTurn.person == person)
    db.session.add_all([TalkTurn(module=module, person=person, role="user", words=message, at=now),
                        TalkTurn(module=module, person=person, role="assistant", words=words, titles=list(titles), note=note,
                                 wish=wish, at=now)])
    db.session.flush()
    old = select(TalkTurn.id).where(*mine).order_by(TalkTurn.id.desc()).offset(most)
    db.session.execute(delete(TalkTurn).where(TalkTurn.id.in_(old)))
    db.session.commit()


def forget(module: str, person: str) -> int:
    """Forget all that was said with a person; how many turns that were."""
    gone = db.session.execute(delete(TalkTurn).where(TalkTurn.module == module, TalkTurn.person == person)).rowcount
    db.session.commit()
    return gone
