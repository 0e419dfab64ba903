"""What a piece of the demo library is written on: key, tempo and chords, and a stereo tape to play them onto."""

import math
from dataclasses import dataclass

import numpy as np

from flaskr.demo.sound.instruments import RATE, band, fft_size

MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10), "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10), "lydian": (0, 2, 4, 6, 7, 9, 11), "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
RING = 1.5        # seconds for the last notes to die away
LOUDNESS = -14.0  # LUFS that every piece is brought to
CEILING = 0.8     # highest sample before encoding; lossy codecs overshoot by up to 1.5 dB


@dataclass(frozen=True)
class Score:
    """Key, tempo and harmony of one piece. Scale degrees count from 0, the tonic; 7 is the tonic an octave up."""

    root: int
    scale: tuple[int, ...]
    beat: float
    beats: int
    bars: int
    chords: tuple[int, ...]
    seconds: float

    @property
    def bar(self) -> float:
        """Seconds in a bar."""
        return self.beat * self.beats

    @property
    def end(self) -> float:
        """Seconds until the last bar is over and the ring begins."""
        return self.bar * self.bars

    def hz(self, degree: int, octave: int = 0) -> float:
        """Frequency of a scale degree."""
        midi = self.root + self.scale[degree % 7] + 12 * (degree // 7 + octave)
        return 440.0 * 2 ** ((midi - 69) / 12)

    def chord(self, bar: int) -> int:
        """Degree on which the chord of a bar stands; the last bar comes home."""
        return 0 if bar == self.bars - 1 else self.chords[bar % len(self.chords)]


def compose(rng: np.random.Generator, *, bpm: tuple[float, float], modes: str, chords: str, root: tuple[int, int],
            beats: int = 4, seconds: float | None = None) -> Score:
    """A score drawn from a style's ranges: `modes` by name, `chords` as words of digits ("0534 0345"), `root` in MIDI.

    `seconds` overrides the length, else the piece lasts whole bars and a ring, 12 to 18 seconds.
    A chord that the mode makes diminished (on the seventh degree of major) gives way to the tonic.
    """
    beat = 60 / rng.uniform(*bpm)
    scale = MODES[rng.choice(modes.split())]
    drawn = [int(digit) for digit in rng.choice(chords.split())]
    progression = tuple(0 if (scale[(chord + 4) % 7] - scale[chord]) % 12 == 6 else chord for chord in drawn)
    key = int(rng.integers(root[0], root[1] + 1))
    wanted = rng.uniform(10.5, 13.0)
    if seconds is not None:
        return Score(key, scale, beat, beats, math.ceil(seconds / (beat * beats)), progression, seconds)
    bars = math.ceil(wanted / (beat * beats))
    return Score(key, scale, beat, beats, bars, progression, bars * beat * beats + RING)


class Tape:
    """A stereo recording of fixed length: `sound`, float32 [n, 2], onto which notes are laid."""

    def __init__(self, seconds: float) -> None:
        self.sound = np.zeros((round(seconds * RATE), 2), np.float32)

    def play(self, sound: np.ndarray, at: float, gain: float = 1.0, pan: float = 0.0) -> None:
        """Lay mono `sound` down at `at` seconds; `pan` from -1 (left) to 1 (right). What is past the end is cut."""
        first = max(0, round(at * RATE))
        part = sound[:max(0, len(self.sound) - first)]
        angle = (1 + pan) * np.pi / 4
        self.sound[first:first + len(part), 0] += gain * math.cos(angle) * part
        self.sound[first:first + len(part), 1] += gain * math.sin(angle) * part

    def duck(self, beat: float, depth: float) -> None:
        """Make way for a kick on each beat, as a compressor keyed by it does."""
        t = np.arange(len(self.sound), dtype=np.float32) / RATE % beat
        self.sound *= (1 - depth * np.exp(-t / 0.1))[:, None]

    def echo(self, rng: np.random.Generator, seconds: float, wet: float, dark: float = 5000) -> None:
        """Put the recording into a room: convolution with fading noise, different left and right."""
        n = round(seconds * RATE)
        size = fft_size(len(self.sound) + n)
        sent = np.fft.rfft(self.sound.mean(axis=1), size)
        fade = np.exp(-6.9 * np.arange(n, dtype=np.float32) / n)
        fade[:int(0.012 * RATE)] = 0  # the direct sound is heard before the walls
        for side in range(2):
            room = band(rng.standard_normal(n).astype(np.float32), 180, dark) * fade
            room *= wet / np.sqrt((room ** 2).sum())
            self.sound[:, side] += np.fft.irfft(sent * np.fft.rfft(room, size), size)[:len(self.sound)]


def loudness(sound: np.ndarray) -> float:
    """Approximate LUFS of `sound` [n, 2]: power under the K-weighting of ITU-R BS.1770, ungated."""
    size = 2048
    hz = np.fft.rfftfreq(size, 1 / RATE) + 1e-3
    weight = (1 + 1.5 / (1 + (1500 / hz) ** 4)) / (1 + (38 / hz) ** 4)
    window = np.hanning(size).astype(np.float32)
    frames = sound[:len(sound) // size * size].reshape(-1, size, 2).transpose(0, 2, 1) * window
    power = (np.abs(np.fft.rfft(frames)) ** 2).mean(axis=0).sum(axis=0) @ weight * 2 / size / (window ** 2).sum()
    return -0.691 + 10 * math.log10(power + 1e-12)


def master(sound: np.ndarray, fade_in: float) -> np.ndarray:
    """`sound` [n, 2] faded in and out, at `LOUDNESS`, no sample above `CEILING`."""
    n = len(sound)
    sound = sound - sound.mean(axis=0)
    for seconds, part in ((fade_in, slice(None)), (RING, slice(None, None, -1))):
        length = min(n // 4, int(seconds * RATE))
        sound[part][:length] *= np.linspace(0, 1, length, dtype=np.float32)[:, None] ** 1.5
    sound *= 10 ** ((LOUDNESS - loudness(sound)) / 20)
    return limited(sound)


def limited(sound: np.ndarray) -> np.ndarray:
    """`sound` [n, 2] under `CEILING`: blocks of 10 ms are turned down as their peak asks, with ramps in between.

    The gain at an edge is the lesser of its two blocks', so nowhere between two edges is a block louder than it may.
    """
    block = RATE // 100
    edges = -(-len(sound) // block)
    peak = np.abs(np.pad(sound, ((0, edges * block - len(sound)), (0, 0)))).reshape(edges, -1).max(axis=1)
    gain = np.pad(np.minimum(1, CEILING / np.maximum(peak, CEILING)), 1, mode="edge")
    ramp = np.interp(np.arange(len(sound)), np.arange(edges + 1) * block, np.minimum(gain[:-1], gain[1:]))
    return np.clip(sound * ramp[:, None], -CEILING, CEILING).astype(np.float32)
