"""The OpenAPI description of the catalogue's addresses, made from the parameters that the addresses themselves read."""

from typing import Any

from flask import current_app
from sqlalchemy import Label, Select

from flaskr.listing.strict import ALWAYS, HUGE, LAST, MOST, Parameter
from flaskr.talk.conversation import LONGEST
from modules.anime import find
from modules.anime.tables import Anime, AnimeUser

KINDS: dict[str, dict[str, Any]] = {
    "number": {"type": "number", "minimum": -HUGE, "maximum": HUGE},
    "whole": {"type": "integer", "minimum": 0, "maximum": find.LARGEST},
    "words": {"type": "string", "minLength": 1, "maxLength": 500}}
PAGES: dict[str, dict[str, Any]] = {
    "page": {"type": "integer", "minimum": 1, "maximum": LAST}, "per_page": {"type": "integer", "minimum": 1, "maximum": MOST},
    "format": {"type": "string", "enum": ["json", "html"]}}
USER = {"anyOf": [KINDS["whole"], {"const": find.ME}]}
MESSAGE = {"type": "string", "minLength": 1, "maxLength": LONGEST}
K = {"type": "integer", "minimum": 1, "maximum": find.MOST, "default": 5}
ERRORS = {400: "A parameter is not as it must be; the sentence says which, and what is possible.",
          404: "There is no such user.", 409: "Something must be done first; the sentence says what."}
TALK = ("/talk/", "Ask in words about the catalogue, as a user of it")


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    paths = {
        "/anime": _get("Titles by filters; without parameters, how to ask", _listed(find.TITLES), _page(find.titles()), 400),
        "/user": _get("Ratings by filters, and what they say of one user; without parameters, how to ask",
                      _listed(find.RATINGS), _page(find.ratings(), user=_object(AnimeUser.__table__.columns)), 400, 404),
        "/recommend/{user_id}": _get("What a user should watch next, the best first", [
            _parameter("user_id", "whose", USER, "path"), _parameter("k", "how many titles", K),
            *(_parameter(one.key, one.words, KINDS["words"]) for one in find.PICKS if one.key != "k"), _format()],
            _recommendations(), 400, 404, 409),
        "/anime/evaluation": _get("How good every model is on hidden ratings", [_format()], {"type": "object", "required": [
            "models"]}, 409)}
    if any(rule.rule.startswith(TALK[0]) for rule in current_app.url_map.iter_rules()):
        paths["/talk/{user_id}/{user_message}"] = _get(TALK[1], [
            _parameter("user_id", "who speaks", USER, "path"), _parameter("user_message", "what they say", MESSAGE, "path"),
            _format()], {"type": "object"}, 400, 404, 409)
    return {"openapi": "3.1.0", "info": {"title": "Anagnorisis: the catalogue", "version": "1",
                                         "description": "All of it is local; nothing needs a key. "
                                                        "An empty parameter asks nothing."},
            "paths": paths, "components": {"schemas": {"Error": {
                "type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}}}


def _get(summary: str, parameters: list[dict], answer: dict, *errors: int) -> dict[str, Any]:
    refused = {"type": "object", "$ref": "#/components/schemas/Error"}
    page = {"text/html": {"schema": {"type": "string"}}}
    responses = {"200": {"description": "Found", "content": {"application/json": {"schema": answer}} | page}}
    responses |= {str(status): {"description": ERRORS[status], "content": {"application/json": {"schema": refused}} | page}
                  for status in errors}
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _listed(known: tuple[Parameter, ...]) -> list[dict]:
    return [_parameter(one.key, one.words, KINDS[one.kind]) for one in known] + [
        _parameter(key, ALWAYS[key], schema) for key, schema in PAGES.items()]


def _parameter(name: str, words: str, schema: dict, where: str = "query") -> dict[str, Any]:
    return {"name": name, "in": where, "description": words, "required": where == "path", "schema": schema}


def _format() -> dict[str, Any]:
    return _parameter("format", ALWAYS["format"], PAGES["format"])


def _object(columns: Any) -> dict[str, Any]:
    """The schema of a row of these columns."""
    return {"type": "object", "required": [column.name for column in columns],
            "properties": {column.name: _kind(column) for column in columns}}


def _kind(column: Any) -> dict[str, Any]:
    base = column.element if isinstance(column, Label) else column
    kind = {int: "integer", float: "number", str: "string"}.get(column.type.python_type, "array")
    return {"type": [kind, "null"] if getattr(base, "nullable", True) else kind}


def _page(rows: Select, **also: dict) -> dict[str, Any]:
    number, row = {"type": "integer", "minimum": 0}, _object(rows.selected_columns)
    row["properties"] |= {"name": {"type": ["string", "null"]}}
    found = {"type": "object", "required": ["total", "page", "pages", "per_page", "rows"], "properties": {
        **dict.fromkeys(("total", "page", "pages", "per_page"), number), "rows": {"type": "array", "items": row}, **also}}
    lesson = {"type": "object", "required": ["commands", "examples", "titles", "users", "ratings"], "properties": {
        "commands": {"type": "object", "additionalProperties": {"type": "string"}},
        "examples": {"type": "array", "items": {"type": "string"}}}}
    return {"anyOf": [found, lesson]}


def _recommendations() -> dict[str, Any]:
    title = _object(column for column in Anime.__table__.columns if column.name != "id")
    reason = {"type": "object", "required": ["anime_id", "name", "rating", "part", "kind"], "properties": {
        "kind": {"enum": ["watched", "story"]}, "part": {"type": "number", "minimum": 0, "maximum": 1}}}
    title["properties"] |= {"anime_id": {"type": "integer"}, "expected": {"type": "number"},
                            "because": {"type": "array", "items": reason}}
    return {"type": "object", "required": ["user_id", "k", "recommendations"], "properties": {
        "user_id": USER, "k": {"type": "integer"},
        "recommendations": {"type": "array", "items": title | {"required": [*title["properties"]]}}}}
