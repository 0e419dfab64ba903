"""Vectors through another projection than the library's own: only where its file and the raw features are there."""

import numpy as np

from flaskr.embedders import embedder_for
from flaskr.embedders.projection import fit
from flaskr.embeddings.seen import matrix_in
from flaskr.embeddings.store import features, matrix, projection_path


def test_another_projection_is_looked_through(rated_songs, music, settings):
    rated_songs(lambda at: None)
    held, embedder = matrix(music), embedder_for(music.embedder)
    assert matrix_in(music, settings.project, held.space) is held
    ids, raw = features(music, embedder.space)
    other = fit(raw[:20], dim=embedder.dim, weights=np.ones(embedder.raw_dim, np.float32))
    space = f"{embedder.space}/{other.id}"
    assert matrix_in(music, settings.project, space) is held  # its file is not there
    other.save(projection_path(settings.project, music, other.id))
    found = matrix_in(music, settings.project, space)
    assert found.space == space and np.array_equal(found.ids, ids)
    assert np.allclose(found.vectors.astype(np.float32), other.apply(raw), atol=1e-3)
    assert matrix_in(music, settings.project, space) is found


def test_names_that_are_none_are_not_looked_for(rated_songs, music, settings):
    rated_songs(lambda at: None)
    held = matrix(music)
    for space in ("../../etc/passwd", f"{held.space.split('/')[0]}/../../x", "siglip-2/abcabcabcabc", ""):
        assert matrix_in(music, settings.project, space) is held
