"""The addresses of the catalogue: /anime, /user, /recommend and /talk; JSON for programs, a page for browsers."""

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from flaskr.listing.strict import Parameter, given, rows, whole
from flaskr.media.contract import Later
from flaskr.web import parameters, talking
from flaskr.web.errors import wants_json
from modules.anime import find

EXAMPLES = {"anime": ("/anime?mt_episodes=200&lt_episodes=300&mt_rating=7&mt_members=1000&genre=Drama",
                      "/anime?type=Movie&mt_rating=8.5", "/anime?name=cowboy", "/recommend/567?k=5"),
            "user": ("/user?user_id=567&mt_rating=5&lt_rating=7", "/user?anime_id=1&mt_rating=9", "/recommend/567?k=5")}


def add(pages: Blueprint) -> None:
    """Add the addresses to the blueprint, which has no prefix."""
    pages.add_url_rule("/anime", "browse", titles)
    pages.add_url_rule("/user", "user", ratings)
    pages.add_url_rule("/recommend/<user_id>", "recommend", recommend)
    talking.add(pages, Later("modules.anime.talk:voice"))


def titles() -> Response | str:
    """Titles by filters; without parameters, how to ask."""
    if not parameters.asked():
        return parameters.teach("anime/teach.html", find.TITLES, EXAMPLES["anime"], find.counts(), what="anime")
    return parameters.answer("anime/titles.html", rows(find.titles(), request.args, find.TITLES), find.TITLES)


def ratings() -> Response | str:
    """Ratings by filters, and the features of the user who is asked for; without parameters, how to ask."""
    if not parameters.asked():
        return parameters.teach("anime/teach.html", find.RATINGS, EXAMPLES["user"], find.counts(), what="user")
    found = rows(find.ratings(), request.args, find.RATINGS)
    one = find.user(int(found.given["user_id"])) if "user_id" in found.given else None
    return parameters.answer("anime/ratings.html", found, find.RATINGS, user=one)


def recommend(user_id: str) -> Response | str:
    """The best k titles for a user, each with its reasons."""
    user, asked_for = whole(user_id, "user_id", 0, find.LARGEST), given(request.args, (Parameter("k", "", bool),))
    k = whole(asked_for.get("k", "5"), "k", 1, find.MOST)
    found = find.recommended(user, k, current_app.extensions["settings"].project)
    if wants_json():
        return jsonify(user_id=user, k=k, recommendations=[one.as_dict() for one in found])
    return render_template("anime/recommend.html", user_id=user, k=k, found=found)
