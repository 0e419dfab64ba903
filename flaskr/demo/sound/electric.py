"""The four loud styles of the demo library: techno, drum and bass, chiptune and metal."""

import numpy as np

from flaskr.demo.sound.instruments import (
    RATE,
    band,
    harmonics,
    kick,
    noise,
    pad,
    partials,
    pulse,
    saw,
    shaped,
    snare,
    triangle,
    wavering,
)
from flaskr.demo.sound.score import Score, Tape, compose


def techno(rng: np.random.Generator, seconds: float | None) -> Tape:
    """Four on the floor: a kick on each beat, hats between, a riff that closes its filter, all of it pumping."""
    score = compose(rng, bpm=(122, 138), modes="minor dorian phrygian", chords="0000 0005 0050 0003",
                    root=(33, 40), seconds=seconds)
    drums, tape = Tape(score.seconds), Tape(score.seconds)
    boom, shut, opened = kick(0.4, bottom=46), noise(rng, 0.06, 7000, 16000, 70), noise(rng, 0.2, 6000, 15000, 14)
    clap = noise(rng, 0.2, 800, 5000, 22)
    riff = [(int(rng.choice((0, 0, 7, 2, 4, 6))), rng.random()) for _ in range(16)]
    dense, closing = rng.uniform(0.35, 0.7), rng.uniform(0.5, 1.6)
    for bar in range(score.bars):
        chord = score.chord(bar)
        for step in range(16):
            at = bar * score.bar + step * score.beat / 4
            if step % 4 == 0:
                drums.play(boom, at, 1.0)
            if step % 8 == 4:
                drums.play(clap, at, 0.3, 0.1)
            drums.play(*((opened, at, 0.2) if step % 4 == 2 else (shut, at, rng.uniform(0.06, 0.14))), 0.2)
            if step % 4:
                bass = saw(rng, score.hz(chord), score.beat / 4, top=500, slope=1.4)
                tape.play(shaped(bass, 0.003, 0.03), at, 0.5)
            if bar and riff[step][1] < dense:
                stab = saw(rng, score.hz(chord + riff[step][0], 2), 0.3, top=6000, cents=9, decay=5, closing=closing)
                tape.play(shaped(stab, 0.002, 0.05), at, 0.4, rng.uniform(-0.5, 0.5))
    drums.play(boom, score.end, 1.0)
    for step in (0, 2, 4):
        last = saw(rng, score.hz(step, 2), 1.2, top=6000, cents=9, decay=3, closing=closing)
        tape.play(shaped(last, 0.002, 0.3), score.end, 0.3)
    tape.echo(rng, 1.2, 0.3)
    tape.duck(score.beat, 0.7)
    tape.sound += drums.sound
    return tape


def drum_and_bass(rng: np.random.Generator, seconds: float | None) -> Tape:
    """A broken beat at 170, ghost notes on the snare, a growling bass at half the speed, a pad far behind."""
    score = compose(rng, bpm=(166, 178), modes="minor dorian", chords="0053 0034 0506 0056", root=(29, 36),
                    seconds=seconds)
    tape = Tape(score.seconds)
    room = Tape(score.seconds)
    boom, crack, ghost = kick(0.25, bottom=58, decay=14), snare(rng), snare(rng, tone=230, decay=40)
    hat, ride = noise(rng, 0.05, 8000, 16000, 80), noise(rng, 0.25, 5000, 14000, 12)
    kicks = ((0, 10), (0, 2, 10), (0, 7, 10), (0, 10, 13))[rng.integers(4)]
    ghosts = [step for step in (1, 3, 6, 7, 9, 14, 15) if rng.random() < 0.45]
    for bar in range(score.bars):
        chord = score.chord(bar // 2)
        fill = bar % 4 == 3
        for step in range(16):
            at = bar * score.bar + (step + (0.12 if step % 2 else 0)) * score.beat / 4
            if step in kicks:
                tape.play(boom, at, 0.9)
            if step % 8 == 4 or (fill and step in (11, 14, 15)):
                tape.play(crack, at, 0.75)
            elif step in ghosts:
                tape.play(ghost, at, rng.uniform(0.12, 0.3), 0.1)
            if step % 2 == 0 or rng.random() < 0.4:
                tape.play(hat, at, rng.uniform(0.08, 0.2), -0.3)
            if step % 4 == 0:
                tape.play(ride, at, 0.12, 0.35)
        for start, length in ((0, 1.75), (2.5, 1.0)):
            tape.play(growl(rng, score, chord, length * score.beat), bar * score.bar + start * score.beat, 0.75)
        if bar % 2 == 0:
            for step in (0, 2, 4, 6):
                room.play(pad(rng, score.hz(chord + step, 2), 3 * score.bar, 1.6), bar * score.bar, 0.1,
                          rng.uniform(-0.9, 0.9))
    tape.play(boom, score.end, 0.9)
    tape.play(crack, score.end, 0.5)
    tape.play(growl(rng, score, 0, 1.4), score.end, 0.75)
    room.echo(rng, 2.0, 0.8)
    tape.sound += room.sound
    return tape


def growl(rng: np.random.Generator, score: Score, chord: int, seconds: float) -> np.ndarray:
    """A bass note of detuned saws over a pure low tone; brightness swells and falls as it lasts."""
    hz = score.hz(chord)
    bright = saw(rng, hz, seconds, top=1400, cents=14, slope=0.8)
    swell = np.sin(np.linspace(0, np.pi * rng.choice((1, 2, 3)), len(bright), dtype=np.float32)) ** 2
    low = partials(np.array([hz]), np.array([1.0]), 0.0, seconds)
    return shaped(low + 0.5 * bright * swell / np.abs(bright).max(), 0.01, 0.05)


def chiptune(rng: np.random.Generator, seconds: float | None) -> Tape:
    """A game machine of four voices: a running arpeggio and a tune on pulses, a triangle bass, noise for drums."""
    score = compose(rng, bpm=(132, 176), modes="major minor mixolydian", chords="0534 0345 0453 0543",
                    root=(45, 52), seconds=seconds)
    tape = Tape(score.seconds)
    duty, fast = rng.choice((0.125, 0.25, 0.5), 2), int(rng.choice((4, 6)))
    order = ((0, 2, 4, 7), (0, 4, 7, 4), (7, 4, 2, 0), (0, 7, 4, 9))[rng.integers(4)]
    tune = [(int(rng.choice((0, 2, 4, 4, 5, 7))), rng.random() < 0.65) for _ in range(16)]
    crunch = {True: crackle(rng, 0.12, 9), False: crackle(rng, 0.035, 2)}
    for bar in range(score.bars):
        chord, at = score.chord(bar), bar * score.bar
        for step in range(4 * fast):
            hz = score.hz(chord + order[step % 4], 1)
            tape.play(pulse(hz, score.beat / fast, duty[0]), at + step * score.beat / fast, 0.16, -0.25)
        for eighth in range(8):
            when = at + eighth * score.beat / 2
            tape.play(triangle(score.hz(chord, eighth % 2 - 1), 0.45 * score.beat), when, 0.5)
            tape.play(crunch[eighth % 4 == 2], when, 0.22)
            step, sounds = tune[eighth + 8 * (bar % 2)]
            if sounds:
                lead = wavering(pulse(score.hz(chord + step, 2), 0.47 * score.beat, duty[1]), 12, 6)
                tape.play(lead, when, 0.26, 0.25)
    tape.play(triangle(score.hz(0, -1), 0.8), score.end, 0.5)
    for step in range(12):
        tape.play(pulse(score.hz((0, 4, 7)[step % 3], 1), 0.07, duty[0]), score.end + 0.07 * step, 0.3)
    return tape


def crackle(rng: np.random.Generator, seconds: float, hold: int) -> np.ndarray:
    """Noise of one bit, each value held for some samples: the drum of a game machine."""
    n = int(seconds * RATE)
    bits = np.repeat(rng.choice((-1.0, 1.0), n // hold + 1), hold)[:n]
    return shaped(bits * np.linspace(1, 0, n) ** 2, 0.0, 0.002)


def metal(rng: np.random.Generator, seconds: float | None) -> Tape:
    """Two distorted guitars left and right on one riff of muted and open fifths, a bass, double kick, crashes."""
    score = compose(rng, bpm=(104, 152), modes="phrygian minor", chords="0010 0051 0056 0350", root=(28, 33),
                    seconds=seconds)
    tape, guitars = Tape(score.seconds), (Tape(score.seconds), Tape(score.seconds))
    boom, crack = kick(0.2, top=220, bottom=62, decay=18), snare(rng, tone=170, decay=13)
    crash, ride = noise(rng, 1.6, 3000, 14000, 2.5), noise(rng, 0.15, 5000, 15000, 20)
    gallop = ((0, 2, 3), (0, 1, 2, 3), (0, 2), (0, 3))[rng.integers(4)]
    for bar in range(score.bars):
        chord, at = score.chord(bar), bar * score.bar
        accents = {0, int(rng.choice((6, 8, 10, 12)))} if bar < score.bars - 1 else {0}
        tape.play(crash, at, 0.3 if bar % 2 == 0 else 0.0, 0.3)
        for step in range(16):
            when = at + step * score.beat / 4
            if step % 4 in gallop or step in accents:
                opened = step in accents
                degree = chord if opened else 0
                length = score.beat * (1.5 if opened else 0.25)
                for side in guitars:
                    note = fifths(rng, score.hz(degree, 1), length, 1.5 if opened else 11.0)
                    side.play(note, when + rng.uniform(0, 0.006), 1.0 if opened else 0.8)
                tape.play(shaped(saw(rng, score.hz(degree), length, top=900), 0.004, 0.04), when, 0.4)
                tape.play(boom, when, 0.75)
            if step % 8 == 4:
                tape.play(crack, when, 0.9)
            if step % 2 == 0:
                tape.play(ride, when, 0.1, 0.3)
    tape.play(boom, score.end, 0.75)
    tape.play(crash, score.end, 0.35)
    for side in guitars:
        side.play(fifths(rng, score.hz(0, 1), 1.5, 0.8), score.end)
    for side, pan in zip(guitars, (-0.8, 0.8), strict=True):
        amplified = np.tanh(9 * side.sound[:, 0])
        tape.play(band(amplified, 90, 4200), 0, 0.5, pan)
    tape.echo(rng, 0.6, 0.15)
    return tape


def fifths(rng: np.random.Generator, hz: float, seconds: float, decay: float) -> np.ndarray:
    """Root, fifth and octave of an electric guitar, before its amplifier; `decay` per second says how muted."""
    h = harmonics(hz, 4000)
    strings = np.array([1.0, 1.5, 2.0]) * 2 ** (rng.normal(0, 3, 3) / 1200)
    amp = np.tile(h ** -1.1, 3)
    sound = partials((strings[:, None] * h * hz).ravel(), amp, decay + 0.02 * decay * np.tile(h, 3), seconds, rng)
    return shaped(sound, 0.002, 0.02)
