"""What the figures of an evaluator say, in sentences that never promise more than they know."""

from typing import Any

from flaskr.evaluator.curve import FEWEST
from flaskr.evaluator.live import WINDOW
from flaskr.listing.live import Live

SOME = 10  # foreseen ratings from which their error is told
PAIRS = 5  # items rated twice from which the ceiling is told


def more_ratings(report: dict[str, Any], one: str) -> str:
    """What twice as many ratings would bring."""
    curve, now = report.get("curve"), report.get("mae")
    if not curve or not now:
        return f"From {FEWEST} ratings of different {one}s on it can be estimated what more of them would bring."
    twice = curve["twice"]
    then, number = twice["mae"], f"{twice['n']:,}"
    span = f"between {then['low']:.2f} and {then['high']:.2f}"
    if then["high"] >= now["value"]:
        return (f"Whether twice as many ratings ({number}) would help can't be told yet: it would be off by "
                f"{then['value']:.2f} instead of {now['value']:.2f}, {span}.")
    return (f"With twice as many ratings ({number}) it would probably be off by {then['value']:.2f} points instead of "
            f"{now['value']:.2f}, {span}.")


def foreseen(found: Live, one: str) -> str:
    """How far off predictions were before the person rated."""
    said = found.everything
    if said["n"] < SOME:
        return (f"{_so_far(said['n'], one)} had a prediction before you rated. From {SOME} on, you see here how far off "
                f"it was. Nothing can flatter this figure: it could not know what you would say.")
    words = (f"It had guessed {said['n']:,} {one}s before you rated them. It was off by {said['mae']['value']:.2f} points "
             f"on average; the average of all you had rated until then would have been off by "
             f"{said['average']['value']:.2f}.")
    return words + _against_average(said) + ("" if said["n"] >= WINDOW else f" From {WINDOW} on there is a curve.")


def by_chance(found: Live, one: str) -> str:
    """The same of what the queue asked for by chance: the one test that nobody chose."""
    said = found.chance
    if said["n"] < SOME:
        return (f"Some of the questions of the rating queue are drawn by chance, as a fair test: neither you nor the "
                f"evaluator chose them. {_so_far(said['n'], one)}; from {SOME} on the result stands here.")
    mae = said["mae"]
    return (f"On {said['n']:,} {one}s that were asked about by chance, so that nobody chose them, it was off by "
            f"{mae['value']:.2f} points ({mae['low']:.2f} to {mae['high']:.2f}); your average would have been off by "
            f"{said['average']['value']:.2f}.{_against_average(said)}")


def reachable(found: Live, report: dict[str, Any], one: str) -> str:
    """How far anyone could get, and how far it got."""
    top = found.ceiling(report)
    if top["n"] < PAIRS:
        return (f"Nobody gives exactly the same rating twice, and what you can't repeat nobody can predict. Rate some {one}s "
                f"again, at least a day later and without looking: {_so_far(top['n'], one)}, at least {PAIRS} are needed.")
    order = top["spearman"]
    words = (f"You rated {top['n']:,} {one}s twice. You differ from yourself so much that nobody could be off by less than "
             f"about {top['mae']['value']:.2f} points, or put things in your order better than {_percent(order['value'])} "
             f"({_percent(order['low'])} to {_percent(order['high'])}).")
    if top["share"] is None or report.get("verdict") != "better":
        return words
    return f"{words} It reaches {_percent(top['share'])} of the order that can be reached."


def _against_average(said: dict[str, Any]) -> str:
    return "" if said["gain"]["low"] > 0 else " That is no better than your average yet: the difference may be chance."


def _so_far(n: int, one: str) -> str:
    return f"{n:,} {one}{'' if n == 1 else 's'} so far"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
