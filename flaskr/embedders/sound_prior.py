"""What sounds are like in general, learned from made-up ones: the constants until a library has enough of its own."""

import numpy as np

RATE = 22050
COUNT = 400


def made_up(seed: int) -> np.ndarray:
    """Make one sound, float32 [samples]: one to four layers of notes, chords, noises and strokes, in a room."""
    rng = np.random.default_rng(seed)
    size = int(RATE * rng.choice([1.5, 3, 6]))
    sound = np.zeros(size)
    for _ in range(rng.integers(1, 5)):
        layer = rng.choice([_notes, _notes, _strokes, _noise])(rng, size)
        sound += rng.uniform(0.1, 1) * layer / (np.abs(layer).max() + 1e-9)
    if rng.random() < 0.5:
        sound = _room(rng, sound)
    sound *= 10 ** rng.uniform(-1.5, 0) / (np.abs(sound).max() + 1e-9)
    return (sound + 10 ** rng.uniform(-5, -3) * rng.normal(size=size)).astype(np.float32)


def _notes(rng: np.random.Generator, size: int) -> np.ndarray:
    """Notes of one instrument: partials that fall off, an attack, a decay, some vibrato."""
    sound, root = np.zeros(size), 55 * 2 ** rng.uniform(0, 4)
    slope, odd, bend = rng.uniform(0.5, 3), rng.random() < 0.3, rng.choice([0, 0, 1e-4, 1e-3])
    attack, decay = 10 ** rng.uniform(-3, -0.7), 10 ** rng.uniform(-1.3, 0.7)
    every = rng.choice([size, RATE, RATE // 2, RATE // 4])
    for start in range(0, size, every):
        time = np.arange(min(size - start, int(RATE * (attack + 8 * decay))), dtype=np.float32) / RATE
        pitch = root * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 12]) / 12)
        vibrato = rng.choice([0, 0, 0.3]) * np.sin(2 * np.pi * rng.uniform(4, 7) * time)
        phase = (2 * np.pi * pitch * time + vibrato).astype(np.float32)
        envelope = (np.minimum(time / attack, 1) * np.exp(-time / decay)).astype(np.float32)
        for partial in range(1, 20, 2 if odd else 1):
            stretched = partial * np.sqrt(1 + bend * partial**2)
            if stretched * pitch < RATE / 2:
                wave = np.sin(np.float32(stretched) * phase + np.float32(rng.uniform(0, 6.3)))
                sound[start:start + len(time)] += np.float32(partial**-slope) * envelope * wave
    return sound


def _strokes(rng: np.random.Generator, size: int) -> np.ndarray:
    """A drum or a bell of noise, struck in time or not."""
    sound, every = np.zeros(size), int(RATE * rng.choice([0.125, 0.25, 0.5, 1, 20]))
    colour, decay = _colour(rng), 10 ** rng.uniform(-2, -0.3)
    for start in range(0, size, every):
        start = int(start + rng.choice([0, 0.03]) * RATE * rng.random())
        length = min(size - start, int(RATE * decay * 6))
        if length > 16:
            stroke = _filtered(rng.normal(size=length), colour) * np.exp(-np.arange(length) / RATE / decay)
            sound[start:start + length] += rng.uniform(0.3, 1) * stroke
    return sound


def _noise(rng: np.random.Generator, size: int) -> np.ndarray:
    """Steady or swelling noise."""
    swell = 1 + rng.choice([0, 1]) * np.sin(2 * np.pi * 10 ** rng.uniform(-1, 1) * np.arange(size) / RATE)
    return _filtered(rng.normal(size=size), _colour(rng)) * swell


def _colour(rng: np.random.Generator) -> tuple[float, float]:
    """A middle (Hz) and a width (octaves)."""
    return 60 * 2 ** rng.uniform(0, 7), rng.uniform(0.3, 3)


def _filtered(sound: np.ndarray, colour: tuple[float, float]) -> np.ndarray:
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    bell = np.exp(-0.5 * (np.log2(np.maximum(hertz, 1) / colour[0]) / colour[1]) ** 2)
    return np.fft.irfft(np.fft.rfft(sound) * bell, len(sound))


def _room(rng: np.random.Generator, sound: np.ndarray) -> np.ndarray:
    """An exponential tail of noise."""
    tail = rng.normal(size=RATE) * np.exp(-np.arange(RATE) / RATE / rng.uniform(0.05, 0.4))
    size = len(sound) + len(tail)
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]
    return sound / (np.abs(sound).max() + 1e-9) + rng.uniform(0.1, 1) * wet / (np.abs(wet).max() + 1e-9)
