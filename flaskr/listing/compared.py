"""How often the person preferred the one of two that was predicted higher: from the log of comparisons."""

from dataclasses import dataclass

from sqlalchemy import select

from flaskr.extensions import db
from flaskr.media.contract import Module
from flaskr.tables import Comparison


@dataclass(frozen=True)
class Share:
    """How many of n, with a 95 % interval (Wilson 1927)."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Preferred:
    """close, any: how often the one of two that was preferred had been predicted higher, among pairs chosen because their
    predictions are close, and among pairs by chance; None without any."""

    close: Share | None
    any: Share | None


def preferred(module: Module) -> Preferred:
    """As the log stands; predictions are those that stood when the person was asked."""
    return Preferred(_preferred(module, "close"), _preferred(module, "random"))


def _preferred(module: Module, origin: str) -> Share | None:
    rows = db.session.execute(select(
        Comparison.preferred == Comparison.first, Comparison.first_prediction - Comparison.second_prediction).where(
        Comparison.module == module.name, Comparison.undone.is_(False), Comparison.origin == origin,
        Comparison.preferred.is_not(None), Comparison.first_prediction != Comparison.second_prediction)).all()
    return share(sum(bool(first) == (ahead > 0) for first, ahead in rows), len(rows))


def share(right: int, n: int) -> Share | None:
    """right of n with its interval; None for n = 0."""
    if not n:
        return None
    z, p = 1.96, right / n
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return Share(n, p, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n))
