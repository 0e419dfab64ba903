"""The commands: flask init-db | scan | embed | train | universal | predict | demo | compare | map | taste | doctor | serve."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from flaskr.config import REPOSITORY
from flaskr.jobs import portable
from flaskr.jobs.steps import STEPS, Work, step
from flaskr.library import words
from flaskr.media.contract import Module, Unreadable
from flaskr.media.discovery import is_ours
from flaskr.progress import Report, Stopped

HELP = {"scan": "Bring the library in line with the folders.", "embed": "Embed what has no embedding yet.",
        "train": "Learn from the ratings.", "universal": "Learn across all kinds of media.",
        "predict": "Predict what has no prediction yet.",
        "demo": "Make demo libraries on the spot, scan and embed them.",
        "compare": "Look for near-duplicates.", "map": "Draw the map of the library for the taste page."}
AFTER = {"demo": ("scan", "embed")}


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for verb in STEPS:
        app.cli.add_command(_verb(verb))
    for command in (init_db, doctor, serve, taste):
        app.cli.add_command(command)
    for module in app.extensions.get("modules", {}).values():
        if module.commands:
            module.commands(app.cli)
    app.cli.add_command(ratings)


def _verb(verb: str) -> click.Command:
    @click.command(verb, help=HELP[verb])
    @click.argument("modules", nargs=-1, metavar="[MODULE]...")
    @click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
    @click.option("--again", is_flag=True, help="Read every file anew." if verb == "scan" else "", hidden=verb != "scan")
    @with_appcontext
    def command(modules: tuple[str, ...], as_json: bool, again: bool) -> None:
        ready()
        try:
            reports, stopped = run_verb(verb, modules, again=again, quiet=as_json)
        finally:
            current_app.extensions["compute"].close()
        if as_json:
            click.echo(json.dumps({"reports": [report.as_dict() for report in reports], "stopped": stopped}, indent=1))
        sys.exit(1 if stopped else 0)
    return command


def run_verb(verb: str, names: tuple[str, ...], *, again: bool, quiet: bool) -> tuple[list[Report], list[str]]:
    """Run a verb, and what belongs to it, for the named modules or all; (reports, sentences of what could not go on)."""
    modules, reports, stopped = current_app.extensions["modules"], [], []
    known = {name: module for name, module in modules.items() if module.kind == "files"}
    for name in names:
        if name not in known:
            raise click.UsageError(f"There is no module {name}; there are: {', '.join(known)}.")
    steps = [(one, name) for name in names or _concerned(verb, known) for one in (verb, *AFTER.get(verb, ()))]
    across = [("universal", steps[0][1])] if verb == "train" and steps else []  # once, after all of them
    for one, name in [*steps, *across]:
        try:
            reports.append(run_one(one, name, again=again, quiet=quiet))
        except Stopped as stop:
            stopped.append(str(stop))
            reports += [stop.report] if stop.report else []
            if not quiet:
                click.secho(f"{one} {name}: {stop}", fg="red", err=True)
    return reports, stopped


def ready() -> None:
    """Bring the database to the present schema, so that no command asks for another one first."""
    upgrade(directory=str(REPOSITORY / "migrations"))
    for module in current_app.extensions["modules"].values():
        if not is_ours(module):
            words.create_tables(module)


def _concerned(verb: str, modules: dict) -> list[str]:
    """Names of the modules that a verb without names is about: those that have a folder, if any has."""
    if verb == "demo":
        return [name for name, module in modules.items() if module.demo is not None]
    names = list(modules)
    settings = current_app.extensions["settings"]
    found = [name for name in names if settings.module(name).media_directory] or names
    return found[:1] if verb == "universal" else found  # it is about all of them at once


def run_one(verb: str, name: str, *, again: bool = False, quiet: bool = False) -> Report:
    """Run one verb for one module here and now; what it did is printed unless `quiet`."""
    app = current_app
    tell = (lambda done, total, words="": None) if quiet else terminal(f"{verb} {name}")
    work = Work(app.extensions["settings"], app.extensions["compute"], app.extensions["modules"][name], tell, again)
    report = step(work.module, verb)(work)
    app.extensions["reload_settings"]()
    if not quiet:
        counts = ", ".join(f"{value:,} {key}" for key, value in report.counts.items() if value)
        click.echo(f"\r\x1b[K{verb} {name}: {counts or 'nothing to do'} in {report.seconds:.1f} s. {report.words}")
        for path, reason in report.unreadable:
            click.echo(f"  unreadable: {path}: {reason}")
    return report


def terminal(name: str) -> Callable[..., None]:
    """Progress as one line that is written over, ten times a second; plain lines are spared a file or a pipe."""
    last = 0.0

    def tell(done: int, total: int, words: str = "") -> None:
        nonlocal last
        if sys.stderr.isatty() and (time.monotonic() - last > 0.1 or done == total):
            last = time.monotonic()
            share = f" {100 * done // total:3d} %" if total else ""
            click.echo(f"\r\x1b[K{name}{share} {words}"[:110], nl=False, err=True)
    return tell


@click.group("ratings", help="All your ratings as one file, and back.")
def ratings() -> None:
    """Two-way openness: what was said here can be read elsewhere."""


@ratings.command("export", help="Write all your ratings into one file, CSV or (.json) JSON.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, writable=True))
@with_appcontext
def export_ratings(file: Path) -> None:
    from flaskr.feedback import exchange
    ready()
    click.echo(f"{exchange.write(file, current_app.extensions['modules'].values()):,} ratings are in {file}.")


@ratings.command("import", help="Take over the ratings of such a file; what you rated otherwise here stays.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--take-file", is_flag=True, help="Where you rated otherwise, take the rating of the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def import_ratings(file: Path, take_file: bool, as_json: bool) -> None:
    from flaskr.feedback import exchange
    from flaskr.media.contract import Unreadable
    ready()
    try:
        found = exchange.bring(file, current_app.extensions["modules"], take=take_file)
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps({**found.counts, "left_out": dict(found.left), "unknown": found.unknown}))
        return
    counts = found.counts
    click.echo(f"{counts['new']:,} new, {counts['changed']:,} changed, {counts['same']:,} as they were, "
               f"{counts['differ']:,} rated otherwise here and kept.")
    for reason, times in found.left.items():
        click.echo(f"  left out: {times:,} {reason}")
    if found.unknown:
        click.echo(f"  not here: {len(found.unknown):,}: {'; '.join(found.unknown[:200])}")


@click.command("init-db", help="Make the database or bring it to the present schema; ratings are kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def init_db(as_json: bool) -> None:
    started = time.monotonic()
    ready()
    where = current_app.extensions["settings"].project / "database" / "project.db"
    seconds = round(time.monotonic() - started, 3)
    click.echo(json.dumps({"database": str(where), "seconds": seconds}) if as_json else f"The database is {where}.")


@click.command("doctor", help="Check the installation and say what is wrong and what to do.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for programs.")
@with_appcontext
def doctor(as_json: bool) -> None:
    from flaskr.doctor import findings
    found = findings(current_app)
    if as_json:
        click.echo(json.dumps([finding.__dict__ for finding in found], indent=1))
    else:
        for finding in found:
            click.secho(f"{'ok  ' if finding.ok else 'LOOK'} {finding.name}: {finding.words}",
                        fg=None if finding.ok else "red")
    sys.exit(0 if all(finding.ok for finding in found) else 1)


@click.command("serve", help="Upgrade the database and serve (gunicorn, one worker, many threads).")
@with_appcontext
def serve() -> None:
    from flaskr.serve import serve_forever
    ready()
    serve_forever(current_app._get_current_object())


taste = click.Group("taste", help="Take what was learned to another machine, or bring it in from one.")


@taste.command("export", help="Write what was learned into one file.")
@click.argument("module")
@click.argument("file", type=click.Path(dir_okay=False, writable=True))
@click.option("--ratings", is_flag=True, help="Put the ratings into it, too, as numbers without names.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def export_taste(module: str, file: str, ratings: bool, as_json: bool) -> None:
    ready()
    try:
        made = portable.export(_learner(module), current_app.extensions["settings"].project, with_ratings=ratings)
    except Stopped as stop:
        raise click.ClickException(str(stop)) from None
    with made, open(file, "wb") as out:
        size = out.write(made.read())
    click.echo(json.dumps({"file": file, "bytes": size}) if as_json else f"{file}: {size:,} bytes.")


@taste.command("import", help="Bring in what was learned elsewhere, as a new version, and predict with it.")
@click.argument("module")
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def import_taste(module: str, file: click.File, as_json: bool) -> None:
    ready()
    extensions, learner = current_app.extensions, _learner(module)
    try:
        words = portable.bring(learner, file, extensions["settings"].project, run=extensions["compute"].run)
        predicted = STEPS["predict"](Work(extensions["settings"], extensions["compute"], learner)).counts["predicted"]
    except (Stopped, Unreadable) as stop:
        raise click.ClickException(str(stop)) from None
    finally:
        extensions["compute"].close()
    click.echo(json.dumps({"words": words, "predicted": predicted}) if as_json else f"{words} {predicted:,} predicted.")


def _learner(name: str) -> Module:
    module = current_app.extensions["modules"].get(name)
    if module is None or module.kind != "files":
        raise click.UsageError(f"There is no module {name} that learns from files.")
    return module
