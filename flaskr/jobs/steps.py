"""The verbs, as commands and jobs call them, and which verb follows which."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import length_hint
from pathlib import Path
from typing import Any

from flask import current_app

from flaskr.config import save_setting
from flaskr.embeddings.duplicates import compare
from flaskr.embeddings.embed import embed
from flaskr.embeddings.meaning import embed_descriptions
from flaskr.evaluator.signals import SIGNS
from flaskr.jobs.compute import Compute
from flaskr.jobs.learn import predict, train
from flaskr.jobs.mapping import map_library
from flaskr.jobs.universal import learn_across
from flaskr.library.scan import scan
from flaskr.media.contract import Module
from flaskr.progress import Progress, Report, Stopped, Unavailable, silent


@dataclass(frozen=True)
class Work:
    """What every verb needs: the settings as they are now, the workers, the module, and whom to tell."""

    settings: Any
    compute: Compute
    module: Module
    progress: Progress = silent
    again: bool = False


def scan_step(work: Work) -> Report:
    """Update the library: bring the tables in line with the folders."""
    media = work.settings.module(work.module.name)
    return scan(work.module, media.media_directory, each=work.compute.each, formats=media.media_formats,
                progress=work.progress, batch=work.settings.library.batch, again=work.again)


def embed_step(work: Work) -> Report:
    """Listen to, or look at, what has no embedding yet; then embed what is said of it."""
    try:
        report = embed(work.module, work.settings.project, each=work.compute.each, run=work.compute.run,
                       progress=work.progress)
    except Unavailable as error:
        raise Stopped(str(error)) from error
    try:
        report.count("described", embed_descriptions(work.module, each=work.compute.each, progress=work.progress))
    except Unavailable as error:  # everything but search by meaning works without
        return report.end(f"Search by meaning has to wait. {error}")
    return report.end()


def train_step(work: Work) -> Report:
    """Learn the person's taste from the ratings."""
    return train(work.module, work.settings.project, run=work.compute.run, progress=work.progress)


def universal_step(work: Work) -> Report:
    """Learn the person's taste across all kinds of media, and what each of them gains from it."""
    modules = [one for one in current_app.extensions["modules"].values() if one.kind == "files"]
    heard = work.settings.signals
    return learn_across(modules, work.settings.project, run=work.compute.run, asked=work.module.name, progress=work.progress,
                        listen_to=[name for name in SIGNS if getattr(heard, name)])


def predict_step(work: Work) -> Report:
    """Predict a rating for everything that has none of the present evaluator."""
    return predict(work.module, work.settings.project, run=work.compute.run, progress=work.progress)


def demo_step(work: Work) -> Report:
    """Make the demo library in the project folder and add it to the module's folders."""
    if work.module.demo is None:
        raise Stopped(f"{work.module.title} has no demo library.")
    report, folder = Report("demo", work.module.name), demo_folder(work.settings, work.module)
    key = f"{work.module.name}.media_directory"
    folders = [str(known) for known in work.settings.module(work.module.name).media_directory]
    if str(folder) not in folders and work.settings.origin.get(key) == "environment":
        raise Stopped(f"The folders are set by the environment, so the demo library can't be added to them: put {folder} "
                      f"into ANAGNORISIS_{work.module.name.upper()}__MEDIA_DIRECTORY yourself, or unset it.")
    making = work.module.demo(folder)
    total = length_hint(making)
    for done, _ in enumerate(making, start=1):
        report.count("made")
        work.progress(done, max(total, done), f"{done} of {max(total, done)} made")
    if str(folder) not in folders:
        save_setting(work.settings, key, [*folders, str(folder)])
    return report.end(f"The demo library is in {folder}.")


def compare_step(work: Work) -> Report:
    """Look for near-duplicates."""
    return compare(work.module, work.settings.project, each=work.compute.each, progress=work.progress)


def map_step(work: Work) -> Report:
    """Draw the map of the library, for the taste page."""
    return map_library(work.module, work.settings.project, run=work.compute.run, progress=work.progress)


def demo_folder(settings: Any, module: Module) -> Path:
    return settings.project / "demo" / module.name


STEPS: dict[str, Callable[[Work], Report]] = {
    "scan": scan_step, "embed": embed_step, "train": train_step, "universal": universal_step, "predict": predict_step,
    "demo": demo_step, "compare": compare_step, "map": map_step}


def step(module: Module, verb: str) -> Callable[[Work], Report]:
    """What a verb does for a module: its own way if it has one. KeyError for a verb that a catalogue does not know."""
    own = module.step(verb)
    if own is None and module.kind != "files":
        raise KeyError(verb)
    return own or STEPS[verb]


def following(report: Report, *, trained: bool, predicted: bool = False) -> str | None:
    """The verb that a finished one asks for next. trained: the module has an evaluator; predicted: something guesses for it,
    be it the universal one. A refitted projection outdates the evaluator, so it learns anew."""
    if report.verb == "embed" and (trained or predicted):
        return "train" if trained and report.counts.get("refitted") else "predict"
    return {"demo": "scan", "scan": "embed", "train": "universal", "universal": "predict"}.get(report.verb)
