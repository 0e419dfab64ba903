"""A language model behind an OpenAI-compatible endpoint on this machine: Ollama, llama.cpp, vLLM."""

import ipaddress
import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flaskr.talk.contract import Call, NoAnswer, Said, Tool
from flaskr.talk.protocol import schemas, teach

MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Endpoint:
    """`url` up to and with /v1; `name` of the model there; `anywhere`: whether it may be outside of the own network."""

    url: str
    name: str
    anywhere: bool = False

    def reply(self, said: Sequence[Said], tools: Sequence[Tool], tokens: int, seconds: float) -> Said:
        """What the endpoint's model says next; NoAnswer when nothing came in time that could be read."""
        if not self.anywhere:
            near(self.url)
        until = time.monotonic() + seconds
        asked = {"model": self.name, "messages": messages(said), "max_tokens": tokens, "temperature": 0.3, "stream": False}
        status, body = self._post(asked | {"tools": schemas(tools)} if tools else asked, until)
        if 400 <= status < 500 and tools:  # a model without tools of its own: it asks in words
            taught = [*said[:1], Said("system", teach(tools)), *said[1:]]
            status, body = self._post(asked | {"messages": messages(taught)}, until)
        if status != 200:
            raise NoAnswer(f"The language model's server answered with the error {status}.")
        return _said(body)

    def _post(self, asked: dict[str, Any], until: float) -> tuple[int, bytes]:
        import httpx2

        left, body = max(0.1, until - time.monotonic()), b""
        try:
            # No proxy and no redirect: what is said goes to the address of the settings and nowhere else.
            with httpx2.Client(timeout=left, trust_env=False, follow_redirects=False) as client, \
                    client.stream("POST", f"{self.url.rstrip('/')}/chat/completions", json=asked) as answer:
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise NoAnswer("The language model's server sent more than can be read.")
                    if time.monotonic() > until:
                        raise NoAnswer("The language model took too long.")
                return answer.status_code, body
        except httpx2.TimeoutException:
            raise NoAnswer("The language model took too long.") from None
        except httpx2.ConnectError:
            raise NoAnswer("The language model's server does not answer; is it running?") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError):
            raise NoAnswer("The language model's server broke off its answer.") from None


def near(url: str) -> None:
    """NoAnswer unless every address of the host is on this machine or in a private network."""
    host = urlsplit(url).hostname or ""
    try:
        found = {ipaddress.ip_address(where[4][0].split("%")[0]) for where in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        raise NoAnswer(f"There is no host {host[:60]!r}: look at talk.endpoint in the settings.") from None
    if not all(one.is_loopback or one.is_private and not one.is_link_local and not one.is_unspecified for one in found):
        raise NoAnswer("The language model's server is not in your own network, and the setting talk.endpoint_anywhere "
                       "is off, so nothing was sent.")


def messages(said: Sequence[Said]) -> list[dict[str, Any]]:
    """What was said as chat completions take it."""
    found: list[dict[str, Any]] = []
    for number, one in enumerate(said):
        if one.role == "tool" and one.call is not None:
            found.append({"role": "tool", "tool_call_id": one.call.id or f"call_{number - 1}", "content": one.words})
        elif one.call is not None:
            given = one.call.arguments if isinstance(one.call.arguments, str) else json.dumps(one.call.arguments)
            found.append({"role": one.role, "content": one.words, "tool_calls": [
                {"id": one.call.id or f"call_{number}", "type": "function",
                 "function": {"name": one.call.tool, "arguments": given}}]})
        else:
            found.append({"role": one.role, "content": one.words})
    return found


def _said(body: bytes) -> Said:
    try:
        message = json.loads(body)["choices"][0]["message"]
        words, calls = message.get("content") or "", message.get("tool_calls") or []
        call = calls[0]["function"] if calls else None
        found = Said("assistant", words, Call(call["name"], call["arguments"], str(calls[0].get("id") or ""))
                     if call is not None else None)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise NoAnswer("The language model's server sent what can't be read.") from None
    if not isinstance(words, str) or found.call and not isinstance(found.call.tool, str):
        raise NoAnswer("The language model's server sent what can't be read.")
    return found
