"""The instruments of the demo library: one primitive, a sum of damped sinusoids, and what is played on it.

Every function returns mono sound, float32 [n] at `RATE`, with a peak of about 1.
"""

import math

import numpy as np

RATE = 32000  # a third quicker to make and encode than 44100, and 128 kbit/s drop what lies above 16 kHz anyway
VOWELS = {  # centre of the first formants in Hz, with their gains
    "ah": ((700, 1.0), (1150, 0.6), (2600, 0.25)),
    "oh": ((450, 1.0), (800, 0.5), (2830, 0.12)),
    "oo": ((320, 1.0), (700, 0.25), (2300, 0.06)),
}


def partials(hz: np.ndarray, amp: np.ndarray, decay: np.ndarray | float, seconds: float,
             rng: np.random.Generator | None = None) -> np.ndarray:
    """Sum over k of amp[k] * exp(-decay[k] t) * sin(2 pi hz[k] t + phase[k]); phases are drawn from `rng`, or 0.

    With z = exp((-decay + 2 pi i hz) / RATE) the sample n = a * block + b is z^(a * block) * z^b, so all samples of
    all partials are one matrix product [a, 2k] @ [2k, b]: about 50 times faster than one sine after the other.
    """
    n = max(1, int(seconds * RATE))
    block = math.isqrt(n) + 1
    audible = hz < 0.45 * RATE
    hz, amp, decay = hz[audible], amp[audible], np.broadcast_to(decay, audible.shape)[audible]
    start = amp * np.exp(1j * (rng.uniform(0, 2 * np.pi, len(hz)) if rng else np.zeros(len(hz))))
    step = (-decay + 2j * np.pi * hz) / RATE
    rows = np.exp(np.arange(-(-n // block))[:, None] * block * step) * start
    columns = np.exp(step[:, None] * np.arange(block))
    left = np.hstack([rows.real, rows.imag]).astype(np.float32)
    right = np.vstack([columns.imag, columns.real]).astype(np.float32)
    return (left @ right).ravel()[:n]


def shaped(sound: np.ndarray, attack: float, release: float) -> np.ndarray:
    """`sound` with a raised-cosine attack and release, both in seconds, and a peak of 1."""
    sound = sound / max(1e-9, float(np.abs(sound).max()))
    for seconds, part in ((attack, slice(None)), (release, slice(None, None, -1))):
        n = min(len(sound), int(seconds * RATE))
        if n:
            sound[part][:n] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(n, dtype=np.float32) / n)
    return sound.astype(np.float32, copy=False)


def band(sound: np.ndarray, low: float = 0.0, high: float = RATE) -> np.ndarray:
    """`sound` between two frequencies in Hz, float32 [n]: second-order slopes, no phase shift."""
    size = fft_size(len(sound) + 255)
    hz = np.fft.rfftfreq(size, 1 / RATE).astype(np.float32) + 1e-3
    gain = 1 / np.sqrt((1 + (low / hz) ** 4) * (1 + (hz / high) ** 4))
    return np.fft.irfft(np.fft.rfft(sound, size) * gain, size)[:len(sound)].astype(np.float32)


def fft_size(n: int) -> int:
    """A length of at least `n` for which the Fourier transform is quick: 5, 6, 7 or 8 times a power of two."""
    power = 1 << max(0, n.bit_length() - 3)
    return -(-n // power) * power


def noise(rng: np.random.Generator, seconds: float, low: float, high: float, decay: float = 0.0) -> np.ndarray:
    """Noise between two frequencies, fading at `decay` per second."""
    n = max(1, int(seconds * RATE))
    sound = band(rng.standard_normal(n).astype(np.float32), low, high)
    return shaped(sound * np.exp(-decay * np.arange(n, dtype=np.float32) / RATE), 0.001, 0.01)


def wavering(sound: np.ndarray, cents: float, hz: float, phase: float = 0.0) -> np.ndarray:
    """`sound` with vibrato of `cents` at `hz`, by reading it at an uneven pace."""
    n = np.arange(len(sound))
    depth = (2 ** (cents / 1200) - 1) * RATE / (2 * np.pi * hz)
    return np.interp(n + depth * np.sin(2 * np.pi * hz * n / RATE + phase), n, sound).astype(np.float32)


def harmonics(hz: float, top: float) -> np.ndarray:
    """The numbers 1, 2, ... of the harmonics of `hz` below `top` Hz."""
    return np.arange(1, max(2, int(min(top, 0.45 * RATE) / hz) + 1))


def saw(rng: np.random.Generator, hz: float, seconds: float, *, top: float = 9000, cents: float = 0.0,
        slope: float = 1.0, decay: float = 0.0, closing: float = 0.0) -> np.ndarray:
    """A sawtooth of three strands detuned by `cents`; `closing` fades each harmonic faster than the one below it."""
    h = harmonics(hz, top)
    strands = 2 ** (np.array([-cents, 0.0, cents]) / 1200) if cents else np.ones(1)
    amp = np.tile(h ** -slope / (1 + (h * hz / top) ** 4), len(strands))
    fade = np.tile(decay + closing * h, len(strands))
    return partials((strands[:, None] * h * hz).ravel(), amp, fade, seconds, rng if cents else None)


def pulse(hz: float, seconds: float, duty: float) -> np.ndarray:
    """The square wave of old game machines, `duty` of each period high, without aliasing."""
    h = harmonics(hz, 14000)
    return shaped(partials(h * hz, np.sin(np.pi * h * duty) / h, 0.0, seconds), 0.002, 0.006)


def triangle(hz: float, seconds: float) -> np.ndarray:
    """The triangle wave that carries the bass of old game machines."""
    h = harmonics(hz, 8000)[::2]
    return shaped(partials(h * hz, (-1.0) ** (h // 2) / h ** 2, 0.0, seconds), 0.002, 0.01)


def pluck(rng: np.random.Generator, hz: float, seconds: float, *, soft: float = 3000) -> np.ndarray:
    """A plucked string: Karplus-Strong (1983), solved instead of iterated.

    Its loop multiplies harmonic h by cos(pi h hz / RATE) once per period (Jaffe and Smith 1983), so the note is a
    sum of partials that decay at -hz * ln cos(pi h hz / RATE); here half of that, and in tune at any pitch.
    """
    h = harmonics(hz, 9000)
    comb = np.abs(np.sin(np.pi * h * rng.uniform(0.13, 0.21)))  # where along the string the finger stands
    amp = comb * rng.uniform(0.6, 1.0, len(h)) / h ** 0.7 / (1 + (h * hz / soft) ** 2)
    decay = 1.0 + 0.003 * hz - 0.5 * hz * np.log(np.cos(np.pi * h * hz / RATE))
    return shaped(partials(h * hz, amp, decay, seconds, rng), 0.001, 0.08)


def piano(rng: np.random.Generator, hz: float, seconds: float, force: float = 0.7) -> np.ndarray:
    """A struck string: stiff (its partials are sharp), two strands, brighter when struck with more `force` (0..1)."""
    h = np.arange(1, max(4, min(24, int(8000 / hz))))
    stiff = h * hz * np.sqrt(1 + 4e-4 * h ** 2)
    amp = np.abs(np.sin(np.pi * h / 8.3)) * np.exp(-h * (1.1 - force) * hz / 900) / h ** 0.9
    decay = 0.7 + hz / 500 + 0.35 * h
    two = np.concatenate([stiff, stiff * 1.0006])
    sound = partials(two, np.tile(amp, 2), np.concatenate([decay, 0.5 * decay]), seconds, rng)
    knock = noise(rng, 0.03, 150, 2500, 120)
    sound = shaped(sound, 0.002, 0.12)
    sound[:len(knock)] += 0.08 * force * knock[:len(sound)]
    return sound


def bell(rng: np.random.Generator, hz: float, seconds: float) -> np.ndarray:
    """A glassy bell: inharmonic partials, the high ones gone soon."""
    ratio = np.array([0.5, 1.0, 2.0, 2.76, 4.07, 5.4])
    return shaped(partials(ratio * hz, np.array([0.25, 1, 0.4, 0.3, 0.15, 0.1]), 0.9 + 0.7 * ratio, seconds, rng),
                  0.006, 0.4)


def pad(rng: np.random.Generator, hz: float, seconds: float, slope: float) -> np.ndarray:
    """A slow soft chord tone of three detuned strands; the `slope` of its harmonics says how dark."""
    sound = saw(rng, hz, seconds, top=4000, cents=7, slope=slope)
    return shaped(sound, 0.4 * seconds, 0.5 * seconds)


def voices(rng: np.random.Generator, hz: float, seconds: float, vowel: str) -> np.ndarray:
    """A handful of singers on one note and one vowel, each a little beside the pitch and with vibrato of their own."""
    h = harmonics(hz, 5000)
    colour = 0.02 + 0.5 * np.exp(-(h * hz / 260) ** 2)  # chest, below the formants
    for centre, gain in VOWELS[vowel]:
        colour += gain * np.exp(-((h * hz - centre) / (0.16 * centre + 60)) ** 2)
    sound = 0.0
    for _ in range(2):
        singers = 2 ** (rng.normal(0, 5, 2) / 1200)
        strands = partials((singers[:, None] * h * hz).ravel(), np.tile(colour * h ** -0.6, 2), 0.0, seconds, rng)
        sound = sound + wavering(strands, rng.uniform(12, 22), rng.uniform(4.6, 5.8), rng.uniform(0, 6))
    return shaped(sound, min(0.18, 0.3 * seconds), min(0.35, 0.4 * seconds))


def kick(seconds: float = 0.4, *, top: float = 160, bottom: float = 48, decay: float = 9.0) -> np.ndarray:
    """A drum whose pitch falls from `top` to `bottom` Hz within some 30 ms."""
    t = np.arange(int(seconds * RATE)) / RATE
    phase = bottom * t + (top - bottom) * 0.03 * (1 - np.exp(-t / 0.03))
    return shaped(np.sin(2 * np.pi * phase) * np.exp(-decay * t), 0.001, 0.03)


def snare(rng: np.random.Generator, *, tone: float = 190, decay: float = 18.0) -> np.ndarray:
    """A drum skin and its wires."""
    wires = noise(rng, 0.3, 900, 9000, decay)
    return shaped(wires + 0.6 * kick(0.3, top=1.6 * tone, bottom=tone, decay=28), 0.001, 0.02)
