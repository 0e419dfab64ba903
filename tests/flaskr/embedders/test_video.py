"""The video embedder: the contract with sound and without, and what is special to videos."""

import numpy as np
import pytest

from flaskr.embedders import embedder_for
from flaskr.embedders.projection import UNKNOWN
from flaskr.embedders.video import PICTURE, VideoEmbedder
from tests.contract.embedder_contract import EmbedderContract
from tests.flaskr.embedders.test_picture import cloud, stripes
from tests.flaskr.embedders.test_sound import bursts, tone


@pytest.fixture(scope="module")
def embedder() -> VideoEmbedder:
    return VideoEmbedder()


class TestVideo(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def styles(cls):
        """Striped tones, and warm clouds of noise."""
        return [[[stripes(i), stripes(i + 1), tone(110 * 2 ** (i / 3), 1.0)] for i in range(5)],
                [[cloud(i), cloud(i + 2), bursts(i, 1.0)] for i in range(5)]]


class TestSilentVideo(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def styles(cls):
        return [[[stripes(i), stripes(i + 1)] for i in range(5)], [[cloud(i), cloud(i + 2)] for i in range(5)]]


def vectors(embedder, *videos):
    return embedder.fit_projection(np.zeros((0, embedder.raw_dim))).apply(np.array([embedder.features(v) for v in videos]))


def test_a_video_needs_a_frame(embedder):
    for samples in ([tone(220)], [np.zeros((0, 4, 3), np.uint8)], [np.zeros(0, np.float32)]):
        with pytest.raises(ValueError):
            embedder.features(samples)


def test_the_order_of_sound_and_frames_says_nothing(embedder):
    frames, sound = [stripes(1), cloud(1)], tone(220)
    assert np.allclose(embedder.features([*frames, sound]), embedder.features([sound, *reversed(frames)]), atol=1e-4)


def test_change_is_heard_of_apart_from_the_look(embedder):
    still, moving = embedder.features([cloud(1)] * 3), embedder.features([cloud(0), cloud(1), cloud(2)])
    change = slice(PICTURE.raw_dim, 2 * PICTURE.raw_dim)
    assert np.allclose(still[change], 0, atol=1e-5) and moving[change].max() > 0.01


def test_sound_counts_where_there_is_sound(embedder):
    toned, noisy, again = vectors(embedder, [stripes(1), tone(220)], [stripes(1), bursts(3)], [stripes(1), tone(247)])
    assert toned @ again > toned @ noisy + 0.05


@pytest.mark.parametrize("silent", [0.1, 0.5, 0.9, 1.0])
def test_no_sound_says_nothing_in_a_fitted_library(embedder, silent):
    rng = np.random.default_rng(0)
    made = [embedder.features([stripes(i % 7), cloud(i % 5)] + [tone(110 * 2 ** (i / 9), 0.5)]) for i in range(20)]
    library = np.array([made[i % 20] + 0.02 * np.abs(made[i % 20]) * rng.normal(size=embedder.raw_dim)
                        for i in range(100)], np.float32)
    library[:int(silent * 100), 2 * PICTURE.raw_dim:] = UNKNOWN
    projection = embedder.fit_projection(library)
    row = library[-1].copy()
    row[2 * PICTURE.raw_dim:] = UNKNOWN
    as_the_mean = row.copy()
    as_the_mean[2 * PICTURE.raw_dim:] = projection.mean[2 * PICTURE.raw_dim:]
    assert np.allclose(projection.apply(row[None]), projection.apply(as_the_mean[None]), atol=1e-5)
    assert np.abs(projection.mean).max() < UNKNOWN / 2  # the mark of the unknown went into no statistic


def test_silent_videos_keep_the_spread_of_the_sounds(embedder):
    made = np.array([embedder.features([stripes(i), tone(110 * 2 ** (i / 9), 0.5)]) for i in range(6)], np.float32)
    sounding = np.resize(made, (60, embedder.raw_dim)) * np.linspace(0.97, 1.03, 60, dtype=np.float32)[:, None]
    mixed = np.concatenate([sounding, sounding])
    mixed[60:, 2 * PICTURE.raw_dim:] = UNKNOWN
    alone, beside = (embedder.fit_projection(raw).spread[2 * PICTURE.raw_dim:] for raw in (sounding, mixed))
    assert np.allclose(alone, beside, rtol=0.05, atol=1e-4)


def test_the_registry_knows_videos():
    assert isinstance(embedder_for("video"), VideoEmbedder)
