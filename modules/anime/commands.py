"""The commands of the catalogue: flask anime import | import-list | train | evaluate | embed."""

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
@click.option("--scale", type=click.Choice(["5", "10", "100"]), help="Where the scale of the ratings ends; found by itself.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def import_(titles: Path, ratings: Path, scale: str | None, as_json: bool) -> None:
    from flaskr.cli import ready, terminal
    from flaskr.collaborative.rows import NotATable
    from flaskr.collaborative.scale import Scale
    from flaskr.progress import silent
    from modules.anime import arrays, importing

    ready()
    started, tell = time.monotonic(), silent if as_json else terminal("import anime")
    try:
        count, bad = importing.import_titles(titles, tell)
        given = Scale(float(scale)) if scale else importing.scale_of(ratings, tell)
        rated, worse = importing.import_ratings(ratings, tell, given)
    except NotATable as error:
        raise click.ClickException(f"{error} What was read before is kept; the import can be started again.") from None
    tell(1, 1, "features of the users")
    report = {"titles": count, "ratings": rated, "users": arrays.write_features(), "scale": given.top,
              "left_out": {"titles": dict(bad), "ratings": dict(worse)}, "seconds": round(time.monotonic() - started, 1)}
    if as_json:
        click.echo(json.dumps(report))
        return
    click.echo(f"\r\x1b[K{count:,} titles and {rated:,} ratings of {report['users']:,} users in {report['seconds']} s.")
    if given.words:
        click.echo(given.words)
    for name, reasons in report["left_out"].items():
        for reason, times in reasons.items():
            click.echo(f"  left out: {times:,} {name} {reason}")


@group.command("import-list", help="Bring in your own list from MyAnimeList: its export, XML or gz.")
@click.argument("file", type=FILE)
@click.option("--take-file", is_flag=True, help="Where you rated otherwise by hand, take the rating of the file.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
@with_appcontext
def import_list(file: Path, take_file: bool, as_json: bool) -> None:
    from flaskr.cli import ready
    from flaskr.feedback import lists
    from flaskr.media.contract import Unreadable

    ready()
    try:
        with file.open("rb") as source:
            report = lists.bring(current_app.extensions["modules"]["anime"], source, take=take_file)
    except OSError as error:
        raise click.ClickException(f"{file} can't be read: {error.strerror}.") from None
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(report.as_dict()) if as_json else "\n".join(report.lines()))


@group.command("train", help="Learn from all ratings of the catalogue, for recommendations.")
@click.option("--json", "as_json", is_flag=True, help="Print the card of the model as JSON, for programs.")
@with_appcontext
def train(as_json: bool) -> None:
    from flaskr.cli import ready, run_one
    from flaskr.progress import Stopped
    from modules.anime.arrays import current_card

    ready()
    try:
        run_one("train", "anime", quiet=as_json)
    except Stopped as stop:
        raise click.ClickException(str(stop)) from None
    finally:
        current_app.extensions["compute"].close()
    if as_json:
        click.echo(json.dumps(current_card(current_app.extensions["settings"].project)))


@group.command("evaluate", help="Measure every model: on the catalogue, or on files of your own (CSV or Parquet) alone.")
@click.option("--anime", "titles", type=FILE, metavar="anime.csv", help="What is known of the titles; only with --ratings.")
@click.option("--ratings", type=FILE, metavar="train.csv", help="user_id, anime_id, rating: measure on these alone.")
@click.option("--test", type=FILE, metavar="test.csv", help="Hide exactly these ratings, and learn from --ratings.")
@click.option("--quick", is_flag=True, help="A look in a minute: at most 1,000 users.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON, for programs.")
@with_appcontext
def evaluate(titles: Path | None, ratings: Path | None, test: Path | None, quick: bool, as_json: bool) -> None:
    from flaskr.collaborative import leaderboard
    from flaskr.progress import Stopped
    from modules.anime import evaluating

    if ratings is None and (titles or test):
        raise click.UsageError("--anime and --test need --ratings: the file that is learnt from.")
    project = current_app.extensions["settings"].project
    tell = evaluating.teller(lambda words: click.echo(words, err=True))
    try:
        if ratings is None:
            from flaskr.cli import ready
            ready()
            told = evaluating.of_tables(project, quick, tell)
        else:
            told = evaluating.of_files(ratings, titles, test, quick, tell)
    except Stopped as stop:
        raise click.ClickException(str(stop)) from None
    click.echo(json.dumps(told) if as_json else "\n".join(leaderboard.lines(told)))
    if not as_json:
        click.echo("\n* best of its column; † differs from the ensemble (95 %, in pairs, user by user); "
                   "rmse and mae: less is better.")


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
