"""What the descriptors of a picture say: colours, directions, textures, layout."""

import numpy as np
import pytest

from flaskr.embedders.picture_features import BINS, BLOCKS, SQUARE, describe


def even(*colour: int) -> np.ndarray:
    return np.full((64, 64, 3), colour, np.uint8)


def waves(turn: float) -> np.ndarray:
    """Grey waves whose light changes in the direction `turn` (radians from right to down)."""
    y, x = np.mgrid[0:SQUARE, 0:SQUARE]
    grey = 128 + 90 * np.sin((x * np.cos(turn) + y * np.sin(turn)) / 3)
    return np.repeat(grey[..., None], 3, 2).astype(np.uint8)


@pytest.mark.parametrize("picture", [even(1, 2, 3), waves(0.3), waves(1)[:1, :1]])
def test_every_block_has_its_declared_length(picture):
    blocks = describe(picture)
    assert {name: len(values) for name, values in blocks.items()} == {name: size for name, (size, _) in BLOCKS.items()}
    assert all(values.dtype == np.float32 for values in blocks.values())


@pytest.mark.parametrize(("colour", "lab"), [((255, 255, 255), (100, 0, 0)), ((255, 0, 0), (53.24, 80.09, 67.20)),
                                             ((0, 0, 255), (32.30, 79.19, -107.86)), ((0, 0, 0), (0, 0, 0))])
def test_colours_are_those_of_the_cie(colour, lab):
    grid = describe(even(*colour))["grid"][:48].reshape(3, 16)
    assert np.allclose(grid, np.array(lab)[:, None] / 100, atol=2e-3)


@pytest.mark.parametrize("bin_", [0, 2, 5, 8])
def test_the_direction_of_edges_is_found(bin_):
    directions = describe(waves(np.pi * bin_ / BINS))["directions"][:BINS * 16].reshape(BINS, 16)
    assert directions.mean(1).argmax() == bin_


def test_gist_tells_fine_from_coarse_and_where_they_are():
    y, x = np.mgrid[0:SQUARE, 0:SQUARE]
    fine, coarse = 128 + 90 * np.sin(2 * np.pi * 0.16 * x), 128 + 90 * np.sin(2 * np.pi * 0.0253 * x)
    both = np.repeat(np.where(x < SQUARE // 2, fine, coarse)[..., None], 3, 2).astype(np.uint8)
    gist = describe(both)["gist"].reshape(4, 8, 4, 4).max(1)  # scale, row, column
    assert (gist[0, :, 0] > gist[0, :, 3] + 0.5).all() and (gist[3, :, 3] > gist[3, :, 0] + 0.5).all()


def test_patterns_do_not_mind_the_light():
    rng = np.random.default_rng(0)
    grain = rng.integers(0, 25, (100, 100, 1)).repeat(3, 2) * 4
    dark, light = (describe((grain + add).astype(np.uint8))["patterns"] for add in (10, 110))
    assert np.allclose(dark, light, atol=1e-2)
    assert np.abs(dark - describe(even(80, 80, 80))["patterns"]).max() > 0.3
