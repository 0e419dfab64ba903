"""The picture embedder: the contract, and what is special to pictures."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flaskr.embedders import embedder_for
from flaskr.embedders.picture import PictureEmbedder
from tests.contract.embedder_contract import EmbedderContract


def stripes(seed: int, height: int = 120, width: int = 160) -> np.ndarray:
    """Stripes that lean a little more with each seed, in two blues."""
    y, x = np.mgrid[0:height, 0:width]
    wave = np.sin((x + 0.1 * seed * y) / 3)[..., None] > 0
    return np.where(wave, [40, 60, 180], [90, 120, 220]).astype(np.uint8)


def cloud(seed: int, height: int = 120, width: int = 160) -> np.ndarray:
    """A soft bright spot on warm ground."""
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot(x - 40 - 10 * seed, y - 60)[..., None] / 50
    return (np.exp(-away**2) * [120, 90, 40] + [110, 70, 30]).astype(np.uint8)


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


ODD = {
    "one pixel": np.full((1, 1, 3), 77, np.uint8),
    "two pixels": noise(1, 2),
    "one row": noise(1, 256),
    "one column": noise(256, 1),
    "a banner": noise(3, 256),
    "black": np.zeros((100, 100, 3), np.uint8),
    "white": np.full((100, 100, 3), 255, np.uint8),
    "grey": np.repeat(noise(90, 120)[..., :1], 3, 2),
    "noise": noise(256, 256),
    "one bright pixel": np.pad(np.full((1, 1, 3), 255, np.uint8), ((99, 100), (50, 49), (0, 0))),
    "larger than asked for": noise(700, 1100),
    "a view that is not contiguous": noise(200, 200)[::-2, ::2, ::-1],
}


@pytest.fixture(scope="module")
def embedder() -> PictureEmbedder:
    return PictureEmbedder()


@pytest.fixture(scope="module")
def styles() -> list[list[list[np.ndarray]]]:
    """Blue stripes, and warm clouds."""
    return [[[stripes(i)] for i in range(6)], [[cloud(i)] for i in range(6)]]


def vector(embedder: PictureEmbedder, *pictures: np.ndarray) -> np.ndarray:
    return embedder.fit_projection(np.zeros((0, embedder.raw_dim))).apply(embedder.features(list(pictures))[None])[0]


class TestPicture(EmbedderContract):
    @pytest.mark.parametrize("name", ODD)
    def test_odd_pictures_are_finite(self, embedder, name):
        raw = embedder.features([ODD[name]])
        assert raw.shape == (embedder.raw_dim,) and np.isfinite(raw.astype(np.float16)).all()
        assert np.abs(raw).max() < 100

    def test_only_empty_pictures_are_refused(self, embedder):
        with pytest.raises(ValueError):
            embedder.features([np.zeros((0, 5, 3), np.uint8)])

    def test_frames_are_averaged_and_empty_ones_left_out(self, embedder):
        both = embedder.features([stripes(0), np.zeros((0, 5, 3), np.uint8), cloud(0)])
        alone = (embedder.features([stripes(0)]) + embedder.features([cloud(0)])) / 2
        assert np.allclose(both, alone, atol=1e-5)

    def test_size_changes_little(self, embedder):
        large = np.repeat(np.repeat(cloud(2), 2, 0), 2, 1)[:, :256]
        assert vector(embedder, large) @ vector(embedder, cloud(2)[:, :128]) > 0.7

    def test_brightness_changes_less_than_another_picture(self, embedder):
        kept = vector(embedder, stripes(3))
        darker = vector(embedder, (stripes(3) * 0.85).astype(np.uint8))
        assert kept @ darker > 0.7 > kept @ vector(embedder, cloud(3))

    def test_another_process_with_other_threads_says_the_same(self, embedder):
        code = ("import sys, numpy as np, torch; torch.set_num_threads(1)\n"
                "from flaskr.embedders.picture import PictureEmbedder\n"
                "x = np.random.default_rng(0).integers(0, 256, (90, 130, 3), dtype=np.uint8)\n"
                "sys.stdout.buffer.write(PictureEmbedder().features([x]).tobytes())")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=Path.cwd(),
                              env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
        assert np.allclose(np.frombuffer(done.stdout, np.float32), embedder.features([noise(90, 130)]),
                           rtol=1e-3, atol=2e-3)


def test_the_registry_knows_pictures():
    assert isinstance(embedder_for("picture"), PictureEmbedder)


def test_real_photos_beat_the_histogram():
    folder = os.environ.get("ANAGNORISIS_TEST_DATA")
    if not folder:
        pytest.skip("ANAGNORISIS_TEST_DATA is not set")
    from benchmarks.picture import quality

    rows = {row["what"].split(" (")[0]: row["value"] for row in quality(Path(folder) / "photos", shuffles=2)}
    assert rows["logistic: ours above the histogram"] >= 0.05  # the standard error of 240 photos is three points
    assert rows["5NN: ours above the histogram"] >= 0.05
