"""The leaderboard of `flask anime evaluate`: every model with every figure, beside the ensemble; as JSON and as lines."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from flaskr.collaborative import metrics
from flaskr.collaborative.content import fit_content
from flaskr.collaborative.data import Ratings
from flaskr.collaborative.ensemble import Ensemble, fit_ensemble
from flaskr.collaborative.evaluate import OWN_SCALE, Figure, Fit, leaderboard, on_files
from flaskr.collaborative.factors import fit_factors
from flaskr.collaborative.nmf import Nmf, fit_nmf
from flaskr.collaborative.protocols import KNOWN, Split, enough
from flaskr.collaborative.simple import fit_random, fit_site
from flaskr.collaborative.walks import fit_walks

OURS = "ensemble"
SEEDS = {"P1": 1001, "P2": 1002, "P3": 3003, "Cold": [4001, 4002]}
FEWER = 1000  # users of a quick look
MEMBERS = ("popularity", "bias", "neighbours", "taste", "ials", "ease")
COLUMNS = {"P1": ("auc", "pairwise"), "P2": ("ndcg10", "recall20", "mrr", "coverage", "novelty"), "P3": ("rmse", "mae"),
           "Cold": tuple(f"ndcg10 after {count}" for count in KNOWN),
           "test": ("rmse", "mae", "ndcg10", "recall20", "mrr", "coverage", "novelty", "auc", "pairwise")}


def lineup() -> dict[str, Fit]:
    """name -> fit of every model. The ensemble's members are taken from it, and both NMF are one: each is fitted once."""
    kept: dict[Fit, tuple[Ratings, Any]] = {}

    def once(fit: Fit, data: Ratings) -> Any:
        if fit not in kept or kept[fit][0] is not data:
            kept[fit] = data, fit(data)
        return kept[fit][1]

    def member(name: str, data: Ratings) -> Any:
        ensemble: Ensemble = once(fit_ensemble, data)
        return getattr(ensemble, name)

    def groups(data: Ratings) -> Nmf:
        return replace(once(fit_nmf, data), whole=False)

    return {"random": fit_random, "popularity": partial(member, "popularity"), "site score": fit_site,
            "bias": partial(member, "bias"), "nmf groups": groups, "nmf": partial(once, fit_nmf),
            "walks": partial(fit_walks, beta=0.2), "content": fit_content, "factors": fit_factors,
            **{name: partial(member, name) for name in MEMBERS[2:]}, OURS: partial(once, fit_ensemble)}


def measured(data: Ratings | Split, *, quick: bool = False,
             tell: Callable[[str], None] = lambda words: None) -> dict[str, Any]:
    """Every model on every protocol, or on the hidden rows of a given split; as `as_json`, with what was measured on, how, and
    in how many seconds. quick: on at most 1,000 users."""
    started, given = time.perf_counter(), isinstance(data, Split)
    with threadpool_limits(1):
        if given:
            figures = list(on_files(data, lineup(), tell=tell))
        else:
            data = fewer(data) if quick else data
            figures = list(leaderboard(data, lineup(), tell=tell))
    whole = data.data if given else data
    return as_json(figures) | {
        "data": about(whole), "protocols": list(dict.fromkeys(figure.protocol for figure in figures)),
        "quick": quick and not given,
        "rows_of_a_user": 0 if given else enough(whole), "seeds": {} if given else SEEDS,
        "intervals": "95 %, 1,000 bootstraps over users",
        "created": time.time(), "seconds": round(time.perf_counter() - started, 1)}


def fewer(data: Ratings, most: int = FEWER, seed: int = 0) -> Ratings:
    """The rows of at most so many users, drawn by seed; the items stay."""
    if data.n_users <= most:
        return data
    return data.of_users(np.sort(np.random.default_rng(seed).choice(data.n_users, most, replace=False)))


def as_json(figures: Iterable[Figure]) -> dict[str, Any]:
    """{"models": {"ensemble": {"rmse": ..., "ndcg10": ..., "intervals": {"ndcg10": [low, high]}, "ensemble_gap":
    {"ndcg10": [gap, low, high, p]}}}}: gap = ensemble - model in pairs, user by user."""
    figures = list(figures)
    ours = {(figure.protocol, figure.name): figure for figure in figures if figure.model == OURS}
    models: dict[str, dict] = {}
    for figure in figures:
        told = models.setdefault(figure.model, {"intervals": {}})
        told[figure.name] = round(figure.value, 5)
        if not np.isnan(figure.low):
            told["intervals"][figure.name] = [round(figure.low, 5), round(figure.high, 5)]
        mine = ours.get((figure.protocol, figure.name))
        if figure.model != OURS and mine is not None and len(mine.users) == len(figure.users) > 1:
            told.setdefault("ensemble_gap", {})[figure.name] = [
                round(one, 5) for one in metrics.paired(mine.users, figure.users)]
    return {"models": models}


def about(data: Ratings) -> dict[str, Any]:
    """What was measured on, in numbers, on its own scale."""
    given = data.rating[data.rated] * data.unit
    return {"users": data.n_users, "items": data.n_items, "rows": len(data), "ratings": int(data.rated.sum()),
            "scale": [round(float(edge), 4) for edge in (given.min(), given.max())] if len(given) else None}


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The JSON as tables for a terminal: one for each protocol, the best of each column marked with *."""
    models = told["models"]
    for protocol, names in COLUMNS.items():
        names = [name for name in names if any(name in model for model in models.values())]
        if not names or (protocol == "test") != ("test" in told.get("protocols", ())):
            continue
        yield f"\n{protocol}"
        yield f"{'model':<14}" + "".join(f"{name.replace('ndcg10 after', 'after'):>26}" for name in names)
        best = {name: (min if name in OWN_SCALE else max)(model[name] for model in models.values() if name in model)
                for name in names}
        for title, model in models.items():
            if any(name in model for name in names):
                yield f"{title:<14}" + "".join(f"{_cell(model, name, best[name]):>26}" for name in names)


def _cell(model: Mapping[str, Any], name: str, best: float) -> str:
    if name not in model:
        return ""
    interval = model["intervals"].get(name)
    gap = model.get("ensemble_gap", {}).get(name)
    sign = "" if gap is None or gap[1] <= 0 <= gap[2] else "†"
    star = "*" if model[name] == best and name not in ("coverage", "novelty") else ""
    return (f"{star}{model[name]:.3f}{sign}"
            + (f" [{interval[0]:.3f} {interval[1]:.3f}]" if interval else ""))
