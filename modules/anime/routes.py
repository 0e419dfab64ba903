"""The addresses of the catalogue: /anime, /user, /recommend, /talk, its evaluation; JSON for programs, a page for browsers."""

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from flaskr.listing.strict import columns, given, rows, whole
from flaskr.media.contract import Later
from flaskr.progress import Stopped
from flaskr.web import catalogue, parameters, talking
from flaskr.web.errors import wants_json
from modules.anime import charts, evaluating, find, learn, openapi, person

EXAMPLES = {"anime": ("/anime?mt_episodes=200&lt_episodes=300&mt_rating=7&mt_members=1000&genre=Drama",
                      "/anime?type=Movie&mt_rating=8.5", "/anime?name=cowboy", "/recommend/me?k=5&genre=Comedy"),
            "user": ("/user?user_id=567&mt_rating=5&lt_rating=7", "/user?anime_id=1&mt_rating=9", "/recommend/567?k=5")}
FOR_ME = "12"  # picks on the person's own page, unless it says otherwise


def add(pages: Blueprint) -> None:
    """Add the addresses to the blueprint, which has no prefix."""
    pages.add_url_rule("/anime", "browse", titles)
    pages.add_url_rule("/anime/<int:anime_id>", "title", title)
    pages.add_url_rule("/user", "user", ratings)
    pages.add_url_rule("/recommend/<user_id>", "recommend", recommend)
    pages.add_url_rule("/anime/evaluation", "evaluation", evaluation)
    pages.add_url_rule("/openapi.json", "openapi", described)
    catalogue.add(pages, "anime", lambda anime_id: person.guess(anime_id, _project()))
    pages.context_processor(lambda: {"mine": lambda ids: person.mine(list(ids), _project()), "ME": find.ME,
                                     "learning": lambda: learn.learning(_project()), "genres": find.genres})
    talking.add(pages, Later("modules.anime.talk:voice"))


def titles() -> Response | str:
    """Titles by filters; without parameters, how to ask."""
    if not parameters.asked():
        return parameters.teach("anime/teach.html", find.TITLES, EXAMPLES["anime"], find.counts(), what="anime")
    return parameters.answer("anime/titles.html", rows(find.titles(), request.args, find.TITLES), find.TITLES)


def title(anime_id: int) -> Response | str:
    """One title: what is known of it, what the person said, what is expected, why, and what is like it."""
    given(request.args, ())
    page = person.page(find.title(anime_id), _project())
    if not wants_json():
        return render_template("anime/title.html", page=page)
    told = columns(page.title)
    return jsonify({"anime_id": told.pop("id")} | told | {
        "mine": page.mine.said.rating, "mark": page.mine.said.mark, "expected": page.mine.expected, "because": page.because,
        "similar": [{"anime_id": one.id, "name": one.name} for one in page.similar]})


def ratings() -> Response | str:
    """Ratings by filters, and the features of the user who is asked for; without parameters, how to ask."""
    if not parameters.asked():
        return parameters.teach("anime/teach.html", find.RATINGS, EXAMPLES["user"], find.counts(), what="user")
    if request.args.get("user_id", "").strip() == find.ME:
        found = rows(find.my_ratings(), request.args, find.MINE)
        if not wants_json():
            return render_template("anime/mine.html", found=found, known=find.MINE, user=find.user(find.ME),
                                   hidden=person.hidden())
        return parameters.answer("", found, find.MINE, user=find.user(find.ME))
    found = rows(find.ratings(), request.args, find.RATINGS, find.RATINGS_IN_ORDER)
    one = find.user(found.given["user_id"]) if "user_id" in found.given else None
    return parameters.answer("anime/ratings.html", found, find.RATINGS, user=one)


def recommend(user_id: str) -> Response | str:
    """The best k titles for a user, each with its reasons."""
    mine = user_id == find.ME
    user = user_id if mine else whole(user_id, "user_id", 0, find.LARGEST)
    asked = given(request.args, find.PICKS)
    k = whole(asked.get("k", FOR_ME if mine and not wants_json() else "5"), "k", 1, find.MOST)
    if mine and not wants_json() and find.version(_project()) == "":
        return render_template("anime/for_you.html", k=k, found=None, asked=asked)
    found = find.recommended(user, k, _project(), asked)
    if wants_json():
        return jsonify(user_id=user, k=k, recommendations=[one.as_dict() for one in found])
    return render_template("anime/for_you.html" if mine else "anime/recommend.html", user_id=user, k=k, found=found,
                           asked=asked, rated=len(find.given_by(user)) if mine else None)


def evaluation() -> Response | str:
    """How good every model is on hidden rows: the last result of `flask anime evaluate`."""
    told = evaluating.last(current_app.extensions["settings"].project)
    if wants_json():
        if told is None:
            raise Stopped(evaluating.NONE)
        return jsonify(told)
    models = told["models"] if told else {}
    shown = [(title, words, charts.bars(models, name), name, protocol) for name, protocol, title, words in charts.CHARTS]
    return render_template("anime/evaluation.html", told=told, sentences=list(charts.sentences(models)), charts=shown,
                           curve=charts.curve(models), steps=charts.STEPS)


def described() -> Response:
    """The OpenAPI document of these addresses, for programs that read such."""
    return jsonify(openapi.document())


def _project() -> Path:
    return current_app.extensions["settings"].project
