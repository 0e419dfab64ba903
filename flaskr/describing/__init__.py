"""Item -> words: what it is, as a sentence that a text embedder can read."""

from flaskr.describing.facts import columns, description

__all__ = ["columns", "description"]
