"""What one medium teaches another, and what plays add, in words: the section "Across your media" of the Train page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flaskr.evaluator import cards
from flaskr.evaluator.signals import DWELL, LEAST, PLAYS, SKIPS
from flaskr.evaluator.universal import UNIVERSAL
from flaskr.media.contract import Module

CALLED = {PLAYS: "plays", SKIPS: "skips", DWELL: "how much was heard"}


@dataclass(frozen=True)
class Medium:
    """One kind of media: n rated items that were learned from. transfer, gain: figures of blend.gains, None where nothing
    could be measured. universal: its weight in what is shown, None where there is no prediction. words: in sentences."""

    module: Module
    n: int
    transfer: Mapping[str, Any] | None
    gain: Mapping[str, Any] | None
    universal: float | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Across:
    """The universal evaluator: n ratings, its own sentence, when it learned (ISO), a sentence on texts or "", and the media."""

    n: int
    sentence: str
    created: str
    texts: str
    media: tuple[Medium, ...]


def across(modules: Sequence[Module], project: Path) -> Across | None:
    """What the current universal evaluator says of each medium; None before the first."""
    card = cards.current_card(cards.folder_of(project, UNIVERSAL))
    if card is None:
        return None
    said, report = card["hyperparameters"], card["report"]
    media = tuple(_medium(module, said["across"].get(module.name), report["verdict"] == "better",
                          cards.current_version(cards.folder_of(project, module.name))) for module in modules)
    return Across(report["n"], report["sentence"], card["created"], _texts(said["pooling"]), media)


def _medium(module: Module, said: Mapping[str, Any] | None, better: bool, version: str | None) -> Medium:
    if said is None:
        return Medium(module, 0, None, None, 1.0 if better and version is None else 0.0 if version else None,
                      (_alone(module, 0, better) if version is None else "None of its rated items has a description.",))
    if version is None:
        words, weight = [_alone(module, said["n"], better)], 1.0 if better else None
    elif said["version"] != version:
        words = ["Its own evaluator is another one now and guesses alone; the blend is weighed at the next training."]
        weight = 0.0
    else:
        weight = said["blend"]["universal"]
        words = [_blended(said["blend"])]
    words = [_taught(module, said["transfer"]), *words, _heard(module, said["signals"])]
    return Medium(module, said["n"], said["transfer"], said["gain"], weight, tuple(filter(None, words)))


def _alone(module: Module, n: int, better: bool) -> str:
    if not better:
        return f"No predictions yet: rate some {module.one}s and train, or rate more of the others."
    moved = f", moved by the {n} you rated here" if n else ""
    return f"Its predictions come from what you rated elsewhere{moved}. They are vague: ratings of your own teach far more."


def _blended(blend: Mapping[str, float]) -> str:
    if not blend["universal"]:
        return "Predictions are its own evaluator's alone: a blend was not nearer by more than chance."
    return (f"Predictions are a blend: the universal guess counts with weight {blend['universal']:.2f}, its own with "
            f"{blend['own']:.2f}.")


def _taught(module: Module, transfer: Mapping[str, Any] | None) -> str:
    if transfer is None:
        return "Too little is rated here or elsewhere to measure what the others teach it."
    if transfer["spearman"]["low"] > 0 or transfer["mae"]["low"] > 0:
        return f"What you rated elsewhere alone tells something of your {module.one}s."
    return f"What you rated elsewhere alone tells nothing certain of your {module.one}s."


def _heard(module: Module, head: Mapping[str, Any] | None) -> str:
    if head is None:
        return ""
    if not head["names"]:
        return "Plays and skips are switched off in the settings."
    names = [CALLED[name] for name in head["names"]]
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    listed, n = listed[0].upper() + listed[1:], head["n"]
    if n < LEAST:
        return (f"{listed} have no weight: {n} {module.one}{'s were' if n != 1 else ' was'} played before you rated "
                f"{'them' if n != 1 else 'it'}, and {LEAST} are needed.")
    if not head["share"]:
        saved = f"{head['saved']:.2f} points, no more than chance" if head["saved"] > 0 else "nothing"
        return (f"{listed} have no weight: on {n} {module.one}s that you played before you rated them they would have saved "
                f"{saved}.")
    return (f"{listed} move predictions with weight {head['share']:.2f}: on {n} {module.one}s that you played before you rated "
            f"them they save {head['saved']:.2f} points.")


def _texts(pooling: Mapping[str, Any]) -> str:
    if pooling["kind"] == "attention":
        return (f"Of items with several passages it weighs those more that point to your taste: "
                f"{pooling['gain']:.2f} points nearer than their mean.")
    if pooling["tried"]:
        return "Of items with several passages it takes their mean: weighing some more was not nearer by more than chance."
    return ""
