"""How a model asks for tools: JSON, read leniently, held strictly to what each tool declares; nothing is ever executed."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from flaskr.listing.strict import InvalidQuery, Unknown
from flaskr.progress import Stopped
from flaskr.talk.contract import Call, Said, Tool

MOST_RESULT = 3000  # letters of one result that a model gets to read
MOST_READ = 20_000  # letters of a reply that are looked at
THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


def teach(tools: Sequence[Tool]) -> str:
    """The tools in words, for models that know no way of their own."""
    lines = [f"- {tool.name}: {tool.words} {json.dumps(_short(tool), ensure_ascii=False)}" for tool in tools]
    return ("You may look things up. To do so, reply with one JSON object and nothing else: "
            '{"tool": "<name>", "arguments": {...}}. You will be given its result. The tools:\n' + "\n".join(lines))


def schemas(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """The tools as chat completion endpoints take them."""
    return [{"type": "function", "function": {"name": tool.name, "description": tool.words,
                                              "parameters": tool.takes.model_json_schema()}} for tool in tools]


def asked(said: Said) -> Call | None:
    """The call that a reply asks for: the model's own, or the first JSON object in its words that names a tool."""
    if said.call is not None:
        return said.call
    for found in _objects(without_thoughts(said.words)):
        given = found.get("arguments", found.get("parameters", {} if "tool" in found else None))
        name = found.get("tool") or found.get("name")
        if isinstance(name, str) and isinstance(given, dict | str):
            return Call(name, given)
    return None


def run(call: Call, person: Any, tools: Sequence[Tool]) -> dict[str, Any]:
    """The result of a call, or {"error": a sentence} where it can't be answered as it was asked."""
    tool = {tool.name: tool for tool in tools}.get(call.tool)
    if tool is None:
        return {"error": f"There is no tool {call.tool[:40]!r}; there are: {', '.join(tool.name for tool in tools)}."}
    try:
        given = json.loads(call.arguments or "{}") if isinstance(call.arguments, str) else call.arguments
        given = tool.takes.model_validate(given)
    except (ValueError, RecursionError) as error:
        return {"error": _refusal(error)}
    try:
        return tool.run(person, given)
    except (InvalidQuery, Unknown, Stopped) as error:
        return {"error": str(error)}


def result(found: dict[str, Any]) -> str:
    """A result as a model reads it: data, without what it has no use for, cut to a bounded length."""
    return json.dumps(_useful(found), ensure_ascii=False, default=str)[:MOST_RESULT]


def without_thoughts(words: str) -> str:
    """A reply without what a model says to itself, and bounded."""
    return THOUGHT.sub("", words[:MOST_READ]).strip()


def _objects(words: str) -> Iterator[dict[str, Any]]:
    """JSON objects in a text, whatever stands around them."""
    reader, at, tries = json.JSONDecoder(), 0, 0
    while (at := words.find("{", at)) >= 0 and (tries := tries + 1) <= 50:
        try:
            found, end = reader.raw_decode(words, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        if isinstance(found, dict):
            yield found
        at = end


def _useful(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _useful(one) for name, one in found.items() if name not in ("id", "members", "place")}
    return [_useful(one) for one in found] if isinstance(found, list) else found


def _short(tool: Tool) -> dict[str, str]:
    """Names of arguments with their meaning."""
    return {name: field.description for name, field in tool.takes.model_fields.items() if field.description}


def _refusal(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "The arguments are no JSON object."
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))[:60]
    return f"The argument{f' {where!r}' if where else 's'} can't be used: {first['msg']}."
