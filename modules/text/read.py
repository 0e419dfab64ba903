"""Reads a text: what it says of itself, and the passages that the embedder sees."""

from pathlib import Path
from typing import Any

from flaskr.media import documents, passages


def describe(path: Path) -> dict[str, Any]:
    """Facts from a bounded part of the document; Unreadable when there is no making sense of it."""
    return documents.describe(path)


def samples(path: Path) -> list[str]:
    """At most 64 passages of 120 to 200 words, spread over the whole."""
    return [passage.text for passage in passages.passages(path)]
