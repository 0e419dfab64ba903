"""The sound embedder: the contract, and what is special to sound."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flaskr.embedders import embedder_for
from flaskr.embedders.sound import SoundEmbedder
from flaskr.embedders.sound_features import BLOCKS, describe
from tests.contract.embedder_contract import EmbedderContract

RATE = 22050


def tone(hertz: float, seconds: float = 1.5) -> np.ndarray:
    time = np.arange(int(RATE * seconds)) / RATE
    return sum(0.3 / k * np.sin(2 * np.pi * k * hertz * time) for k in range(1, 6)).astype(np.float32)


def bursts(seed: int, seconds: float = 1.5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(int(RATE * seconds)) / RATE
    return (0.3 * rng.normal(size=len(time)) * np.exp(-20 * (time % (0.2 + 0.02 * seed)))).astype(np.float32)


ODD = {
    "silence": [np.zeros(RATE, np.float32)],
    "one sample": [np.ones(1, np.float32)],
    "shorter than a frame": [tone(440, 0.05)],
    "two frames": [tone(440, 0.06)],
    "three frames": [np.ones(1024, np.float32)],
    "clipping": [np.sign(tone(300))],
    "constant": [np.ones(RATE, np.float32)],
    "one click": [np.eye(1, RATE, 9000, dtype=np.float32)[0]],
    "hardly there": [1e-7 * tone(440)],
    "silence beside sound": [np.zeros(RATE, np.float32), tone(440)],
    "an empty window beside sound": [np.zeros(0, np.float32), tone(440)],
    "far too loud": [1e3 * tone(440)],
}


@pytest.fixture(scope="module")
def embedder() -> SoundEmbedder:
    return SoundEmbedder()


@pytest.fixture(scope="module")
def styles() -> list[list[list[np.ndarray]]]:
    """Tones, and bursts of noise."""
    return [[[tone(110 * 2 ** (i / 3))] for i in range(6)], [[bursts(i)] for i in range(6)]]


class TestSound(EmbedderContract):
    @pytest.mark.parametrize("name", ODD)
    def test_odd_sounds_are_finite(self, embedder, name):
        raw = embedder.features(ODD[name])
        assert np.isfinite(raw.astype(np.float16)).all() and np.abs(raw).max() < 1e4

    def test_only_empty_windows_are_refused(self, embedder):
        with pytest.raises(ValueError):
            embedder.features([np.zeros(0, np.float32)])

    def test_volume_changes_little(self, embedder, styles):
        project = embedder.fit_projection(np.zeros((0, embedder.raw_dim))).apply
        for item in (styles[0][0], styles[1][0]):
            loud, soft = (project(embedder.features([gain * item[0]])[None])[0] for gain in (1.0, 0.2))
            assert loud @ soft > 0.9

    def test_another_process_with_other_threads_says_the_same(self, embedder):
        code = ("import sys, numpy as np, torch; torch.set_num_threads(1)\n"
                "from flaskr.embedders.sound import SoundEmbedder\n"
                "x = np.sin(np.arange(40000, dtype=np.float32) ** 1.3 / 90).astype('f4')\n"
                "sys.stdout.buffer.write(SoundEmbedder().features([x]).tobytes())")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=Path.cwd(),
                              env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
        x = np.sin(np.arange(40000, dtype=np.float32) ** 1.3 / 90).astype("f4")
        assert np.allclose(np.frombuffer(done.stdout, np.float32), embedder.features([x]), rtol=1e-3, atol=2e-3)


def test_the_registry_knows_sound_and_nothing_else():
    assert isinstance(embedder_for("sound"), SoundEmbedder)
    with pytest.raises(KeyError):
        embedder_for("smell")


def test_every_block_has_its_declared_length():
    blocks = describe([tone(220), bursts(1)])
    assert {name: len(values) for name, values in blocks.items()} == {name: size for name, (size, _) in BLOCKS.items()}


def test_a_higher_tone_is_heard_as_higher():
    low, high = (describe([tone(hertz)])["pitch"][1] for hertz in (220.0, 440.0))
    assert high - low == pytest.approx(1, abs=0.1)  # octaves


def test_the_beat_of_strokes_is_found():
    time = np.arange(RATE * 8) / RATE
    noise = 0.3 * np.random.default_rng(0).normal(size=len(time))
    struck = [(noise * np.exp(-30 * (time % beat))).astype(np.float32) for beat in (0.5, 0.35)]
    rhythms = [describe([sound])["rhythm"][:24] for sound in struck]
    edges = np.geomspace(0.1, 2.2, 25)
    centres = np.sqrt(edges[:-1] * edges[1:])
    for beat, rhythm in zip((0.5, 0.35), rhythms, strict=True):
        multiple = centres[int(rhythm.argmax())] / beat
        assert abs(multiple - round(multiple)) < 0.12 and round(multiple) >= 1


def test_real_instruments_beat_the_mfcc_baseline():
    folder = os.environ.get("ANAGNORISIS_TEST_DATA")
    if not folder:
        pytest.skip("ANAGNORISIS_TEST_DATA is not set")
    from benchmarks.sound import quality

    rows = {row["what"]: row for row in quality(Path(folder) / "sounds", shuffles=2)}
    assert rows["5NN: ours above MFCC"]["value"] >= 0.10
    assert rows["logistic: ours above MFCC"]["value"] >= 0.08  # the standard error of 120 clips is four points
