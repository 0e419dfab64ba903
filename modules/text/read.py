"""Reads a text: what it says of itself, the passages that the embedder sees, and a page for the reader."""

from pathlib import Path
from typing import Any

from flaskr.media import documents, passages


def describe(path: Path) -> dict[str, Any]:
    """Facts from a bounded part of the document; Unreadable when there is no making sense of it."""
    return documents.describe(path)


def samples(path: Path) -> list[str]:
    """At most 64 passages of 120 to 200 words, spread over the whole."""
    return [passage.text for passage in passages.passages(path)]


def page(path: Path, number: int) -> documents.Shown:
    """A page for the reader, its HTML safe."""
    return documents.page(path, number)
