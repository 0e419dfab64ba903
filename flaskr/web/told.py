"""What became of a command: a sentence on the next page with a way back, or JSON for programs."""

from typing import Any

from flask import Response, flash, jsonify

from flaskr.web.back import back
from flaskr.web.errors import wants_json

MOST = 3  # reasons that a sentence names; a program gets all


def told(words: str, default: str, *, undo: str = "", left: list[tuple[str, str]] = (), **facts: Any) -> Response:
    """`left`: (name, reason) of what was not done; `undo`: the address to POST to that takes it back."""
    if wants_json():
        return jsonify(words=words, undo=undo or None, left=[{"name": name, "reason": why} for name, why in left], **facts)
    flash({"words": words + reasons(left), "undo": undo, "trouble": bool(left)})
    return back(default)


def reasons(left: list[tuple[str, str]]) -> str:
    """What stays and why, as the end of a sentence; the session that carries it is small."""
    if not left:
        return ""
    named = " ".join(f"{name[:80]}: {why[:200]}" for name, why in left[:MOST])
    return f" {len(left):,} left where {'it is' if len(left) == 1 else 'they are'}. {named}" + (
        f" And {len(left) - MOST:,} more." if len(left) > MOST else "")
