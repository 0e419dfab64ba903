"""Samples to vectors: the contract, and the embedders that need no download."""

from flaskr.embedders.base import Embedder, Unavailable
from flaskr.embedders.picture import PictureEmbedder
from flaskr.embedders.sound import SoundEmbedder
from flaskr.embedders.text import TextEmbedder

__all__ = ["BUILT_IN", "Embedder", "PictureEmbedder", "SoundEmbedder", "TextEmbedder", "Unavailable", "embedder_for"]
BUILT_IN: dict[str, type[Embedder]] = {
    embedder.takes: embedder for embedder in (SoundEmbedder, PictureEmbedder, TextEmbedder)}


def embedder_for(takes: str) -> Embedder:
    """Give the built-in embedder of what a module calls its samples. Raises KeyError if there is none."""
    return BUILT_IN[takes]()
