"""Expected ratings -> order: what to play or show next, and why; arrays in, arrays out (numpy only, no database)."""

from .belief import Candidates, belief, prior
from .diversity import spaced
from .explore import EXPLORE, noise, thompson
from .freshness import HALF_LIFE_DAYS, freshness, habit
from .reasons import Reason, reasons
from .recommend import FOCUS, Recommendation, order, recommend

__all__ = [
    "EXPLORE", "FOCUS", "HALF_LIFE_DAYS", "Candidates", "Reason", "Recommendation",
    "belief", "freshness", "habit", "noise", "order", "prior", "reasons", "recommend", "spaced", "thompson",
]
