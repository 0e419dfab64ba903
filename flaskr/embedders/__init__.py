"""Samples to vectors: the contract, and the embedders that need no download."""

from flaskr.embedders.base import Embedder
from flaskr.embedders.picture import PictureEmbedder
from flaskr.embedders.sound import SoundEmbedder
from flaskr.embedders.text import TextEmbedder
from flaskr.embedders.video import VideoEmbedder

__all__ = ["BUILT_IN", "Embedder", "PictureEmbedder", "SoundEmbedder", "TextEmbedder", "VideoEmbedder", "embedder_for"]
BUILT_IN: dict[str, type[Embedder]] = {
    embedder.takes: embedder for embedder in (SoundEmbedder, PictureEmbedder, TextEmbedder, VideoEmbedder)}


def embedder_for(takes: str) -> Embedder:
    """Give the built-in embedder of what a module calls its samples. Raises KeyError if there is none."""
    return BUILT_IN[takes]()
