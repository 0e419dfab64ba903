"""The noise is what it claims to be, belongs to item and seed, and the Thompson draw uses as much of it as asked."""

import numpy as np
import pytest

from flaskr.ranking import noise, thompson
from flaskr.ranking.explore import gumbel, normal

IDS = np.arange(200_000)


def test_normal_noise_is_normal():
    z = normal(noise(IDS, 3))
    assert z.mean() == pytest.approx(0, abs=0.01) and z.std() == pytest.approx(1, abs=0.01)
    assert (z**4).mean() == pytest.approx(3, abs=0.1)
    assert (z > 1.6449).mean() == pytest.approx(0.05, abs=0.002)


def test_gumbel_noise_is_gumbel_up_to_its_tail():
    g = gumbel(noise(IDS, 3))
    assert np.isfinite(g).all()
    assert g.mean() == pytest.approx(0.5772, abs=0.01) and g.std() == pytest.approx(1.2825, abs=0.01)
    for height in (2.0, 4.0, 6.0):
        expected = (1 - np.exp(-np.exp(-height))) * len(IDS)
        assert (g > height).sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_extreme_bits_stay_finite():
    bits = np.array([0, 2**64 - 1], np.uint64)
    assert np.isfinite(gumbel(bits)).all() and np.isfinite(normal(bits)).all()


def test_streams_and_seeds_are_independent():
    bits, other = noise(IDS, 1), noise(IDS, 2)
    for one, two in ((normal(bits), gumbel(bits)), (normal(bits), normal(other)), (gumbel(bits), gumbel(other)),
                     (gumbel(bits)[1:], gumbel(bits)[:-1])):
        assert abs(np.corrcoef(one, two)[0, 1]) < 0.01


def test_noise_belongs_to_the_item_not_to_its_row():
    few = np.array([900, 5, 70])
    np.testing.assert_array_equal(noise(few, 7), noise(IDS, 7)[few])


def test_noise_is_splitmix64_so_seeds_in_urls_outlive_numpy():
    def mixed(z: int) -> int:
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31

    golden = 0x9E3779B97F4A7C15
    assert mixed(golden) == 0xE220A8397B1DCDAF, "the published first output for seed 0"
    expected = [mixed((mixed(12 + golden) + item * golden) % 2**64) for item in (0, 1, 2**40)]
    assert noise(np.array([0, 1, 2**40]), 12).tolist() == expected


@pytest.mark.parametrize("seed", [0, -1, 2**80])
def test_any_whole_number_is_a_seed(seed):
    assert len(noise(IDS[:5], seed)) == 5


def test_explore_is_the_share_of_the_variance():
    mean, spread, bits = np.full(len(IDS), 5, np.float32), np.full(len(IDS), 1, np.float32), noise(IDS, 1)
    assert (thompson(mean, spread, bits, explore=0) == 5).all()
    assert thompson(mean, spread, bits, explore=0.25).std() == pytest.approx(0.5, abs=0.01)
    assert thompson(mean, spread, bits, explore=1).std() == pytest.approx(1, abs=0.01)


def test_draws_stay_on_the_scale():
    draw = thompson(np.full(len(IDS), 9.5, np.float32), np.full(len(IDS), 4, np.float32), noise(IDS, 1), explore=1)
    assert draw.min() >= 0 and draw.max() == 10


def test_explore_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="explore"):
        thompson(np.zeros(1), np.zeros(1), noise(IDS[:1], 1), explore=1.5)
