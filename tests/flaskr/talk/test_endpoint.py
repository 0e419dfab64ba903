"""A language model behind an address: a scripted server on loopback that is right, slow, broken, gone, or elsewhere."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from flaskr.talk import endpoint
from flaskr.talk.contract import Call, Limits, NoAnswer, Said
from flaskr.talk.conversation import LOOPED, answer
from flaskr.talk.endpoint import Endpoint, near

SAID = [Said("system", "Be kind."), Said("user", "Something short?")]


def message(words="", tool="", arguments="{}"):
    """A chat completion."""
    calls = [{"id": "c1", "type": "function", "function": {"name": tool, "arguments": arguments}}] if tool else None
    return {"choices": [{"message": {"role": "assistant", "content": words or None, "tool_calls": calls}}]}


class Server:
    """Answers as it is scripted: (status, body or what to do); keeps what it was asked."""

    def __init__(self):
        self.script, self.asked = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.asked.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                status, body = outer.script.pop(0) if len(outer.script) > 1 else outer.script[0]
                if body == "hang up":
                    self.connection.close()
                    return
                if body == "slow":
                    time.sleep(1.5)
                if isinstance(body, dict):
                    body = json.dumps(body)
                body = body.encode() if isinstance(body, str) else body
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body) + (1000 if body == b"cut off" else 0)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def server():
    started = Server()
    yield started
    started.close()


def test_it_speaks_as_chat_completions_do(server, voice):
    server.script = [(200, message("", "search", '{"lt_episodes": 5}')), (200, message("Try [[Naruto]]."))]
    model = Endpoint(server.url, "small")
    first = model.reply(SAID, voice.tools, 100, 5)
    assert first.call == Call("search", '{"lt_episodes": 5}', "c1")
    assert model.reply([*SAID, first, Said("tool", "{}", first.call)], voice.tools, 100, 5).words == "Try [[Naruto]]."
    path, asked = server.asked[1]
    assert path == "/v1/chat/completions" and asked["model"] == "small" and asked["max_tokens"] == 100 and not asked["stream"]
    assert [tool["function"]["name"] for tool in asked["tools"]] == ["search", "explain", "compare"]
    assert asked["tools"][0]["function"]["parameters"]["properties"]["lt_episodes"]
    assert [one["role"] for one in asked["messages"]] == ["system", "user", "assistant", "tool"]
    assert asked["messages"][2]["tool_calls"][0]["id"] == asked["messages"][3]["tool_call_id"] == "c1"


def test_a_model_without_tools_of_its_own_is_asked_without(server, voice):
    server.script = [(400, '{"error": "does not support tools"}'), (200, message('{"tool": "search", "arguments": {}}'))]
    assert "search" in Endpoint(server.url, "old").reply(SAID, voice.tools, 100, 5).words
    assert "tools" in server.asked[0][1] and "tools" not in server.asked[1][1]
    assert "one JSON object" in server.asked[1][1]["messages"][1]["content"]


@pytest.mark.parametrize(("status", "body", "words"), [
    (500, "oops", "error 500"), (401, "{}", "error 401"), (302, "", "error 302"),
    (200, "{broken", "can't be read"), (200, "[]", "can't be read"),
    (200, {"choices": []}, "can't be read"), (200, {"choices": [{"message": {"content": 5}}]}, "can't be read"),
    (200, {"choices": [{"message": {"tool_calls": [{"function": {"name": 5, "arguments": "{}"}}]}}]}, "can't be read"),
    (200, b"\xff\xfe\x00", "can't be read"), (200, "[" * 100_000, "can't be read"), (200, "slow", "too long"),
    (200, "hang up", "broke off"),
    (200, "cut off", "broke off"), (200, "x" * (endpoint.MOST_BYTES + 1), "more than can be read")])
def test_what_goes_wrong_is_said_in_a_sentence(server, status, body, words):
    server.script = [(status, body)]
    with pytest.raises(NoAnswer, match=words):
        Endpoint(server.url, "small").reply(SAID, (), 100, 0.7)
    assert not [path for path, _ in server.asked if "elsewhere" in path]


def test_nobody_there(server):
    server.close()
    with pytest.raises(NoAnswer, match="is it running"):
        Endpoint(server.url, "small").reply(SAID, (), 100, 2)


@pytest.mark.parametrize(("url", "fine"), [
    ("http://127.0.0.1:1/v1", True), ("http://[::1]:1/v1", True), ("http://10.1.2.3/v1", True), ("http://192.168.0.9/v1", True),
    ("http://8.8.8.8/v1", False), ("http://169.254.169.254/v1", False), ("http://0.0.0.0/v1", False), ("http:///v1", False)])
def test_only_the_own_network_is_asked(url, fine):
    if fine:
        assert near(url) is None
    else:
        with pytest.raises(NoAnswer):
            near(url)


def test_another_network_only_where_a_setting_allows_it(server, monkeypatch):
    monkeypatch.setattr(endpoint.socket, "getaddrinfo", lambda host, port: [
        (0, 0, 0, "", ("8.8.8.8", 0)), (0, 0, 0, "", ("127.0.0.1", 0))])
    with pytest.raises(NoAnswer, match=r"talk\.endpoint_anywhere"):
        Endpoint(server.url, "small").reply(SAID, (), 100, 2)
    assert not server.asked


def test_endless_calls_end(server, session, voice):
    server.script = [(200, message("", "search", '{"k": 2}'))]
    found, _ = answer(voice, "7", "something", (), Endpoint(server.url, "small"), Limits(steps=3))
    assert found.note == LOOPED and len(server.asked) == 4 and "tools" not in server.asked[-1][1]


def test_a_conversation_with_calls(server, session, voice, asked):
    server.script = [(200, message("", "search", '{"lt_episodes": 5}')), (200, message("[[Kimi no Na wa.]], or [[Made Up]]"))]
    found, _ = answer(voice, "7", "something short", (), Endpoint(server.url, "small"), Limits())
    assert found.words == "[[Kimi no Na wa.]], or Made Up (not in this catalogue)" and found.by == "small"
    assert ("search", {"lt_episodes": 5}) in asked
