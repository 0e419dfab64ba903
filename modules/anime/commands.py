"""The commands of the catalogue: flask anime import | train | embed."""

import json
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext


def add(app_cli: click.Group) -> None:
    """Add this module's commands to `flask`."""
    app_cli.add_command(group)


group = AppGroup("anime", help="The catalogue of anime: bring it in, learn from it.")
FILE = click.Path(path_type=Path)


@group.command("import", help="Bring in a catalogue and the ratings of many users, from CSV or Parquet.")
@click.argument("titles", type=FILE, metavar="anime.csv")
@click.argument("ratings", type=FILE, metavar="rating.csv")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def import_(titles: Path, ratings: Path, as_json: bool) -> None:
    from flaskr.cli import ready, terminal
    from flaskr.collaborative.rows import NotATable
    from flaskr.progress import silent
    from modules.anime import arrays, importing

    ready()
    started, tell = time.monotonic(), silent if as_json else terminal("import anime")
    try:
        count, bad = importing.import_titles(titles, tell)
        rated, worse = importing.import_ratings(ratings, tell)
    except NotATable as error:
        raise click.ClickException(f"{error} What was read before is kept; the import can be started again.") from None
    tell(1, 1, "features of the users")
    report = {"titles": count, "ratings": rated, "users": arrays.write_features(),
              "left_out": {"titles": dict(bad), "ratings": dict(worse)}, "seconds": round(time.monotonic() - started, 1)}
    if as_json:
        click.echo(json.dumps(report))
        return
    click.echo(f"\r\x1b[K{count:,} titles and {rated:,} ratings of {report['users']:,} users in {report['seconds']} s.")
    for name, reasons in report["left_out"].items():
        for reason, times in reasons.items():
            click.echo(f"  left out: {times:,} {name} {reason}")


@group.command("train", help="Learn from all ratings of the catalogue, for recommendations.")
@click.option("--json", "as_json", is_flag=True, help="Print the card of the model as JSON, for programs.")
@with_appcontext
def train(as_json: bool) -> None:
    from flaskr.cli import ready
    from flaskr.collaborative.saved import fit_and_save
    from modules.anime import arrays

    ready()
    data, _, _ = arrays.everything()
    if data.n_users < 2 or not data.rated.any():
        raise click.ClickException("There are no ratings to learn from: bring some in with `flask anime import`.")
    if not as_json:
        click.echo(f"Learning from {len(data):,} rows of {data.n_users:,} users; this takes a minute or more.")
    card = fit_and_save(data, arrays.folder_of(current_app.extensions["settings"].project))
    click.echo(json.dumps(card) if as_json else f"Version {card['version']} is in use after {card['seconds']:.0f} s.")


@group.command("embed", help="Prepare the titles to be found by what they are about, for conversations.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON, for programs.")
@with_appcontext
def embed_(as_json: bool) -> None:
    from flaskr.cli import ready, terminal
    from flaskr.progress import silent
    from flaskr.talk.meaning import embed
    from modules.anime import talk

    ready()
    extensions, started = current_app.extensions, time.monotonic()
    made = embed(talk.entries(), talk.meanings(extensions["settings"].project), each=extensions["compute"].each,
                 progress=silent if as_json else terminal("embed anime"))
    extensions["compute"].close()
    report = {"embedded": made, "seconds": round(time.monotonic() - started, 1)}
    click.echo(json.dumps(report) if as_json else f"\r\x1b[K{made:,} titles embedded in {report['seconds']} s.")
