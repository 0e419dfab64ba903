"""The constants for small libraries: made of synthetic pictures, and in step with the features."""

import numpy as np
import pytest

from flaskr.embedders.picture import PictureEmbedder
from flaskr.embedders.picture_prior import COUNT, made_up


@pytest.mark.parametrize("seed", range(5))
def test_made_up_pictures_are_pictures(seed):
    picture = made_up(seed)
    assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
    assert picture.std() > 2 and np.array_equal(picture, made_up(seed))


def test_the_stored_constants_fit_the_features_of_today():
    stored, embedder = PictureEmbedder().constants, PictureEmbedder()
    assert stored.mean.shape == (embedder.raw_dim,) and stored.basis.shape == (embedder.raw_dim, embedder.dim)
    assert stored.fitted_on == COUNT
    raw = np.array([embedder.features([made_up(seed)]) for seed in range(16)])
    scores = (raw - stored.mean) / stored.spread
    # features that changed after the constants were stored would lie far outside
    assert np.abs(np.median(scores, axis=0)).max() < 1.5
    assert np.abs(scores.mean(0)).mean() < 0.4 and 0.5 < np.median(scores.std(0)) < 1.4
