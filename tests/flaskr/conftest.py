"""A module whose embedder takes texts, on the table of another: what texts need of the store and of the search."""

from dataclasses import replace
from pathlib import Path

import pytest

from flaskr.embeddings.embed import embed

PASSAGES = {
    "garden": ["Roses need sun and a little water every morning.", "The stock market fell sharply on Monday."],
    "kitchen": ["Bake the bread at 220 degrees for forty minutes.", "Whisk eggs with sugar until pale."],
    "planets": ["Saturn's rings are made of ice and rock.", "Mars has the largest volcano known."],
}


def passages(path: Path) -> list[str]:
    return PASSAGES[Path(path).stem]


@pytest.fixture
def texts(music):
    """The music module, as if its items were texts."""
    return replace(music, embedder="text", samples=passages)


@pytest.fixture
def embed_texts(app, settings, texts, scan, write_song):
    """embed_texts(): embed three items of two passages each; the report."""
    for number, name in enumerate(PASSAGES):
        write_song(f"{name}.wav", hertz=300 + number, title=name)
    scan()
    compute = app.extensions["compute"]
    return lambda: embed(texts, settings.project, each=compute.each, run=compute.run)
