"""Ratings -> expected rating and spread of anything in the same embedding space; arrays in, arrays out."""
from flaskr.evaluator.evaluator import Evaluator, load
from flaskr.evaluator.fit import fit
from flaskr.evaluator.known import OUTSIDE
from flaskr.evaluator.live import ceiling, prequential
from flaskr.evaluator.store import Version, load_current, publish, restore, versions
from flaskr.evaluator.telling import Enough

__all__ = ["OUTSIDE", "Enough", "Evaluator", "Version", "ceiling", "fit", "load", "load_current", "prequential", "publish",
           "restore", "versions"]
