"""Moving pictures out of rules: drawn shapes that dance, Conway's game of life, a fall into a fractal, ink in water.

Each yields `count` frames, uint8 [240, 320, 3], from its own draws.
"""

import math
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw

from flaskr.demo.frames.nature import HEIGHT, WIDTH, shown
from flaskr.demo.pictures.paint import colours, noise, ramp

PALETTES = ("f4f1de e07a5f 3d405b 81b29a f2cc8f", "fff8e8 ffb703 fb8500 219ebc 023047")
LIVES = ("06110a 0f3d2a 52b788 d8f3dc", "0b0b12 5a189a f72585 ffe5ec")
ZOOMS = ("-0.743643887 0.131825904|08142b 1f4e8c f2e9d0 f08a4b 3a0d2e 08142b",
         "-0.7453 0.1127|120818 7a2e8a ff7eb6 fff0d0 0a3040 120818")
INKS = ("10081f 5a1f8a e85d9a ffe3c2", "0a1a20 a4402f f4a259 fdf3dd")
CELL = 4  # pixels of a cell of the game of life


def shapes(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """Polygons and circles in flat colours that turn, swing and breathe to a beat."""
    inks = [tuple(round(255 * float(part)) for part in colour) for colour in colours(PALETTES[turn % 2])]
    pieces = [(rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9), rng.uniform(36, 92), int(rng.choice((3, 4, 4, 6, 40))),
               rng.choice((-1, 1)) * rng.uniform(0.02, 0.07), rng.uniform(0, 6), inks[1 + rng.integers(4)]) for _ in range(9)]
    for step in range(count):
        image = Image.new("RGB", (WIDTH * 2, HEIGHT * 2), inks[0])
        pen, beat = ImageDraw.Draw(image), abs(math.sin(step * math.pi / 12.5))
        for x, y, size, corners, speed, phase, ink in pieces:
            across = WIDTH * 2 * (x + 0.06 * math.sin(step * 0.06 + phase))
            down = HEIGHT * 2 * (y + 0.06 * math.cos(step * 0.05 + phase))
            reach, turned = size * (1.1 + 0.35 * beat), step * speed + phase
            angles = [turned + 2 * math.pi * at / corners for at in range(corners)]
            pen.polygon([(across + reach * math.cos(angle), down + reach * math.sin(angle)) for angle in angles], fill=ink)
        yield np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


def life(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """Conway's game of life on a ring (Gardner, Scientific American, October 1970); cells glow on when they die."""
    stops = colours(LIVES[turn % 2])
    alive = rng.random((HEIGHT // CELL, WIDTH // CELL)) < 0.28
    warm = alive.astype(np.float32)
    for step in range(count):
        if step % 3 == 0:
            around = sum(np.roll(alive, (down, across), (0, 1)).astype(np.int8)
                         for down in (-1, 0, 1) for across in (-1, 0, 1) if (down, across) != (0, 0))
            alive = (around == 3) | (alive & (around == 2))
        warm = np.maximum(alive, warm * 0.93)
        large = np.kron(ramp(stops, warm * 0.75 + 0.25 * alive), np.ones((CELL, CELL, 1), np.float32))
        large[::CELL] *= 0.8
        large[:, ::CELL] *= 0.8
        yield shown(large)


def zooms(rng: np.random.Generator, turn: int, count: int, steps: int = 180) -> Iterator[np.ndarray]:
    """A fall into the Mandelbrot set, each frame 3 % nearer; its colours wander."""
    where, words = ZOOMS[turn % 2].split("|")
    middle, stops, start = complex(*map(float, where.split())), colours(words), rng.uniform(0.02, 0.05)
    across, down = np.linspace(-4 / 3, 4 / 3, WIDTH // 2), np.linspace(-1, 1, HEIGHT // 2)
    plane = (across[None, :] + 1j * down[:, None]).ravel()
    for step in range(count):
        c = middle + plane * start * 0.97 ** step * np.exp(0.008j * step)
        z, inside, left = np.zeros_like(c), np.arange(c.size), np.full(c.size, np.nan)
        for turned in range(steps):
            z = z * z + c
            far = z.real ** 2 + z.imag ** 2
            gone = far > 64
            left[inside[gone]] = turned + 1 - np.log2(np.log2(far[gone]) / 6)
            z, c, inside = z[~gone], c[~gone], inside[~gone]
        wheel = np.where(np.isnan(left), 0.0, (np.sqrt(np.maximum(left, 0)) * 0.28 + step * 0.006) % 1)
        frame = shown(ramp(stops, wheel.reshape(HEIGHT // 2, WIDTH // 2)))
        yield np.asarray(Image.fromarray(frame).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def ink(rng: np.random.Generator, turn: int, count: int) -> Iterator[np.ndarray]:
    """Noise that is bent by noise, as ink in water (domain warping: Quilez, 2002)."""
    stops, room = colours(INKS[turn % 2]), 2
    base, bend_x, bend_y = (noise(rng, WIDTH * room, HEIGHT * room, (5, 4), 4, 0.45) for _ in range(3))
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    for step in range(count):
        drift, sway = int(0.9 * step), 90 + 50 * math.sin(step * 0.045)
        x = (across + drift) % (WIDTH * room)
        y = (down + drift // 2) % (HEIGHT * room)
        left = (across + sway * bend_x[y, x] * 1.6).astype(int) % (WIDTH * room)
        low = (down + sway * bend_y[y, x] * 1.6 + step * 0.5).astype(int) % (HEIGHT * room)
        yield shown(ramp(stops, np.clip(base[low, left] * 1.15 - 0.05, 0, 1)))
