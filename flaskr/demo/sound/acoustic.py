"""The four quiet styles of the demo library: ambient, piano waltz, folk guitar and choral."""

import numpy as np

from flaskr.demo.sound.instruments import bell, noise, pad, partials, piano, pluck, shaped, voices
from flaskr.demo.sound.score import Tape, compose


def ambient(rng: np.random.Generator, seconds: float | None) -> Tape:
    """Overlapping pads in wide chords, a breath of air, a bell now and then, a very large room."""
    score = compose(rng, bpm=(60, 80), modes="lydian major dorian", chords="0104 0414 0142 0241",
                    root=(48, 57), seconds=seconds)
    tape, slope = Tape(score.seconds), rng.uniform(1.5, 2.3)
    often = rng.uniform(0.12, 0.35)
    for bar in range(score.bars):
        at, chord = bar * score.bar, score.chord(bar)
        for step in (0, 4, 6, 9):
            sound = pad(rng, score.hz(chord + step), 1.7 * score.bar, slope)
            tape.play(sound, at - 0.3, 0.3, rng.uniform(-0.8, 0.8))
        low = score.hz(chord, -1)
        deep = partials(np.array([low, 2 * low]), np.array([1.0, 0.2]), 0.0, 1.4 * score.bar)
        tape.play(shaped(deep, 0.8, 1.5), at, 0.35)
        for beat in range(score.beats):
            if rng.random() < often:
                note = score.hz(chord + int(rng.choice((0, 1, 4, 7))), 1)
                tape.play(bell(rng, note, 3.5), at + beat * score.beat, 0.09, rng.uniform(-0.9, 0.9))
    air = noise(rng, score.seconds, 500, 2200)
    tape.play(air, 0, 0.012, -0.4)
    tape.echo(rng, 4.5, 0.9, dark=3500)
    return tape


def waltz(rng: np.random.Generator, seconds: float | None) -> Tape:
    """A piano in three: bass, chord, chord in the left hand, a singing line in the right."""
    score = compose(rng, bpm=(116, 168), modes="major minor", chords="0534 0354 0345 0543", root=(50, 57),
                    beats=3, seconds=seconds)
    tape, note = Tape(score.seconds), int(rng.choice((7, 9, 11)))
    dense = rng.uniform(0.15, 0.5)
    for bar in range(score.bars):
        chord, last = score.chord(bar), bar == score.bars - 1
        at = bar * score.bar + rng.normal(0, 0.008)
        tape.play(piano(rng, score.hz(chord, -1), 1.6 * score.bar, 0.6), at, 0.55, -0.35)
        for beat in () if last else (1, 2):
            for step in (0, 2, 4):
                when = at + beat * score.beat + rng.uniform(0, 0.012)
                tape.play(piano(rng, score.hz(chord + step), 0.9 * score.beat, 0.4), when, 0.2, -0.15)
        if last:
            tape.play(piano(rng, score.hz(7), 3, 0.6), at, 0.5, 0.2)
            break
        note = nearest(note + int(rng.integers(-2, 3)), chord, 5, 14)
        rhythm = rng.choice(3, p=[0.5, 0.5 - dense / 2, dense / 2])
        for beat, length in (((0, 3),), ((0, 2), (2, 1)), ((0, 1), (1, 1), (1.5, 0.5), (2, 1)))[rhythm]:
            force = rng.uniform(0.6, 0.9)
            sound = piano(rng, score.hz(note), length * score.beat + 0.4, force)
            tape.play(sound, at + beat * score.beat, 0.75 * force, 0.25)
            note = min(14, max(5, note + int(rng.choice((-1, 1)))))
    tape.echo(rng, 1.6, 0.3)
    return tape


def nearest(note: int, chord: int, low: int, high: int) -> int:
    """The degree of the triad on `chord` that is closest to `note`, from `low` to `high`."""
    tones = [degree for degree in range(low, high + 1) if (degree - chord) % 7 in (0, 2, 4)]
    return min(tones, key=lambda degree: abs(degree - note))


def folk(rng: np.random.Generator, seconds: float | None) -> Tape:
    """One steel-string guitar: the thumb alternates on two bass strings, the fingers answer between."""
    score = compose(rng, bpm=(84, 116), modes="major mixolydian dorian", chords="0403 0340 0314 0143",
                    root=(43, 48), seconds=seconds)
    tape, soft = Tape(score.seconds), rng.uniform(2000, 3800)
    strings = ((7, 9, 11), (9, 11, 14), (7, 11, 9))[rng.integers(3)]
    fingers = [None if rng.random() < 0.2 else int(rng.integers(3)) for _ in range(8)]
    for bar in range(score.bars):
        chord = score.chord(bar)
        if bar == score.bars - 1:
            for place, step in enumerate((0, 4, 7, 9, 11, 14)):
                tape.play(pluck(rng, score.hz(step), 4, soft=soft), bar * score.bar + 0.035 * place, 0.5, 0.1)
            break
        for eighth in range(8):
            at = bar * score.bar + eighth * score.beat / 2 + rng.normal(0, 0.006)
            if eighth % 2 == 0:
                bass = score.hz(chord + (0, 4)[eighth // 2 % 2])
                tape.play(pluck(rng, bass, 1.6, soft=0.6 * soft), at, 0.6, -0.2)
            if fingers[eighth] is not None:
                step = strings[fingers[eighth]] + int(rng.random() < 0.15)
                tape.play(pluck(rng, score.hz(chord + step), 1.8, soft=soft), at, rng.uniform(0.35, 0.6), 0.25)
    tape.echo(rng, 0.7, 0.22)
    return tape


def choral(rng: np.random.Generator, seconds: float | None) -> Tape:
    """A chorale for four parts, two chords to a bar, in a church; each part moves as little as it can."""
    score = compose(rng, bpm=(66, 84), modes="major minor dorian", chords="0340 0234 0432 0324",
                    root=(45, 52), seconds=seconds)
    tape, vowel = Tape(score.seconds), str(rng.choice(("ah", "oh", "oo")))
    parts = [4, 9, 14]
    reach = ((2, 8), (6, 12), (10, 17))
    for half in range(2 * score.bars):
        bar, second = divmod(half, 2)
        chord, final = score.chord(bar), bar == score.bars - 1
        if final and second:
            break
        if second and rng.random() < 0.6:
            chord = int(rng.choice([degree for degree in (0, 3, 4) if degree != chord]))
        length = score.bar * (1.2 if final else 0.56)
        parts = [nearest(part + int(rng.integers(-1, 2)), chord, low, high)
                 for part, (low, high) in zip(parts, reach, strict=True)]
        for part, degree in enumerate([chord - 7 * (chord > 3), *parts]):
            sound = voices(rng, score.hz(degree), length, vowel)
            tape.play(sound, half * score.bar / 2, (0.42, 0.3, 0.3, 0.38)[part], 0.5 - part / 3)
    tape.echo(rng, 2.8, 0.65, dark=4000)
    return tape
